"""The drill's own clock: as fast as asked, stopped when asked, and never behind what it has shown."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta


class DrillClock:
    """Virtual time that runs `speed` seconds a second.

    It moves in steps: `now` stands still until `tick` is called, so that everything decided in one step is decided at
    one moment.
    """

    def __init__(
        self,
        start: datetime,
        speed: float = 1.0,
        *,
        paused: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._now = start
        self._monotonic = monotonic
        self._last = monotonic()
        self.speed = speed
        self.paused = paused

    def now(self) -> datetime:
        """Return the moment of the last tick."""
        return self._now

    def due(self) -> datetime:
        """Return where the clock would stand if it ticked now."""
        if self.paused:
            return self._now
        return self._now + timedelta(seconds=(self._monotonic() - self._last) * self.speed)

    def tick(self, until: datetime | None = None) -> datetime:
        """Go on to where the clock is due, but not beyond `until`."""
        present = self._monotonic()
        due = self._now if self.paused else self._now + timedelta(seconds=(present - self._last) * self.speed)
        self._now = due if until is None else min(due, max(until, self._now))
        self._last = present
        return self._now

    def set(self, *, speed: float | None = None, paused: bool | None = None) -> None:
        """Change speed or pause from now on."""
        self.tick()
        self.speed = self.speed if speed is None else speed
        self.paused = self.paused if paused is None else paused

    def hold(self) -> None:
        """Forget the time since the last tick, as if it had not passed."""
        self._last = self._monotonic()

    def move_to(self, moment: datetime) -> None:
        """Go forward to a moment; a clock never goes back, and what it took to get there is not lost."""
        if moment <= self._now:
            return
        took = (moment - self._now).total_seconds() / self.speed
        self._last = min(self._monotonic(), self._last + took)
        self._now = moment
