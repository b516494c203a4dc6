"""What a database fault means to the person who meets it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cockpit.errors import JournalConflict, JournalDamaged, JournalError, JournalReadOnly

FAULTS: tuple[type[Exception], ...] = (sqlite3.Error, UnicodeError, OSError)
"""Everything SQLite and the file system may raise; a damaged file also yields undecodable text."""

SPACE_HINT = "Free some space or make the folder writable, then try again. What was recorded is safe and readable."
DAMAGE_HINT = (
    "Nothing will be written to it. Keep a copy, run `cockpit log verify`, and start a fresh one with --data DIR."
)

_UNWRITABLE = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "the file or its folder is read-only",
    sqlite3.SQLITE_CANTOPEN: "the file or its folder can't be opened for writing",
    sqlite3.SQLITE_PERM: "the file may not be opened",
    sqlite3.SQLITE_IOERR: "the disk refuses to write",
}
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


@contextmanager
def explained(path: Path | str, faults: tuple[type[Exception], ...] = FAULTS) -> Iterator[None]:
    """Turn whatever the database raises inside into a JournalError with a next step."""
    try:
        yield
    except faults as fault:
        raise explain(fault, path) from fault


def explain(fault: BaseException, path: Path | str) -> JournalError:
    """Name a fault: what is wrong with which file, and what to do."""
    origin = getattr(fault, "orig", None) or fault
    if isinstance(origin, OSError):
        return JournalReadOnly(f"Can't write the journal {path}: {origin.strerror or origin}.", hint=SPACE_HINT)
    # The low byte is the primary result code; the rest says more than people need.
    code = getattr(origin, "sqlite_errorcode", 0) & 0xFF
    if code in _UNWRITABLE:
        return JournalReadOnly(f"Can't write the journal {path}: {_UNWRITABLE[code]}.", hint=SPACE_HINT)
    if code in _BUSY:
        return JournalError(
            f"Another process has held the journal {path} for more than 5 seconds.",
            hint="Close or resume the other cockpit, then try again.",
        )
    if code == sqlite3.SQLITE_CONSTRAINT:
        return JournalConflict(f"The journal refused a line: {origin}.", hint="Read the news and try again.")
    if isinstance(origin, sqlite3.DatabaseError | UnicodeError) and not isinstance(origin, sqlite3.ProgrammingError):
        return damaged(path, str(origin))
    return JournalError(f"The journal {path} could not be used: {origin}.", hint="Start the cockpit again.")


def damaged(path: Path | str, what: str) -> JournalDamaged:
    """Say that a file is damaged; `what` comes from SQLite and is kept short."""
    return JournalDamaged(f"The journal {path} is damaged ({what.splitlines()[0][:120]}).", hint=DAMAGE_HINT)


def is_damage(code: int) -> bool:
    """Whether an SQLite result code speaks of a damaged file."""
    return code & 0xFF in _DAMAGED


def is_busy(fault: BaseException) -> bool:
    """Whether another connection held the file for too long; reading it in another way would read half a write."""
    origin = getattr(fault, "orig", None) or fault
    return getattr(origin, "sqlite_errorcode", 0) & 0xFF in _BUSY
