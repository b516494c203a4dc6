"""Exactly one commands: fifty processes race on one file, and on one PostgreSQL database."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.domain.clock import WallClock
from cockpit.domain.events import Event, Kind, NewEvent
from cockpit.journal.log import Journal
from tests.journal.making import START, opening
from tests.journal.servers import server
from tests.live.race import at_once, race
from tests.systems.postgres_crash import CrashingPostgres

__all__ = ["server"]

RACERS = 50


@pytest.mark.integration
@pytest.mark.timeout(400)
def test_of_fifty_processes_on_one_file_one_commands_and_all_others_are_told(tmp_path: Path) -> None:
    outcome = race(lambda _: Journal.open(tmp_path / "journal.db", clock=WallClock()), RACERS)
    assert (outcome.took, outcome.refused, outcome.otherwise, outcome.most) == (1, RACERS - 1, (), 1)
    assert outcome.fine


@pytest.mark.integration
def test_of_fifty_hosts_on_one_database_one_commands_and_all_others_are_told(
    server: CrashingPostgres, tmp_path: Path
) -> None:
    url = server.database("race")
    outcome = race(lambda number: Journal.connect(url, tmp_path / f"{number}", clock=WallClock()), RACERS)
    assert (outcome.took, outcome.refused, outcome.otherwise, outcome.most) == (1, RACERS - 1, (), 1)
    assert outcome.fine


def test_the_judge_of_the_race_sees_two_who_command_at_once(tmp_path: Path) -> None:
    taken = [NewEvent(Kind.ROLE_TAKEN, START, who, payload={"role": "ic"}) for who in ("ada", "bo")]
    handed = NewEvent(Kind.ROLE_ACCEPTED, START, "cy", payload={"role": "ic", "giver": "ada"})
    assert at_once(recorded(tmp_path / "one.db", [*taken, handed])) == 2
    assert at_once(recorded(tmp_path / "two.db", [taken[0], handed])) == 1


def recorded(path: Path, events: list[NewEvent]) -> list[Event]:
    """Return events as a journal gives them back."""
    journal = Journal.open(path, clock=WallClock())
    journal.append("INC-1", [opening(), *events], expected_seq=0)
    found = journal.events("INC-1")
    journal.close()
    return found
