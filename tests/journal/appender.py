"""Append and print the number of each line once it is acknowledged, until killed.

Run: python -m tests.journal.appender DATABASE [SYNCHRONOUS]
"""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

from cockpit.domain.clock import WallClock
from cockpit.journal import engine, sqlite
from cockpit.journal.log import Journal
from tests.journal.making import note, opening


def append_forever(journal: Journal, incident: str, report: int) -> None:
    """Write every acknowledged seq to the file descriptor `report`."""
    with open(report, "w", buffering=1, encoding="ascii") as acknowledged:
        seq = journal.head(incident)[0]
        while True:
            seq = journal.append(incident, [note("x" * (seq % 700))], expected_seq=seq)[-1].seq
            acknowledged.write(f"{seq}\n")


def weaken(level: str) -> None:
    """Make every connection less synchronous than the journal asks for: what a careless change would do."""

    def durable(connection: sqlite3.Connection, path: Path, mode: sqlite.Mode) -> None:
        sqlite.make_durable(connection, path, mode)
        connection.execute(f"PRAGMA synchronous={level}")

    engine.__dict__["make_durable"] = durable


def main(path: Path, level: str) -> None:
    """Open, begin an incident, and append."""
    if level != "FULL":
        weaken(level)
    journal = Journal.open(path, clock=WallClock())
    append_forever(journal, journal.open_incident([opening()]), 1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "FULL")
