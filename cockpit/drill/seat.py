"""The seat: a drill's clock is driven from one terminal at a time; the seat is free again however that one ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from cockpit.errors import BadInput
from cockpit.paths import private


class Seat:
    """Held while a terminal drives a drill."""

    def __init__(self, path: Path, incident: str) -> None:
        """Take the seat.

        Raises:
            BadInput: another process has it.
        """
        private(path.parent)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
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
