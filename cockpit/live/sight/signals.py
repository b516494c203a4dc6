"""Signals from traces: what is failing, leaking, refusing, slow and dear, against what was usual before."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cockpit.detect.stream.quality import SCALES
from cockpit.domain.thresholds import Thresholds
from cockpit.live.sight.cells import ALL, CELL_S, Cell, Cells, percentile, place_of
from cockpit.world.port import Series

MINUTE = 6
"""Cells of a minute: what a signal looks back on when there are answers enough."""
LONGEST = 30
"""Cells it looks back on at most: five minutes."""
LEAST, LEAST_TIMES = 10, 50
"""Answers a share needs, and those a 99th percentile needs, before it looks no further back."""
BLOCK = 60
"""Cells of one block of the time before: ten minutes. The usual is the median of blocks."""
FARTHEST = 8640
"""Cells before that are looked at for it: a day."""
MOST = 20_000
"""Values that are kept at most."""
SCORE = "score."
"""How signals of judgements begin."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Where the lines are: those named for a signal, else those the profile's thresholds give.

    Attributes:
        harm: signals that containment is judged on.
        usual: what is usual by a recorded baseline, by signal.
    """

    profile: Thresholds = field(default_factory=Thresholds)
    named: Mapping[str, float] = field(default_factory=dict)
    harm: Sequence[str] = ()
    usual: Mapping[str, float] = field(default_factory=dict)

    def of(self, name: str, usual: float, width: float) -> float | None:
        """Return the line of a signal; None where nothing says where it is."""
        if name in self.named:
            return self.named[name]
        if name == "leaks_per_min":
            return 0.0
        known = usual == usual
        if name.endswith("_pct"):
            rise = 100.0 * self.profile.rate_rise
            return max(usual + rise, usual * self.profile.rate_ratio) if known else rise
        if not known:
            return None
        if name.startswith(SCORE):
            return usual - self.profile.quality_drop / 100.0 * width
        ratio = self.profile.cost_ratio if name == "cost_per_min" else self.profile.speed_ratio
        return usual * ratio


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal: how it is read of a sum of answers over some minutes; NaN where that says nothing.

    Attributes:
        grows: whether it grows with the traffic; of an arm it is told as if everybody were on that arm, since it is
            held against the same line as all traffic.
    """

    name: str
    label: str
    unit: str
    read: Callable[[Cell, float], float]
    least: int = LEAST
    longest: int = LONGEST
    grows: bool = False


def _rate(name: str, label: str, unit: str, count: Callable[[Cell], float]) -> Signal:
    return Signal(name, label, unit, lambda cell, minutes: count(cell) / minutes, 0, grows=True)


def _share(name: str, label: str, count: Callable[[Cell], float]) -> Signal:
    return Signal(name, label, "%", lambda cell, _: 100.0 * count(cell) / cell.count["n"])


FIXED = (
    _share("failing_pct", "failing answers", lambda cell: cell.count["failing"]),
    _rate("leaks_per_min", "leaks and injections", "/min", lambda cell: cell.count["leak"]),
    _share("error_pct", "errors", lambda cell: cell.count["error"]),
    _share("refusal_pct", "refusals", lambda cell: cell.count["refused"]),
    Signal("p99_ms", "p99 latency", "ms", lambda cell, _: percentile(cell.total_ms, 0.99), LEAST_TIMES),
    Signal("ttft_ms", "p99 first token", "ms", lambda cell, _: percentile(cell.ttft_ms, 0.99), LEAST_TIMES),
    _rate("cost_per_min", "cost", "$/min", lambda cell: cell.cost if cell.priced else math.nan),
)
DETECTED = ("personal_data", "secret", "other_tenant", "injection", "answered", "loop")
"""Signs whose share becomes a signal once one was seen."""


def _detected(name: str) -> Signal:
    return _share(f"{name}_pct", name.replace("_", " "), lambda cell: cell.found[name])


def _judged(rubric: str) -> Signal:
    def mean(cell: Cell, _: float) -> float:
        total, n = cell.scores.get(rubric, (0.0, 0))
        return total / n if n else math.nan

    return Signal(f"{SCORE}{rubric}", f"{rubric}, mean", "", mean, 10**9)


class Signals:
    """Reads signals of cells; values are kept until answers change them. Not safe between threads by itself."""

    def __init__(self, cells: Cells, lines: Lines) -> None:
        self._cells = cells
        self._lines = lines
        self._found: dict[str, Signal] = {}
        self._rubrics: dict[str, Signal] = {}
        self._highest: dict[str, float] = {}
        self._values: dict[tuple[str, str, int], float] = {}
        self._sums: dict[tuple[str, int, int], Cell] = {}
        self._usual: dict[str, float] = {}
        self._usual_before = 0

    def changed(self, places: set[int]) -> None:
        """Forget values that answers in some cells change."""
        if not places:
            return
        low, high = min(places), max(places) + LONGEST
        self._values = {key: value for key, value in self._values.items() if not low <= key[2] <= high}
        self._sums.clear()
        if low <= self._usual_before:
            self._usual.clear()

    def saw(self, found: frozenset[str], scores: Mapping[str, float]) -> None:
        """Note which signs and rubrics there are at all."""
        for name in found:
            if name in DETECTED and name not in self._found:
                self._found[name] = _detected(name)
        for rubric, score in scores.items():
            if rubric in self._rubrics or len(self._rubrics) < 8:
                self._rubrics.setdefault(rubric, _judged(rubric))
                self._highest[rubric] = max(score, self._highest.get(rubric, 0.0))

    @property
    def all(self) -> list[Signal]:
        """Every signal that anything was seen of."""
        named = [self._found[name] for name in DETECTED if name in self._found]
        return [*FIXED, *named, *self._rubrics.values()]

    def series(
        self, at: datetime, window_s: float, bins: int, arm: str, before: datetime, behind: bool = False
    ) -> tuple[Series, ...]:
        """Return every signal over a window; lines are drawn from what was usual before a moment.

        Where no traces come, nothing is judged on them, unless reading is `behind`: then they are only not known yet.
        """
        places = _places(at, window_s, bins)
        if (started := place_of(before.timestamp())) != self._usual_before:
            self._usual_before = started
            self._usual.clear()
        found = (self._one(signal, places, arm, behind) for signal in self.all)
        return tuple(one for one in found if one.harm or any(value == value for value in (*one.values, one.baseline)))

    def usual(self, signal: Signal) -> float:
        """Return what is usual: by a recorded baseline, else the median of the ten minutes before."""
        if signal.name in self._lines.usual:
            return self._lines.usual[signal.name]
        if signal.name not in self._usual:
            self._usual[signal.name] = self._median(signal)
        return self._usual[signal.name]

    def width(self, name: str) -> float:
        """Return how wide the scale of a rubric's signal is."""
        highest = self._highest.get(name.removeprefix(SCORE), 1.0)
        return next((width for most, width in SCALES if highest <= most), highest)

    def _one(self, signal: Signal, places: Sequence[int], arm: str, behind: bool) -> Series:
        values = [self._value(signal, arm, place) for place in places]
        usual = self.usual(signal)
        told = behind or any(value == value for value in values)
        return Series(
            name=signal.name,
            label=signal.label,
            unit=signal.unit,
            values=values,
            latest=values[-1] if values else math.nan,
            baseline=usual,
            threshold=self._lines.of(signal.name, usual, self.width(signal.name)),
            floor=signal.name.startswith(SCORE),
            harm=told and signal.name in self._lines.harm,
        )

    def _value(self, signal: Signal, arm: str, place: int) -> float:
        key = (signal.name, arm, place)
        if key not in self._values:
            if len(self._values) > MOST:
                self._values.clear()
                self._sums.clear()
            self._values[key] = self._look_back(signal, arm, place)
        return self._values[key]

    def _look_back(self, signal: Signal, arm: str, place: int) -> float:
        cells = MINUTE
        answers = sum(self._cells.answers(arm, one) for one in range(place - cells + 1, place + 1))
        if not answers and not signal.least:
            return math.nan
        while answers < signal.least and cells < signal.longest:
            answers += self._cells.answers(arm, place - cells)
            cells += 1
        if not answers:
            return math.nan
        times = self._times(arm, place) if arm and signal.grows else 1.0
        return times * signal.read(self._sum(arm, place - cells + 1, place), cells * CELL_S / 60.0)

    def _times(self, arm: str, place: int) -> float:
        """Return how many times an arm's traffic all of it is, over the last minutes."""
        lately = range(place - LONGEST + 1, place + 1)
        whole, mine = (sum(self._cells.answers(one, at) for at in lately) for one in (ALL, arm))
        return whole / mine if mine else math.nan

    def _sum(self, arm: str, first: int, last: int) -> Cell:
        key = (arm, first, last)
        if key not in self._sums:
            self._sums[key] = self._cells.between(arm, first, last)
        return self._sums[key]

    def _median(self, signal: Signal) -> float:
        last = self._usual_before - 1
        if not self._cells.oldest:
            return math.nan
        oldest = max(self._cells.oldest, last - FARTHEST)  # a trace may bear any date at all
        blocks = range(last, oldest + BLOCK - 2, -BLOCK) or range(last, oldest - 1, -BLOCK)
        found = []
        for end in blocks:
            first = max(oldest, end - BLOCK + 1)
            cell = self._sum(ALL, first, end)
            if cell.count["n"] >= signal.least or (signal.name.startswith(SCORE) and cell.count["n"]):
                found.append(signal.read(cell, (end - first + 1) * CELL_S / 60.0))
        known = [value for value in found if value == value]
        return statistics.median(known) if known else math.nan


def _places(at: datetime, window_s: float, bins: int) -> list[int]:
    """Return the last whole cell of each bin."""
    end, width = at.timestamp(), window_s / bins
    return [place_of(end - width * (bins - 1 - number)) - 1 for number in range(bins)]
