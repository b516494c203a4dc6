"""The line to the database: whether it is there, so that nobody waits twice for one that is not."""

from __future__ import annotations

import threading
import time
from datetime import datetime

from cockpit.domain.clock import Clock
from cockpit.errors import JournalUnreachable
from cockpit.journal.backing import Lost

RETRY_S = 1.0
"""How long after a failure everybody is refused at once, where nobody looks whether the database is back."""


class Line:
    """Remembers a lost connection until somebody got through again.

    Attributes:
        watched: whether a thread of its own looks whether the database is back; then nobody else has to.
    """

    def __init__(self, clock: Clock) -> None:
        self.watched = False
        self._clock = clock
        self._lock = threading.Lock()
        self._problem: JournalUnreachable | None = None
        self._since: datetime | None = None
        self._failed = 0.0

    def told(self) -> Lost | None:
        """Return since when it has been lost, and why; None while it holds."""
        with self._lock:
            return Lost(self._since, self._problem.message) if self._problem and self._since else None

    def check(self) -> None:
        """Refuse at once what would only wait.

        Raises:
            JournalUnreachable: the line was lost, and nobody has got through since.
        """
        with self._lock:
            problem, recent = self._problem, time.monotonic() - self._failed < RETRY_S
        if problem is not None and (self.watched or recent):
            raise JournalUnreachable(problem.message, hint=problem.hint)

    def lost(self, problem: JournalUnreachable) -> None:
        """Remember that a call did not get through."""
        with self._lock:
            self._problem, self._failed = problem, time.monotonic()
            self._since = self._since or self._clock.now()

    def found(self) -> None:
        """Remember that a call got through."""
        if self._problem is not None:
            with self._lock:
                self._problem = self._since = None
