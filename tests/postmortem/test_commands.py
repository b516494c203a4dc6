"""`cockpit postmortem`, `action` and `actions-due` on a drill that was played and on a real incident."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from cockpit.domain.clock import ManualClock, WallClock
from cockpit.domain.events import Kind, NewEvent
from cockpit.journal.log import Journal
from tests.cli.command import Cli
from tests.golden.nights import copied

INCIDENT = "INC-0001"

pytestmark = pytest.mark.xdist_group("golden")


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Cli(capsys, tmp_path / "data")


@pytest.fixture
def drilled(cli: Cli) -> Cli:
    copied(cli.data)
    return cli


def kinds(cli: Cli) -> list[str]:
    return [line["kind"] for line in cli("log", "show", INCIDENT, "--json").json]


def over(cli: Cli, days: int) -> None:
    """Write a real incident whose all-clear was some days ago."""
    then = WallClock().now() - timedelta(days=days)
    cli.data.mkdir()
    journal = Journal.open(cli.data / "journal.db", clock=ManualClock(then))
    journal.open_incident([NewEvent(Kind.INCIDENT_OPENED, then, "ada", payload={"mode": "live", "title": "Leak"})])
    told = [
        NewEvent(Kind.ROLE_TAKEN, then, "ada", payload={"role": "ic"}),
        NewEvent(Kind.NOTED, then, "ada", payload={"text": "jo@example.org called"}),
        NewEvent(Kind.ALL_CLEAR_GIVEN, then, "ada"),
    ]
    journal.append(INCIDENT, told, expected_seq=1)
    journal.close()


def test_it_is_printed_and_written_and_drawn(drilled: Cli, tmp_path: Path) -> None:
    printed = drilled("postmortem", INCIDENT)
    assert printed.code == 0
    assert printed.out.startswith("# Postmortem INC-0001")
    assert "cockpit:section" not in printed.out
    assert drilled("postmortem", INCIDENT, "--format", "html", "-o", str(tmp_path / "pm.html")).code == 0
    page = (tmp_path / "pm.html").read_text("utf-8")
    assert "<svg" in page
    assert "<script" not in page
    assert kinds(drilled).count("postmortem_drafted") == 1


def test_an_editor_s_work_is_kept(drilled: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", "sed -i 's/^## Impact/Counted by hand: 3.\\n\\n## Impact/'")
    assert "Counted by hand: 3." in drilled("postmortem", INCIDENT, "--edit", "--as", "bob").out
    assert "Counted by hand: 3." in drilled("postmortem", INCIDENT).out
    assert "postmortem_edited" in kinds(drilled)


@pytest.mark.parametrize("editor", ["", "false", "no-such-editor-anywhere", "'"])
def test_an_editor_that_fails_changes_nothing(drilled: Cli, monkeypatch: pytest.MonkeyPatch, editor: str) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", editor)
    assert drilled("postmortem", INCIDENT, "--edit").code == 2
    assert "postmortem_edited" not in kinds(drilled)


def test_signing_adds_it_to_the_score_and_ends_its_being_due(drilled: Cli) -> None:
    assert drilled("score", INCIDENT, "--json").json["parts"]["learn"] is None
    assert "postmortem" in [row["item"] for row in drilled("actions-due", "--json").json]
    drilled("postmortem", INCIDENT, "--done")
    score = drilled("score", INCIDENT, "--json").json
    assert 0 < score["parts"]["learn"] <= 1
    assert score["times"]["postmortem_done"] is not None
    assert "postmortem" not in [row["item"] for row in drilled("actions-due", "--json").json]


def test_a_script_gets_the_document_with_what_the_lint_finds(drilled: Cli, tmp_path: Path) -> None:
    told = drilled("postmortem", INCIDENT, "--json").json
    assert told["text"].startswith(f"# Postmortem {INCIDENT}")
    assert (told["incident"], told["format"]) == (INCIDENT, "md")
    assert {one["kind"] for one in told["findings"]} <= {"blame", "gap", "missing", "open", "conflict"}
    file = tmp_path / "pm.html"
    assert drilled("postmortem", INCIDENT, "--format", "html", "-o", str(file), "--json").json["file"] == str(file)
    assert file.is_file()


def test_personal_data_leaves_only_when_somebody_says_so(cli: Cli) -> None:
    over(cli, 1)
    assert "jo@example.org" not in cli("postmortem", INCIDENT).out
    assert "postmortem_exported" not in kinds(cli)
    assert "jo@example.org" in cli("postmortem", INCIDENT, "--raw", "--as", "bob").out
    told = cli("log", "show", INCIDENT, "--json").json[-1]
    assert (told["kind"], told["actor"], told["payload"]["raw"]) == ("postmortem_exported", "bob", True)


@pytest.mark.parametrize(("days", "late"), [(1, False), (5, True)])
def test_a_postmortem_is_late_after_48_hours(cli: Cli, days: int, late: bool) -> None:
    over(cli, days)
    row = next(one for one in cli("actions-due", "--json").json if one["item"] == "postmortem")
    assert row["overdue"] is late
    assert cli("status", INCIDENT, "--json").json["postmortem"] == ("overdue" if late else "due")


def test_items_are_added_changed_and_done(cli: Cli) -> None:
    over(cli, 1)
    cli("action", "add", INCIDENT, "--text", "Audit", "--owner", "data", "--due", "2030-01-01")
    assert cli("action", "add", INCIDENT, "--item", "A1", "--owner", "ml", "--json").json["text"] == "Audit"
    rows = {row["item"]: row for row in cli("actions-due", "--json").json}
    assert (rows["A1"]["owner"], rows["A1"]["due"]) == ("ml", "2030-01-01")
    assert cli("action", "done", INCIDENT, "A1").code == 0
    assert "A1" not in {row["item"] for row in cli("actions-due", "--json").json}


def test_the_lint_names_file_and_line_and_ends_with_1(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "pm.md"
    file.write_text("## Root cause\n\nBen forgot the filter.\n", "utf-8")
    said = cli("postmortem", "lint", str(file))
    assert said.code == 1
    assert f"{file}:3: blame: “Ben forgot”" in said.out
    found = cli("postmortem", "lint", str(file), "--json")
    assert {one["kind"] for one in json.loads(found.out)} == {"blame", "missing"}


@pytest.mark.parametrize(
    "wrong",
    [
        ("postmortem", "INC-0404"),
        ("postmortem", INCIDENT, "and", "more"),
        ("postmortem", INCIDENT, "-o", "."),
        ("postmortem", "lint", "no-such-file.md"),
        ("action", "add", INCIDENT, "--text", "x", "--due", "soon"),
        ("action", "add", INCIDENT),
        ("action", "done", INCIDENT, "A9"),
    ],
)
def test_what_can_t_be_used_is_said(cli: Cli, wrong: tuple[str, ...]) -> None:
    over(cli, 1)
    assert cli(*wrong).code == 2


def test_nothing_played_is_nothing_due(cli: Cli) -> None:
    assert cli("actions-due", "--json").json == []
