"""How many requests a source may send: a bucket that fills with time."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Allowance:
    """At most `per_minute` in the long run, and as many at once; safe from several threads."""

    def __init__(self, per_minute: float, now: Callable[[], float]) -> None:
        """Begin full; `now` tells seconds that never go back."""
        self._per_second = per_minute / 60
        self._most = max(1.0, per_minute)
        self._left = self._most
        self._now = now
        self._then = now()
        self._lock = threading.Lock()

    def take(self) -> float:
        """Take one; returns 0, or the seconds to wait for the next one when there is none left."""
        with self._lock:
            now = self._now()
            self._left = min(self._most, self._left + (now - self._then) * self._per_second)
            self._then = now
            if self._left >= 1:
                self._left -= 1
                return 0.0
            return (1 - self._left) / self._per_second
