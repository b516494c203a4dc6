"""Noticing other processes' commits: PRAGMA data_version on a connection that never writes (about 3 µs a look)."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

from cockpit.journal.sqlite import Mode, connect


class Follower:
    """Says whether anybody committed since the last look; each reader of news has one of its own.

    Look every 20–50 ms. A look while a commit is under way says no; the next one says yes.
    """

    def __init__(self, path: Path, mode: Mode = "ro") -> None:
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        try:
            self._connection = connect(path, mode, busy_ms=0)
        except sqlite3.Error:
            return
        self._seen = self._version()

    def changed(self) -> bool:
        """Whether something was committed since the last call, by anybody; never raises."""
        with self._lock:
            seen = self._version()
            if seen is None or seen == self._seen:
                return False
            self._seen = seen
            return True

    def _version(self) -> int | None:
        if self._connection is None:
            return None
        try:
            version: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
        except (sqlite3.Error, UnicodeError):
            return None
        return version

    def close(self) -> None:
        """Let go of the file; later looks say no."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None
