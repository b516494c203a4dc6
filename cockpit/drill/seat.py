"""The seat: a drill's clock is driven from one terminal at a time; the seat is free again however that one ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from cockpit.errors import BadInput, JournalReadOnly
from cockpit.paths import private

ELSEWHERE = "A drill is gone on with where it can be written: make the folder writable, or copy it."


class Seat:
    """Held while a terminal drives a drill."""

    def __init__(self, path: Path, incident: str) -> None:
        """Take the seat.

        Raises:
            BadInput: another process has it.
            JournalReadOnly: nothing can be written there.
        """
        private(path.parent)
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as problem:
            raise JournalReadOnly(f"Can't write {path}: {problem.strerror}.", hint=ELSEWHERE) from None
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            other = os.pread(self._file, 20, 0).decode("ascii", "replace").strip()
            os.close(self._file)
            raise BadInput(
                f"{incident} is being played in another terminal (process {other or 'unknown'})",
                hint="Leave it there with q first, or watch it with `cockpit status`.",
            ) from None
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()}\n".encode("ascii"), 0)

    def leave(self) -> None:
        """Free the seat."""
        os.close(self._file)
