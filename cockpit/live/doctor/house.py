"""What the doctor looks at on this machine: the settings' file, the journal, the disk."""

from __future__ import annotations

import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from cockpit.live.doctor.findings import Found, Scribe

LEAST_BYTES, FEW_BYTES = 100 * 2**20, 2**30
"""Below the first an incident may not be recorded to its end; below the second somebody should make room."""


SKEWED_S = 2.0
"""Clocks that differ by more tell stories in which answers come before questions."""
SLOW_S = 0.25
"""A database that takes longer for one line makes every act feel slow."""


@dataclass(frozen=True, slots=True)
class Database:
    """The journal's database as it was met.

    Attributes:
        took_s: how long one call took; None where none got through.
        unguarded: what is wrong with what keeps it append-only; "" where nothing is.
        ahead_s: how far its clock is ahead of this machine's.
    """

    name: str
    took_s: float | None = None
    unguarded: str = ""
    ahead_s: float = 0.0


def house(settings_file: Path, journal: Path, trouble: str, database: Database | None = None) -> list[Found]:
    """Look at the settings' file, at the journal and at the room there is for it."""
    if database is None:
        return [_settings(settings_file), _journal(journal, trouble), _room(journal)]
    return [_settings(settings_file), *_database(database, trouble), _room(journal)]


def _database(database: Database, trouble: str) -> list[Found]:
    scribe = Scribe("journal", "")
    if trouble or database.took_s is None:
        step = "Every act is recorded first: correct COCKPIT_DATABASE_URL, or have the server looked at."
        return [scribe.wrong("database", trouble or f"{database.name} does not answer", step)]
    told = f"{database.name} answers in {database.took_s * 1000:.0f} ms"
    if database.took_s > SLOW_S:
        found = scribe.warning("database", told, "Every act waits for it: use one that is nearer.")
    else:
        found = scribe.fine("database", told)
    return [found, _clocks(database), _guards(database)]


def _clocks(database: Database) -> Found:
    scribe = Scribe("journal", "")
    told = f"this machine's clock and the database's differ by {abs(database.ahead_s):.1f} s"
    if abs(database.ahead_s) > SKEWED_S:
        return scribe.warning("clocks", told, "Times of several machines won't fit together: set them by NTP.")
    return scribe.fine("clocks", told)


def _guards(database: Database) -> Found:
    scribe = Scribe("journal", "")
    if database.unguarded:
        step = "Somebody took its triggers away: have them put back, and run `cockpit log verify`."
        return scribe.wrong("append-only", database.unguarded, step)
    return scribe.fine("append-only", "the database refuses changes to what is recorded")


def _settings(file: Path) -> Found:
    scribe = Scribe("settings", "")
    try:
        mode = file.stat().st_mode
    except OSError:
        return scribe.note("file", f"there is no {file}: everything is as it comes", "`cockpit init` writes one.")
    if mode & (stat.S_IWGRP | stat.S_IWOTH):
        step = f"Keep it to yourself: chmod 600 {file}"
        return scribe.warning("file", f"others may write {file}, and so say where levers are", step)
    return scribe.fine("file", str(file))


def _journal(journal: Path, trouble: str) -> Found:
    scribe = Scribe("journal", "")
    if trouble:
        return scribe.wrong("writable", trouble, "Every act is recorded first: name another folder by --data DIR.")
    folder = _nearest(journal.parent)
    if not os.access(folder, os.W_OK | os.X_OK):
        step = "Name another folder by --data DIR, or by COCKPIT_DATA_DIR."
        return scribe.wrong("writable", f"{folder} can't be written", step)
    return scribe.fine("writable", str(journal) if journal.exists() else f"will be made: {journal}")


def _room(journal: Path) -> Found:
    scribe, folder = Scribe("journal", ""), _nearest(journal.parent)
    try:
        free = shutil.disk_usage(folder).free
    except OSError as problem:
        return scribe.warning("room", f"the disk of {folder} can't be asked: {problem.strerror}", "Look at it: df -h")
    told = f"{free / 2**30:.1f} GB are free" if free >= FEW_BYTES else f"only {free / 2**20:.0f} MB are free"
    step = f"Make room on the disk of {folder}, or name another folder by --data DIR."
    if free < LEAST_BYTES:
        return scribe.wrong("room", told, step)
    return scribe.fine("room", told) if free >= FEW_BYTES else scribe.warning("room", told, step)


def _nearest(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that is there."""
    return next((one for one in (folder, *folder.parents) if one.is_dir()), folder)
