"""One tenant's spending: what it is now, what is usual at this hour, and the most it ever was in good order."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

SLOT_S = 30.0
WINDOWS = (2, 20)
"""Slots over which a rate is taken: one minute for what leaps, ten for what creeps."""
HOUR_S, DAY_S = 3600.0, 86400.0
RECORD_DAYS = 14
SEASON_DAYS = 3
"""Days of history from which the hour of the day has a usual of its own."""


@dataclass(slots=True)
class Usual:
    """What is usual: the trailing day, and each hour of the day as an average of days that fades by a third a day."""

    hours: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=24))
    by_hour: list[float] = field(default_factory=lambda: [0.0] * 24)
    days: list[int] = field(default_factory=lambda: [0] * 24)
    hour: float = -1.0
    spent: float = 0.0
    born: float = -1.0

    def add(self, at_s: float, cost: float) -> None:
        """Count what was spent in a slot."""
        start = at_s - at_s % HOUR_S
        if self.born < 0:
            self.born, self.hour = at_s, start
        if start > self.hour:
            self._close(start)
        self.spent += cost

    def _close(self, start: float) -> None:
        for at in range(int(min(48, (start - self.hour) // HOUR_S))):
            closed = self.hour + at * HOUR_S
            self.hours.append((closed, self.spent))
            place = int(closed % DAY_S // HOUR_S)
            share = 1.0 if not self.days[place] else 1 / 3
            self.by_hour[place] += share * (self.spent / HOUR_S - self.by_hour[place])
            self.days[place] += 1
            self.spent = 0.0
        self.hour = start

    def rate(self, at_s: float) -> float:
        """Return what is usual now, a second: the trailing day's average, or this hour's where that is higher."""
        oldest = self.hours[0][0] if self.hours else self.born
        seconds = max(SLOT_S, at_s - max(oldest, self.born))
        trailing = (sum(spent for _, spent in self.hours) + self.spent) / seconds
        place = int(at_s % DAY_S // HOUR_S)
        return max(trailing, self.by_hour[place] if self.days[place] >= SEASON_DAYS else 0.0)

    def age(self, at_s: float) -> float:
        """Return how long it has been followed, in seconds."""
        return at_s - self.born if self.born >= 0 else 0.0


@dataclass(slots=True)
class Records:
    """The highest rate of each window by day, for two weeks; what was paged is no record.

    A rate counts only when its hour and the next are over: a tenant that creeps up would else teach its own line.
    """

    by_day: dict[tuple[int, int], float] = field(default_factory=dict)
    fresh: dict[tuple[int, int], float] = field(default_factory=dict)

    def highest(self, window: int) -> float:
        """Return the highest rate of a window that is remembered."""
        return max((rate for (_, slots), rate in self.by_day.items() if slots == window), default=0.0)

    def learn(self, at_s: float, window: int, rate: float) -> None:
        """Remember a rate, and forget days that are too old."""
        hour = int(at_s // HOUR_S)
        if (hour, window) not in self.fresh:
            for old in [key for key in self.fresh if key[0] < hour - 1]:
                self._settle(old[0] // 24, old[1], self.fresh.pop(old))
        self.fresh[hour, window] = max(rate, self.fresh.get((hour, window), 0.0))

    def _settle(self, day: int, window: int, rate: float) -> None:
        self.by_day[day, window] = max(rate, self.by_day.get((day, window), 0.0))
        if len(self.by_day) > (RECORD_DAYS + 1) * len(WINDOWS):
            self.by_day = {key: one for key, one in self.by_day.items() if day - key[0] <= RECORD_DAYS}


@dataclass(slots=True)
class Pace:
    """One tenant: its slots of half a minute, what is usual, and its records."""

    usual: Usual = field(default_factory=Usual)
    records: Records = field(default_factory=Records)
    slots: deque[tuple[float, int]] = field(
        default_factory=lambda: deque([(0.0, 0)] * max(WINDOWS), maxlen=max(WINDOWS))
    )
    open_s: float = -1.0
    spent: float = 0.0
    calls: int = 0
    calls_ever: int = 0
    spent_ever: float = 0.0
    paged_s: float = -1e18
    trace: str = ""

    def add(self, cost: float, trace: str) -> None:
        """Count one answer in the open slot."""
        self.spent += cost
        self.calls += 1
        self.trace = trace or self.trace

    def roll(self, start: float) -> bool:
        """Close the open slot when a moment lies after it; return whether one was closed."""
        if self.open_s < 0:
            self.open_s = start
        if start <= self.open_s:
            return False
        self.usual.add(self.open_s, self.spent)
        self.calls_ever += self.calls
        self.spent_ever += self.spent
        self.slots.append((self.spent, self.calls))
        for _ in range(int(min(max(WINDOWS), (start - self.open_s) // SLOT_S - 1))):
            self.slots.append((0.0, 0))
        self.open_s, self.spent, self.calls = start, 0.0, 0
        return True

    def window(self, slots: int) -> tuple[float, int]:
        """Return what the last closed slots cost, and their calls; of two slots the cheaper counts for both.

        So that a minute dear from end to end is told from a burst of a few seconds.
        """
        last = list(self.slots)[-slots:]
        costs = [spent for spent, _ in last]
        return slots * min(costs) if slots == WINDOWS[0] else sum(costs), sum(calls for _, calls in last)
