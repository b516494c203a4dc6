"""`cockpit range --put-back`: what a killed drill left on staging is put back, and what stays is said."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cockpit.domain.clock import WallClock
from cockpit.domain.events import Kind, NewEvent, Source
from cockpit.journal.log import Journal
from cockpit.world import registry
from tests.cli.command import Cli
from tests.cli.toy_team import Team
from tests.live.toys import load, make_system

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
BACK = ("range", "--put-back", "--gateway", "toy")


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Team:
    """A staging system whose kill switch was pulled by a drill."""
    monkeypatch.setitem(registry.BUILT_IN, "toy", "tests.live.toys:ToyAdapter")
    file = make_system(tmp_path / "toy.json", flag_answers=False, prompt_support="v3", share_answers=100.0)
    found = Team(file, "http://127.0.0.1:9")
    found.tables["systems"]["toy"]["staging"] = True
    found.write()
    return found


def cut_off(cli: Cli, pulled: bool) -> None:
    """Write down a drill that pulled the kill switch and then said no more."""
    before = [{"system": "toy", "address": "flag:answers", "value": True, "shown": "on"}]
    intent = {"system": "toy", "address": "flag:answers", "value": pulled}
    events = [
        NewEvent(Kind.INCIDENT_OPENED, NOW, "ada", Source.SYSTEM, {"mode": "range", "gateway": "toy"}),
        NewEvent(Kind.RANGE_PREPARED, NOW, "cockpit", Source.SYSTEM, {"before": before, "start": []}),
        NewEvent(
            Kind.LEVER_PULLED, NOW, "ada", Source.PERSON, {"op": "op1", "lever": "kill_switch", "intent": intent}
        ),
    ]
    cli.data.mkdir(mode=0o700)
    journal = Journal.open(cli.data / "journal.db", clock=WallClock())
    journal.open_incident(events)
    journal.close()


def test_what_was_left_is_put_back_once(cli: Cli, team: Team) -> None:
    cut_off(cli, pulled=False)
    answer = cli(*BACK)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == "INC-0001 was cut off and had changed 1 value on staging: all as before now\n"
    assert load(team.file)["values"]["flag:answers"] is True
    assert cli(*BACK).out == "no drill on toy has left anything\n"


def test_what_stays_is_said_with_what_to_do_and_makes_the_exit_code(cli: Cli, team: Team) -> None:
    cut_off(cli, pulled=True)  # so that `off` is somebody else's
    answer = cli(*BACK)
    assert answer.code == 1
    assert "NOT PUT BACK: flag:answers on toy was on before: somebody else has set it to off" in answer.err
    assert "set flag:answers on toy to on by hand" in answer.err


def test_it_is_told_to_machines_as_well(cli: Cli, team: Team) -> None:
    cut_off(cli, pulled=False)
    assert cli(*BACK, "--json").json == [{"incident": "INC-0001", "changed": 1, "left": []}]


def test_a_system_that_is_not_staging_is_not_touched(cli: Cli, team: Team) -> None:
    cut_off(cli, pulled=False)
    team.tables["systems"]["toy"]["staging"] = False
    team.write()
    assert cli(*BACK).code == 2
    assert load(team.file)["values"]["flag:answers"] is False


def test_a_drill_needs_a_scenario(cli: Cli, team: Team) -> None:
    answer = cli("range", "--gateway", "toy")
    assert answer.code == 2
    assert "a drill needs a scenario" in answer.err
