"""Counts, sums and squares by minute: all that is kept of the past, whatever the traffic."""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

Value = TypeVar("Value")
Key = TypeVar("Key", bound=Hashable)

WIDTH_S = 60.0
KEPT = 24 * 60
"""Minutes that are kept: a day, so that what is usual holds all hours."""


@dataclass(slots=True)
class Moments:
    """How many, their sum, and the sum of their squares."""

    n: float = 0.0
    total: float = 0.0
    squares: float = 0.0

    def add(self, value: float) -> None:
        """Take one value."""
        self.n += 1.0
        self.total += value
        self.squares += value * value

    def plus(self, other: Moments) -> Moments:
        """Return both together."""
        return Moments(self.n + other.n, self.total + other.total, self.squares + other.squares)

    def minus(self, other: Moments) -> Moments:
        """Return this without a part of it."""
        return Moments(self.n - other.n, self.total - other.total, self.squares - other.squares)

    @property
    def mean(self) -> float:
        """The average; 0 of nothing."""
        return self.total / self.n if self.n else 0.0

    @property
    def variance(self) -> float:
        """The mean squared distance from the mean."""
        return max(0.0, self.squares / self.n - self.mean**2) if self.n else 0.0


def together(parts: Iterable[Moments]) -> Moments:
    """Return the sum of many."""
    whole = Moments()
    for part in parts:
        whole = whole.plus(part)
    return whole


def errors_apart(one: Moments, other: Moments, floor: float = 0.0) -> float:
    """Return by how many standard errors two means differ, with its sign; the spread is that of both together.

    Args:
        floor: the least variance to reckon with, so that values that never varied yet are no proof.
    """
    both = one.plus(other)
    if not one.n or not other.n:
        return 0.0
    within = (one.variance * one.n + other.variance * other.n) / both.n
    return (other.mean - one.mean) / math.sqrt(max(within, floor, 1e-12) * (1 / one.n + 1 / other.n))


class Minutes:
    """Values by minute, the newest last; what comes late is counted in the newest minute."""

    __slots__ = ("bins", "whole")

    def __init__(self) -> None:
        self.bins: deque[tuple[float, Moments]] = deque()
        self.whole = Moments()

    def add(self, at_s: float, value: float) -> None:
        """Take a value at a moment, in seconds."""
        start = at_s - at_s % WIDTH_S
        if not self.bins or start > self.bins[-1][0]:
            self.bins.append((start, Moments()))
            if len(self.bins) > KEPT:
                self.whole = self.whole.minus(self.bins.popleft()[1])
        self.bins[-1][1].add(value)
        self.whole.add(value)

    def before(self, at_s: float) -> Moments:
        """Return everything before a moment."""
        return together(one for start, one in self.bins if start < at_s)


class Bounded(Generic[Key, Value]):
    """A dictionary that forgets what was not asked for longest, so that hostile names can't fill the memory."""

    def __init__(self, make: Callable[[], Value], most: int = 5_000) -> None:
        self._make = make
        self._most = most
        self._held: OrderedDict[Key, Value] = OrderedDict()

    def __getitem__(self, key: Key) -> Value:
        found = self._held.get(key)
        if found is None:
            found = self._held[key] = self._make()
            if len(self._held) > self._most:
                self._held.popitem(last=False)
        else:
            self._held.move_to_end(key)
        return found


class Touched(Bounded[Key, Value]):
    """One that knows what was touched since it was last looked at, so that a look costs what has come in."""

    def __init__(self, make: Callable[[], Value], most: int = 5_000) -> None:
        super().__init__(make, most)
        self._touched: dict[Key, None] = {}

    def touch(self, key: Key) -> Value:
        """Return what is held under a key, for something to be added to it."""
        self._touched[key] = None
        return self[key]

    def look(self) -> list[Key]:
        """Return the keys that were touched since the last look."""
        touched, self._touched = self._touched, {}
        return list(touched)
