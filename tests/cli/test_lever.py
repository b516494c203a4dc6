"""`cockpit open`, `lever`, `changes`, `adapters` without a screen, on a toy system."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cockpit.cli import run
from cockpit.world import registry
from tests.live.brisk import _brisk as _brisk
from tests.live.toys import changing, load, make_system, serving

Cockpit = Callable[..., tuple[int, Any]]


@pytest.fixture
def system(tmp_path: Path) -> Path:
    """Return the file of a fresh system."""
    return make_system(tmp_path / "toy.json", flag_answers=True, prompt_support="v3", share_answers=100.0)


@pytest.fixture
def cockpit(
    tmp_path: Path, system: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Cockpit]:
    """Run a command with --json and return its code and what it printed."""
    monkeypatch.setitem(registry.BUILT_IN, "toy", "tests.live.toys:ToyAdapter")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    with serving(system) as url:
        folder = tmp_path / "config" / "cockpit"
        folder.mkdir(parents=True)
        (folder / "cockpit.toml").write_text(
            f'[systems.toy]\nadapter = "toy"\nfile = "{system}"\n'
            '[levers.kill_switch]\nsystem = "toy"\ncontrol = "flag:answers"\n'
            '[levers.revert_prompt]\nsystem = "toy"\ncontrol = "prompt:support"\npeople = 2\n'
            f'[probes.chat]\nurl = "{url}"\n'
        )

        def call(*arguments: str) -> tuple[int, Any]:
            code = run([*arguments, "--json", "--data", str(tmp_path / "data")])
            out = capsys.readouterr().out
            return code, json.loads(out) if out.strip() else None

        yield call


def test_listed_with_their_values_now(cockpit: Cockpit) -> None:
    code, rows = cockpit("lever", "list")
    assert code == 0
    assert [(row["lever"], row["now"]) for row in rows] == [("kill_switch", "on"), ("revert_prompt", "v3")]


def test_a_plan_pulls_nothing(cockpit: Cockpit, system: Path) -> None:
    code, plan = cockpit("lever", "plan", "kill_switch")
    assert (code, plan["current"], plan["target"]) == (0, "on", "off")
    assert cockpit("lever", "plan", "revert_prompt", "--target", "v3")[0] == 1
    assert load(system)["applied"] == 0


def test_pulled_proven_owed_and_undone(cockpit: Cockpit, system: Path) -> None:
    assert cockpit("open", "answers are wrong")[1] == {"incident": "INC-0001"}
    assert cockpit("lever", "prove", "kill_switch")[0] == 0
    code, told = cockpit("lever", "pull", "kill_switch", "--yes", "--wait", "60")
    assert (code, told["stage"], told["stored"], told["observed"]["proven"]) == (0, "proven", True, True)
    assert [row["lever"] for row in cockpit("lever", "debt")[1]] == ["kill_switch"]
    assert cockpit("lever", "pull", "kill_switch", "--yes")[0] == 1
    assert cockpit("lever", "undo", "kill_switch", "--yes")[0] == 0
    assert load(system)["values"]["flag:answers"] is True
    assert cockpit("lever", "debt")[1] == []


def test_without_yes_nothing_is_pulled(cockpit: Cockpit, system: Path) -> None:
    cockpit("open", "answers are wrong")
    assert cockpit("lever", "pull", "kill_switch")[0] == 2
    assert load(system)["applied"] == 0


def test_two_persons_pull_what_takes_two(cockpit: Cockpit, system: Path) -> None:
    cockpit("open", "answers are wrong", "--as", "ada")
    assert cockpit("lever", "pull", "revert_prompt", "--yes", "--as", "ada")[1]["stage"] == "proposed"
    assert cockpit("lever", "approve", "revert_prompt", "--yes", "--as", "ada")[0] == 1
    assert load(system)["applied"] == 0
    assert cockpit("lever", "approve", "revert_prompt", "--yes", "--as", "bo")[0] == 0
    assert load(system)["values"]["prompt:support"] == "v2"


def test_nobody_can_tell_is_an_exit_code_of_its_own(cockpit: Cockpit, system: Path, tmp_path: Path) -> None:
    settings = tmp_path / "config" / "cockpit" / "cockpit.toml"
    settings.write_text(
        settings.read_text().replace('adapter = "toy"\n', 'adapter = "toy"\nlies = true\ndeadline_s = 0.5\n')
    )
    cockpit("open", "answers are wrong")
    code, told = cockpit("lever", "pull", "kill_switch", "--yes")
    assert (code, told["stage"]) == (3, "unknown")


def test_a_system_that_is_gone_is_one_line(cockpit: Cockpit, system: Path) -> None:
    system.unlink()
    code, rows = cockpit("lever", "list")
    assert code == 1
    assert all(row["problem"] for row in rows)


def test_what_changed_elsewhere_and_what_can_be_spoken_to(cockpit: Cockpit, system: Path) -> None:
    with changing(system) as state:
        state["version"] += 1
    assert cockpit("changes", "--since", "2h") == (0, [])
    assert cockpit("changes", "--since", "yesterday-ish")[0] == 2
    _, adapters = cockpit("adapters")
    assert {"unleash", "litellm", "toy"} <= {one["name"] for one in adapters}


def test_a_drill_is_no_live_incident(cockpit: Cockpit) -> None:
    cockpit("drill", "injection-leak", "--headless", "--policy", "nothing")
    assert cockpit("lever", "pull", "kill_switch", "--yes", "--incident", "INC-0001")[0] == 2
    assert cockpit("lever", "pull", "kill_switch", "--yes")[0] == 2
