"""Taking turns within one process: where readers and a commit meet, SQLite would sleep up to a tenth of a second."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE_S = 1.0
"""How long a commit waits for readers before it leaves the waiting to SQLite."""


class Gate:
    """Lets readers in together, and a commit in when there are none; who reads never waits for more than a commit."""

    def __init__(self) -> None:
        self._turn = threading.Condition()
        self._readers = 0

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read, beside others who do."""
        with self._turn:
            self._readers += 1
        try:
            yield
        finally:
            with self._turn:
                self._readers -= 1
                self._turn.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Commit, while nobody reads."""
        with self._turn:
            self._turn.wait_for(lambda: not self._readers, PATIENCE_S)
            yield
