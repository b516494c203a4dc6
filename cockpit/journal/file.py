"""A journal in one SQLite file, for all terminals of one host."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlmodel import Session

from cockpit.journal.backing import WAIT_S
from cockpit.journal.chain import file_fault
from cockpit.journal.engine import FAULTS, writing
from cockpit.journal.faults import explained
from cockpit.journal.follow import Follower
from cockpit.journal.opening import Opened

T = TypeVar("T")


class FileBacking:
    """Implements `Backing` on a file that has been opened."""

    shared = False

    def __init__(self, path: Path, opened: Opened) -> None:
        self.path = path
        self.name = str(path)
        self.where = str(path.parent)
        self.trouble = opened.trouble
        self._opened = opened

    def read(self, work: Callable[[Session], T]) -> T:
        """Read; a damaged file comes out as JournalDamaged."""
        with explained(self.path, FAULTS), Session(self._opened.engine) as session:
            return work(session)

    def write(self, what: str, work: Callable[[Session], T]) -> T:
        """Write with the file's one write lock held from the start."""
        engine = writing(self._opened.engine)
        with explained(self.path, FAULTS), Session(engine) as session, session.begin():
            return work(session)

    def fault(self, session: Session) -> str:
        """Have SQLite check the file."""
        found = file_fault(session.connection(), "integrity_check")
        return f"the file is damaged: {found}" if found else ""

    def clock_ahead_s(self) -> float:
        """Nothing: it is the same clock."""
        return 0.0

    def follower(self) -> Follower:
        """Return a follower of the file."""
        return Follower(self.path, "immutable" if self._opened.mode == "immutable" else "ro")

    def exclusive(self, what: str, wait_s: float = WAIT_S) -> None:
        """Leave it to a lock file."""

    def company(self, incident: str, who: str) -> None:
        """Leave it to files."""

    @property
    def lost(self) -> None:
        """Nothing: a file does not go away for a while."""

    def close(self) -> None:
        """Let go of the file."""
        self._opened.engine.dispose()
