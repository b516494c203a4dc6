"""A team's own folder: chosen in the settings, before what is shipped, looked through with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.playbooks import own
from cockpit.playbooks.checking import check_folder
from cockpit.playbooks.journalled import playbook_of
from cockpit.playbooks.loader import SHIPPED, load_playbook, profile_names, profile_text
from tests.cli.command import Cli
from tests.domain.lines import opened

CLOCK = """clocks:
  - id: house_rule
    title: House rule
    anchor: a leak is suspected
    who: us
    duties: [{what: tell the board, hours: 4}]
    source: our handbook
    checked: 2026-11-01
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "ours"
    (made / "profiles").mkdir(parents=True)
    (made / "clocks.yaml").write_text(CLOCK, encoding="utf-8")
    text = (
        profile_text("default")
        .replace("name: default", "name: ours")
        .replace("postmortem_due: 48h", "postmortem_due: 24h")
    )
    (made / "profiles" / "ours.yaml").write_text(text, encoding="utf-8")
    return made


def test_what_is_set_comes_before_what_is_shipped_while_it_is_set(folder: Path) -> None:
    with own.found_in(lambda: folder):
        assert [one.id for one in load_playbook().clocks] == ["house_rule"]
        assert load_playbook("ours").profile.postmortem_due_s == 24 * 3600
        assert "ours" in profile_names()
        assert [one.id for one in playbook_of(opened(profile="default").events[0]).clocks] == ["house_rule"]
        assert len(load_playbook(folder=SHIPPED).clocks) > 1
    assert "ours" not in profile_names()
    assert len(load_playbook().clocks) > 1


def test_the_settings_choose_it_for_every_command(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COCKPIT_PLAYBOOKS", str(folder))
    assert (
        cli("drill", "injection-leak", "--headless", "--policy", "nothing", "--profile", "ours", "--json").code == 0
    )
    told = cli("clocks", "INC-0001", "--json").json
    assert [one["clock"] for one in told["not_started"]] == ["house_rule"]
    assert "ours" in {one["name"] for one in cli("profile", "list", "--json").json}
    assert cli("profile", "lint").code == 0


def test_a_relative_path_begins_beside_the_settings(
    cli: Cli, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config" / "cockpit"
    config.mkdir(parents=True)
    folder.rename(config / "book")
    (config / "cockpit.toml").write_text('playbooks = "book"\n')
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert "ours" in cli("profile", "list").out


def test_a_folder_that_is_not_there_is_told_where_it_is_needed(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COCKPIT_PLAYBOOKS", "/nowhere/at/all")
    answer = cli("profile", "list")
    assert answer.code == 2
    assert "/nowhere/at/all, is not there" in answer.err
    assert cli("actions").code == 0


def test_a_wrong_file_is_told_with_its_line(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "clocks.yaml").write_text(CLOCK.replace("hours: 4", "hors: 4"), encoding="utf-8")
    answer = cli("profile", "lint", str(folder))
    assert answer.code == 2
    assert "clocks.yaml:6: unknown field 'hors'" in answer.err
    monkeypatch.setenv("COCKPIT_PLAYBOOKS", str(folder))
    refused = cli("drill", "injection-leak", "--headless", "--policy", "nothing")
    assert refused.code == 2
    assert "clocks.yaml:6" in refused.err


def test_a_file_that_is_none_of_a_playbook_is_named(folder: Path) -> None:
    (folder / "clock.yaml").write_text("", encoding="utf-8")
    (folder / "README.md").write_text("ours", encoding="utf-8")
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("", encoding="utf-8")
    (folder / "profiles" / "other.yaml").write_text(profile_text("s0"), encoding="utf-8")
    problems = {one.file.name: one.problem for one in check_folder(folder) if one.problem}
    assert set(problems) == {"clock.yaml", "other.yaml"}
    assert "did you mean 'clocks.yaml'" in problems["clock.yaml"]
    assert "calls itself 's0'" in problems["other.yaml"]


def test_profiles_are_told_apart(cli: Cli) -> None:
    answer = cli("profile", "diff", "s0", "s4")
    assert answer.code == 1
    assert "scale: SEV1 SEV2 SEV3 → S1 S2 S3" in answer.out
    assert cli("profile", "diff", "s0", "s0").code == 0
    assert cli("profile", "diff", "s0", "s5").code == 2


def test_without_a_folder_there_is_nothing_to_look_through(cli: Cli, tmp_path: Path) -> None:
    assert cli("profile", "lint").code == 2
    assert "holds no file" in cli("profile", "lint", str(tmp_path)).out
