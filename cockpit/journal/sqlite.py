"""How SQLite is opened here: modes, durability and file systems. Standard library only."""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Literal

Mode = Literal["rw", "ro", "immutable"]

BUSY_MS = 5000
"""How long a connection waits for another one's transaction."""

WAL_SOUND_SINCE = (3, 51, 3)
"""Before it, two connections that write or checkpoint at once could corrupt a WAL database (the WAL-reset bug)."""

_REMOTE = ("nfs", "cifs", "smb", "fuse", "9p", "afs", "ceph", "gpfs", "lustre", "glusterfs", "vboxsf")
_OCTAL = re.compile(r"\\([0-7]{3})")
_QUERY = {"rw": "mode=rw", "ro": "mode=ro", "immutable": "mode=ro&immutable=1"}


def connect(path: Path, mode: Mode = "rw", *, busy_ms: int = BUSY_MS) -> sqlite3.Connection:
    """Open an existing database; transactions are begun by hand (no implicit ones).

    Raises:
        sqlite3.Error: there is no such file, or it can't be opened in that mode.
    """
    uri = f"{path.absolute().as_uri()}?{_QUERY[mode]}"
    return sqlite3.connect(uri, uri=True, timeout=busy_ms / 1000, isolation_level=None, check_same_thread=False)


def make_durable(connection: sqlite3.Connection, path: Path, mode: Mode) -> None:
    """Set what an acknowledged event needs to survive a power cut."""
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA recursive_triggers=ON")
    connection.execute("PRAGMA trusted_schema=OFF")
    if mode == "rw":
        set_journal_mode(connection, path)


def set_journal_mode(connection: sqlite3.Connection, path: Path) -> None:
    """Choose WAL where it is sound; a database that is busy right now keeps the mode it has."""
    with suppress(sqlite3.OperationalError):
        connection.execute(f"PRAGMA journal_mode={journal_mode(path)}").fetchone()


def journal_mode(path: Path, version: tuple[int, ...] = sqlite3.sqlite_version_info) -> str:
    """Return "WAL" on a sound SQLite and a local file system, else "TRUNCATE"."""
    return "WAL" if version >= WAL_SOUND_SINCE and not is_remote(path) else "TRUNCATE"


def is_remote(path: Path, mounts: Path = Path("/proc/self/mountinfo")) -> bool:
    """Whether a path lies on a network file system; False where that can't be told."""
    try:
        lines = mounts.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return False
    return file_system(os.path.realpath(path), lines).startswith(_REMOTE)


def file_system(path: str, lines: list[str]) -> str:
    """Return the file system type a path lies on, from the lines of /proc/self/mountinfo."""
    best, kind = "", ""
    for line in lines:
        place, _, tail = line.partition(" - ")
        point = _OCTAL.sub(lambda found: chr(int(found[1], 8)), place.split(" ")[4])
        inside = path == point or path.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, tail.split(" ")[0]
    return kind


def create_private(path: Path) -> bool:
    """Make an empty 0600 file in a 0700 folder; return whether it is new.

    SQLite would make it 0644, and its side files take the mode of the database.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return False
    return True
