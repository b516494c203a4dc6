"""Exactly one commands: fifty processes race on one file, and on one PostgreSQL database."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.domain.clock import WallClock
from cockpit.domain.events import Event, Kind, NewEvent
from cockpit.journal.log import Journal
from tests.journal.making import START, opening
from tests.journal.servers import server
from tests.live.race import at_once, commanders, race, scramble
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


@pytest.mark.integration
@pytest.mark.timeout(400)
def test_whatever_fifty_processes_wish_about_command_at_once_exactly_one_has_it_at_every_line(tmp_path: Path) -> None:
    outcome = scramble(lambda _: Journal.open(tmp_path / "journal.db", clock=WallClock()), RACERS)
    assert (outcome.broken, outcome.least, outcome.most) == ((), 1, 1)
    assert outcome.fine
    assert {"role_taken", "role_offered"} <= set(outcome.changed)


def test_the_judge_of_the_race_sees_two_who_command_at_once(tmp_path: Path) -> None:
    taken = [NewEvent(Kind.ROLE_TAKEN, START, who, payload={"role": "ic"}) for who in ("ada", "bo")]
    handed = NewEvent(Kind.ROLE_ACCEPTED, START, "cy", payload={"role": "ic", "giver": "ada"})
    assert at_once(recorded(tmp_path / "one.db", [*taken, handed])) == 2
    assert at_once(recorded(tmp_path / "two.db", [taken[0], handed])) == 1


def test_the_judge_sees_a_moment_without_anybody_and_one_line_that_ends_and_begins(tmp_path: Path) -> None:
    taken = NewEvent(Kind.ROLE_TAKEN, START, "ada", payload={"role": "ic"})
    over = NewEvent(Kind.ROLE_TAKEN, START, "bo", payload={"role": "ic", "giver": "ada", "reason": "gone"})
    left = NewEvent(Kind.ROLE_RELEASED, START, "bo", payload={"role": "ic"})
    assert commanders(recorded(tmp_path / "one.db", [taken, over])) == [1, 1]
    assert commanders(recorded(tmp_path / "two.db", [taken, over, left])) == [1, 1, 0]


def recorded(path: Path, events: list[NewEvent]) -> list[Event]:
    """Return events as a journal gives them back."""
    journal = Journal.open(path, clock=WallClock())
    journal.append("INC-1", [opening(), *events], expected_seq=0)
    found = journal.events("INC-1")
    journal.close()
    return found
