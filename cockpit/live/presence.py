"""Who is on an incident on this host: a file for each terminal, locked for as long as its process lives."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
import uuid
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cockpit.domain.presence import BEAT_S, GONE_S, Present
from cockpit.errors import BadInput
from cockpit.paths import private


class FilePresence:
    """One terminal's sign that it is there; gone with its process, however that ends."""

    def __init__(self, folder: Path, who: str) -> None:
        """Come in, as far as the folder can be written."""
        self._folder = folder
        self._path = folder / f"{uuid.uuid4().hex}.json"
        self._since = datetime.now(UTC)
        self._who = who
        self._file = -1
        self._said: bool | None = None
        self._looked = 0.0
        self._here: tuple[Present, ...] = ()

    def here(self, *, drives: bool) -> tuple[Present, ...]:
        """Say that one is there, and return who else is; looks at most once a second."""
        now = time.monotonic()
        if now - self._looked >= BEAT_S or drives != self._said:
            self._looked = now
            with suppress(OSError, BadInput):  # who is there is nice to know, and no more
                self._say(drives)
                self._here = self._look()
        return self._here

    def leave(self) -> None:
        """Be gone."""
        if self._file >= 0:
            self._path.unlink(missing_ok=True)
            os.close(self._file)
            self._file = -1

    def _say(self, drives: bool) -> None:
        if self._file < 0:
            private(self._folder)
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if drives != self._said:
            about = {"who": self._who, "host": socket.gethostname(), "since": self._since.isoformat()}
            os.pwrite(self._file, json.dumps({**about, "drives": drives}).ljust(512).encode(), 0)
            self._said = drives
        os.utime(self._path)

    def _look(self) -> tuple[Present, ...]:
        found = [one for path in self._folder.glob("*.json") if (one := self._read(path))]
        return tuple(sorted(found, key=lambda one: (one.since, one.who)))

    def _read(self, path: Path) -> Present | None:
        try:
            if path != self._path and _abandoned(path):
                return None
            return _present(json.loads(path.read_text("utf-8")), mine=path == self._path)
        except (OSError, ValueError, KeyError, TypeError):
            return None  # just made, just gone, or none of ours


def _present(told: dict[str, Any], *, mine: bool) -> Present:
    since = datetime.fromisoformat(told["since"])
    return Present(str(told["who"]), str(told["host"]), since.astimezone(UTC), bool(told["drives"]), mine)


def _abandoned(path: Path) -> bool:
    """Whether nobody is behind a file any more: its process is gone, or has stood still for long."""
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return time.time() - os.fstat(file).st_mtime > GONE_S
    else:
        path.unlink(missing_ok=True)
        return True
    finally:
        os.close(file)
