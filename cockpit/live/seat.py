"""Who drives a live incident: of all terminals on it, the one that sends, proves and watches.

The others see everything and may ask for everything; whoever drives carries it out. When that one ends, however it
ends, the next takes the seat. On one host a locked file decides, across hosts the journal's database.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Any

from cockpit.domain.presence import Company, Present
from cockpit.errors import JournalReadOnly
from cockpit.live.presence import FilePresence
from cockpit.paths import private


class DriversSeat:
    """A lock that only one process holds, and that goes with it; implements `Company`."""

    def __init__(self, path: Path, who: str = "") -> None:
        """Look for the seat; it is not taken yet.

        Args:
            who: who is shown to be there; nobody where empty.

        Raises:
            JournalReadOnly: nothing can be written there.
        """
        private(path.parent)
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as problem:
            raise JournalReadOnly(f"Can't write {path}: {problem.strerror}.") from None
        self.taken = False
        self._presence = FilePresence(path.with_suffix(".here"), who) if who else None

    def take(self) -> bool:
        """Take the seat if it is free; tells whether it is ours."""
        if not self.taken:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return False
            self.taken = True
        return True

    def here(self) -> tuple[Present, ...]:
        """Return who is there on this host."""
        return self._presence.here(drives=self.taken) if self._presence else ()

    def leave(self) -> None:
        """Free the seat."""
        if self._presence:
            self._presence.leave()
        os.close(self._file)
        self.taken = False


def seat_on(journal: Any, incident: str, path: Path, who: str) -> Company:
    """Return the seat of an incident: the database's where hosts share one, else the file's."""
    company: Company | None = journal.company(incident, who)
    return company or DriversSeat(path, who)
