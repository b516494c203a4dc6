"""Journals and events for the tests."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from cockpit.domain.clock import ManualClock
from cockpit.domain.events import Event, Kind, NewEvent
from cockpit.journal.log import Journal

START = datetime(2026, 11, 21, 2, 14, tzinfo=UTC)


def opening(title: str = "answers leak orders") -> NewEvent:
    """The first event of a drill."""
    payload = {"mode": "drill", "title": title, "scenario": "injection-leak", "seed": 7}
    return NewEvent(Kind.INCIDENT_OPENED, START, "cockpit", payload=payload)


def note(text: str, actor: str = "ada") -> NewEvent:
    """A note by a responder."""
    return NewEvent(Kind.NOTED, START, actor, payload={"text": text})


def open_journal(path: Path, *, read_only: bool = False) -> Journal:
    """Open with a clock that stands still."""
    return Journal.open(path, clock=ManualClock(START), read_only=read_only)


def filled(path: Path, notes: int) -> list[Event]:
    """Make a journal with one incident, its opening and so many notes, each a commit of its own; close it."""
    with closing(open_journal(path)) as journal:
        incident = journal.open_incident([opening()])
        for number in range(notes):
            journal.append(incident, [note(f"note {number}")], expected_seq=number + 1)
        return journal.events(incident)


@contextmanager
def raw(path: Path, *, guarded: bool = True) -> Iterator[sqlite3.Connection]:
    """Open the database behind the journal's back; not guarded means that the triggers are dropped first."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        if not guarded:
            for trigger in ("event_never_updated", "event_never_deleted", "event_in_order"):
                connection.execute(f"DROP TRIGGER {trigger}")
        yield connection


def dump(path: Path) -> Sequence[tuple[object, ...]]:
    """Return every row as stored."""
    with raw(path) as connection:
        connection.text_factory = lambda content: content.decode("utf-8", "backslashreplace")
        return connection.execute("SELECT * FROM event ORDER BY incident, seq").fetchall()
