"""Who drives a live incident: of all terminals on it, the one that sends, proves and watches.

The others see everything and may ask for everything; whoever drives carries it out. When that one ends, however it
ends, the next takes the seat.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from cockpit.errors import JournalReadOnly
from cockpit.paths import private


class DriversSeat:
    """A lock that only one process holds, and that goes with it."""

    def __init__(self, path: Path) -> None:
        """Look for the seat; it is not taken yet.

        Raises:
            JournalReadOnly: nothing can be written there.
        """
        private(path.parent)
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as problem:
            raise JournalReadOnly(f"Can't write {path}: {problem.strerror}.") from None
        self.taken = False

    def take(self) -> bool:
        """Take the seat if it is free; tells whether it is ours."""
        if not self.taken:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return False
            self.taken = True
        return True

    def leave(self) -> None:
        """Free the seat."""
        os.close(self._file)
        self.taken = False
