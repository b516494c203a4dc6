"""Answers counted in cells of ten seconds, by arm: what signals are made of, whatever the number of traces."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

CELL_S = 10.0
"""Width of a cell, in seconds."""

KEPT = 12 * 360
"""Cells that are kept behind the newest one: twelve hours."""

RUBRICS = 12
"""Rubrics that are followed; more are no signals that anybody could look at."""

_STEP = math.log(1.03)
"""Latencies are kept to three per cent."""

ALL = ""
"""The arm that stands for all traffic."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is counted of one answer; `at` in seconds since 1970, costs in dollars, times in milliseconds."""

    at: float
    arm: str = ""
    failing: bool = False
    error: bool = False
    refused: bool = False
    leak: bool = False
    found: frozenset[str] = frozenset()
    cost: float | None = None
    total_ms: float | None = None
    ttft_ms: float | None = None
    scores: Mapping[str, float] = field(default_factory=dict)


class Cell:
    """Sums over some answers."""

    __slots__ = ("cost", "count", "found", "priced", "scores", "total_ms", "ttft_ms")

    def __init__(self) -> None:
        self.count: Counter[str] = Counter()
        self.found: Counter[str] = Counter()
        self.cost = 0.0
        self.priced = 0
        self.total_ms: Counter[int] = Counter()
        self.ttft_ms: Counter[int] = Counter()
        self.scores: dict[str, tuple[float, int]] = {}

    def add(self, seen: Seen) -> None:
        """Count one answer."""
        count = self.count
        count["n"] += 1
        for name in ("failing", "error", "refused", "leak"):
            if getattr(seen, name):
                count[name] += 1
        self.found.update(seen.found)
        if seen.cost is not None:
            self.cost += seen.cost
            self.priced += 1
        for times, value in ((self.total_ms, seen.total_ms), (self.ttft_ms, seen.ttft_ms)):
            if value is not None:
                times[_bucket(value)] += 1
        self.judge(seen.scores)

    def judge(self, scores: Mapping[str, float]) -> None:
        """Count judgements."""
        for rubric, score in scores.items():
            if score == score and (rubric in self.scores or len(self.scores) < RUBRICS):
                total, n = self.scores.get(rubric, (0.0, 0))
                self.scores[rubric] = (total + score, n + 1)

    def take(self, other: Cell) -> None:
        """Add another cell."""
        self.count.update(other.count)
        self.found.update(other.found)
        self.cost += other.cost
        self.priced += other.priced
        self.total_ms.update(other.total_ms)
        self.ttft_ms.update(other.ttft_ms)
        for rubric, (total, n) in other.scores.items():
            before, many = self.scores.get(rubric, (0.0, 0))
            self.scores[rubric] = (before + total, many + n)


class Cells:
    """Cells by arm and place; a place is the number of ten seconds since 1970."""

    ARMS = 6
    """Arms that are told apart; further ones count in all traffic only."""

    def __init__(self) -> None:
        self._arms: dict[str, dict[int, Cell]] = {ALL: {}}
        self.newest = 0
        self.keep_before = 0
        """Cells up to this place are kept however old: what was usual is measured there."""

    @property
    def arms(self) -> tuple[str, ...]:
        """The arms that were seen."""
        return tuple(arm for arm in self._arms if arm != ALL)

    @property
    def oldest(self) -> int:
        """The first place that holds anything; 0 for none."""
        return min(self._arms[ALL], default=0)

    def add(self, seen: Seen) -> int:
        """Count one answer and return its place."""
        place = place_of(seen.at)
        for arm in {ALL, seen.arm}:
            if arm in self._arms or len(self._arms) <= self.ARMS:
                self._arms.setdefault(arm, {}).setdefault(place, Cell()).add(seen)
        if place > self.newest:
            self.newest = place
            self._forget()
        return place

    def amend(self, place: int, arm: str, failing: int, scores: Mapping[str, float]) -> None:
        """Count what became known later of an answer that is counted; `failing` is -1, 0 or 1."""
        for one in {ALL, arm}:
            if cell := self._arms.get(one, {}).get(place):
                cell.count["failing"] += failing
                cell.judge(scores)

    def between(self, arm: str, first: int, last: int) -> Cell:
        """Return the sum of the cells from one place to another, both included."""
        cells, whole = self._arms.get(arm, {}), Cell()
        for place in range(first, last + 1):
            if cell := cells.get(place):
                whole.take(cell)
        return whole

    def answers(self, arm: str, place: int) -> int:
        """Return how many answers one cell holds."""
        cell = self._arms.get(arm, {}).get(place)
        return cell.count["n"] if cell else 0

    def _forget(self) -> None:
        for cells in self._arms.values():
            if len(cells) > KEPT + 720:
                for place in [one for one in cells if self.keep_before < one < self.newest - KEPT]:
                    del cells[place]


def place_of(at: float) -> int:
    """Return the place of a moment."""
    return int(at // CELL_S)


def percentile(times: Mapping[int, int], part: float) -> float:
    """Return a percentile of counted times, in milliseconds; NaN of none."""
    left = math.ceil(sum(times.values()) * part)
    for bucket in sorted(times):
        left -= times[bucket]
        if left <= 0:
            return math.exp((bucket + 0.5) * _STEP)
    return math.nan


def _bucket(value: float) -> int:
    return int(math.log(max(0.1, value)) // _STEP)
