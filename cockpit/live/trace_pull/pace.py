"""How one source of traces is paced: where a look begins, how much it reads at once, when the next one is due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cockpit.errors import CockpitError, Throttled

if TYPE_CHECKING:
    from cockpit.world.options import TracesOptions

STRETCH, SHORTEST = timedelta(minutes=15), timedelta(minutes=1)
"""So much is read and stored at once; where that fails, half of it the next time, and so on."""

NEAR = timedelta(minutes=1)
"""What is read again each time: senders send in portions. All of the look-back is read again three times in its
length: more often it would cost a busy system more than the traces themselves."""
FULL_LOOKS = 3

MISSED = 8
"""Times the look-back that late judgements are looked for after nobody has read for longer."""

LONGEST_PAUSE_S = 300.0
"""A source in trouble is left alone for twice as long each time, and no longer than this."""


@dataclass(slots=True)
class Pace:
    """What is remembered of one source while the process runs.

    Attributes:
        full_at: when all of the look-back was read last.
        waits_from: when the oldest trace began that was not over.
    """

    options: TracesOptions
    failures: int = 0
    stretch: timedelta = STRETCH
    full_at: datetime | None = None
    waits_from: datetime | None = None

    def begin(self, mark: datetime | None, now: datetime) -> datetime:
        """Return where to begin to read."""
        if mark is None:
            return now - timedelta(minutes=self.options.first_min)
        lookback = timedelta(minutes=self.options.lookback_min)
        mark = min(mark, now)
        if self.full_at is None or not timedelta(0) <= now - self.full_at < lookback / FULL_LOOKS:
            return mark - lookback
        near = mark - min(NEAR, lookback)
        return max(min(near, self.waits_from or near), mark - lookback)

    def stretches(self, begin: datetime, now: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield what to read, piece by piece."""
        while begin < now:
            end = min(now, begin + self.stretch)
            end = now if now - end < SHORTEST else end  # the last piece takes a short rest along
            yield begin, end
            begin = end

    def late(self, mark: datetime | None, now: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield what is read once more for judgements that came since, when that is due.

        Each trace is read again when it is twice the look-back old, then four times, and so on: what comes late is
        seen before its trace is twice as old as it was then, for the price of a few more readings of everything.

        Args:
            mark: when that was done last.
        """
        lookback = timedelta(minutes=self.options.lookback_min)
        if mark is None or now - mark < lookback:
            return
        first, age = max(mark, now - MISSED * lookback), 2 * lookback
        while age <= timedelta(minutes=self.options.late_min):
            yield from self.stretches(first - age, now - age)
            age *= 2

    def went_well(self) -> None:
        """Note that a stretch was read."""
        self.stretch = min(STRETCH, 2 * self.stretch)

    def done(self, begin: datetime, mark: datetime | None, now: datetime, waits_from: datetime | None) -> float:
        """Note that a look came to its end; return the seconds to the next one."""
        self.failures = 0
        self.waits_from = waits_from
        if mark is None or begin <= min(mark, now) - timedelta(minutes=self.options.lookback_min):
            self.full_at = now
        return self.options.poll_s

    def failed(self, problem: CockpitError) -> float:
        """Note that a look broke off; return the seconds to leave the source alone."""
        self.stretch = max(SHORTEST, self.stretch / 2)
        self.failures += 1
        pause = min(LONGEST_PAUSE_S, self.options.poll_s * 2.0 ** min(self.failures, 20))
        asked = problem.retry_after_s if isinstance(problem, Throttled) else None
        return max(pause, asked or 0.0)
