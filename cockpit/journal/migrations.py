"""Schema changes in order, each applied once and recorded in the table `migration`.

A released migration is never edited: a change of mind is a new one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, text

from cockpit.domain.clock import Clock
from cockpit.domain.events import iso
from cockpit.errors import JournalError

Migration = Callable[[Connection], None]
MIGRATIONS: list[Migration] = []


def migration(function: Migration) -> Migration:
    """Register the next schema change; its number is its place."""
    MIGRATIONS.append(function)
    return function


@migration
def m001_events(connection: Connection) -> None:
    """Make the table of events and the triggers that keep it append-only.

    The insert trigger also demands that pk and hash are new: `INSERT OR REPLACE` deletes the row in its way
    without firing delete triggers, so it must never come that far.
    """
    for statement in _EVENTS:
        connection.exec_driver_sql(statement)


_EVENTS = (
    """
    CREATE TABLE event (
        incident TEXT NOT NULL,
        seq INTEGER NOT NULL CHECK (seq > 0),
        at TEXT NOT NULL,
        recorded_at TEXT NOT NULL,
        actor TEXT NOT NULL,
        source TEXT NOT NULL,
        kind TEXT NOT NULL,
        payload TEXT NOT NULL,
        prev TEXT NOT NULL,
        hash TEXT NOT NULL UNIQUE,
        PRIMARY KEY (incident, seq)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TRIGGER event_never_updated BEFORE UPDATE ON event BEGIN
        SELECT RAISE(ABORT, 'the journal is append-only');
    END
    """,
    """
    CREATE TRIGGER event_never_deleted BEFORE DELETE ON event BEGIN
        SELECT RAISE(ABORT, 'the journal is append-only');
    END
    """,
    """
    CREATE TRIGGER event_in_order BEFORE INSERT ON event BEGIN
        SELECT RAISE(ABORT, 'not the next line of the incident')
        WHERE NEW.seq IS NOT (SELECT COALESCE(MAX(seq), 0) + 1 FROM event WHERE incident = NEW.incident);
        SELECT RAISE(ABORT, 'not chained to the line before')
        WHERE NEW.prev IS NOT COALESCE(
            (SELECT hash FROM event WHERE incident = NEW.incident AND seq = NEW.seq - 1),
            '0000000000000000000000000000000000000000000000000000000000000000'
        );
        SELECT RAISE(ABORT, 'the hash is taken')
        WHERE EXISTS (SELECT 1 FROM event WHERE hash = NEW.hash);
    END
    """,
)

_RECORD = """
CREATE TABLE IF NOT EXISTS migration (
    version INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    applied_at TEXT NOT NULL
)
"""
_STRICT = {"sqlite": " STRICT", "postgresql": ""}
_FIND_TABLE = {
    "sqlite": text("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = :n"),
    "postgresql": text("SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = :n"),
}


def applied(connection: Connection) -> int:
    """Return the number of the last migration the database has seen; 0 for a new one."""
    if not _has_table(connection, "migration"):
        return 0
    return int(connection.execute(text("SELECT COALESCE(MAX(version), 0) FROM migration")).scalar_one())


def _has_table(connection: Connection, name: str) -> bool:
    return connection.execute(_FIND_TABLE[connection.dialect.name], {"n": name}).first() is not None


def refuse_newer(connection: Connection, steps: Sequence[Migration] = MIGRATIONS) -> int:
    """Return the schema version, or raise JournalError when it is newer than this program knows."""
    version = applied(connection)
    if version > len(steps):
        raise JournalError(
            f"This journal has schema {version}; this cockpit knows up to {len(steps)}.",
            hint="It was written by a newer cockpit: update this one. Nothing was changed.",
        )
    return version


def migrate(connection: Connection, clock: Clock, steps: Sequence[Migration] = MIGRATIONS) -> None:
    """Bring the database up to date; the caller holds a write transaction, so racing processes wait."""
    version = refuse_newer(connection, steps)
    if version == len(steps):
        return
    connection.exec_driver_sql(_RECORD + _STRICT[connection.dialect.name])
    for number, step in enumerate(steps[version:], start=version + 1):
        step(connection)
        connection.execute(
            text("INSERT INTO migration (version, name, applied_at) VALUES (:v, :n, :t)"),
            {"v": number, "n": step.__name__, "t": iso(clock.now())},
        )
