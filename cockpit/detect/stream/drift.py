"""Drift: answers that no longer look like those of the recorded baseline."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from cockpit.detect.stream.baseline import FEATURES, Baseline, Behaviour, distance, folded
from cockpit.detect.stream.bins import Bounded
from cockpit.detect.stream.page import Page, where
from cockpit.detect.stream.sample import Sample
from cockpit.domain.thresholds import Thresholds

NAME = "drift"
Categories = dict[str, tuple[str, ...]]
EVERY = 10
"""Answers between two looks."""
NOISE = 2.0
"""Times the baseline's own noise that a feature must have moved besides."""


@dataclass(slots=True)
class _Line:
    """The last answers of a route; what came and went since the last count is counted when somebody looks."""

    answers: deque[tuple[datetime, str, Categories]] = field(default_factory=deque)
    counts: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in FEATURES})
    came: list[Categories] = field(default_factory=list)
    gone: list[Categories] = field(default_factory=list)

    def add(self, sample: Sample, found: Categories, window: int) -> None:
        """Take an answer's categories, and let go of those of the oldest beyond the window."""
        self.answers.append((sample.at, sample.id, found))
        self.came.append(found)
        if len(self.answers) > window:
            self.gone.append(self.answers.popleft()[2])

    def count(self) -> Mapping[str, Counter[str]]:
        """Return how often each category is among the answers."""
        for name, counts in self.counts.items():
            counts.update(chain.from_iterable(found[name] for found in self.came))
            gone = Counter(chain.from_iterable(found[name] for found in self.gone))
            self.counts[name] = counts - gone if gone else counts
        self.came, self.gone = [], []
        return self.counts


class Drift:
    """Holds the answers of a stream against a baseline."""

    def __init__(self, lines: Thresholds, baseline: Baseline) -> None:
        self._lines = lines
        self._baseline = baseline
        self._window = max(20, min(lines.drift_answers, baseline.window))
        self._known = {route: frozenset(one.words) for route, one in baseline.routes.items()}
        self._followed: Bounded[str, _Line] = Bounded(_Line, 500)

    def take(self, sample: Sample) -> Iterator[Page]:
        """Take one answer; look at the last hundred of its route every tenth."""
        usual = self._baseline.behaviour(sample.route)
        if usual is None or sample.shape is None:
            return
        line = self._followed[sample.route]
        line.add(sample, folded(sample.shape, self._known.get(sample.route, self._known[""])), self._window)
        if len(line.answers) == self._window and len(line.came) >= EVERY:
            yield from self._look(line, usual, sample)

    def _look(self, line: _Line, usual: Behaviour, sample: Sample) -> Iterator[Page]:
        moved: dict[str, tuple[float, float]] = {}
        now = line.count()
        for name, counts in usual.counts.items():
            found, most = distance(name, counts, now[name]), max(self._lines.drift, NOISE * usual.noise[name])
            if found >= most:
                moved[name] = (found, most)
        if moved:
            yield self._page(moved, usual, line, sample)

    def _page(
        self,
        moved: Mapping[str, tuple[float, float]],
        usual: Behaviour,
        line: _Line,
        sample: Sample,
    ) -> Page:
        worst = max(moved, key=lambda name: moved[name][0] / moved[name][1])
        distances = ", ".join(f"{name} {found:.2f} (line {most:.2f})" for name, (found, most) in moved.items())
        about = {name: one for name, one in (("route", sample.route), ("model", sample.model)) if one}
        found, most = moved[worst]
        sure = min(0.999, 1.0 - 0.1 * (most / found) ** 2)
        why = (
            f"The last {len(line.answers)} answers on {where(about)} are not like the baseline {self._baseline.name} "
            f"({usual.answers} answers): {distances}; {_told(worst, usual.counts[worst], line.counts[worst])}; "
            f"{sure:.0%} sure."
        )
        evidence = tuple(trace for _, trace, _ in list(line.answers)[-5:] if trace)
        since = line.answers[0][0]
        return Page(NAME, "quality_pct", sample.at, since, about, most, found, "index", sure, why, evidence)


def _told(feature: str, usual: Mapping[str, int], now: Mapping[str, int]) -> str:
    """Say in words what moved most within a feature."""
    one, other = max(1, sum(usual.values())), max(1, sum(now.values()))
    name = max(usual.keys() | now.keys(), key=lambda name: abs(now.get(name, 0) / other - usual.get(name, 0) / one))
    before, after = usual.get(name, 0) / one, now.get(name, 0) / other
    words = {"length": f"about {2 ** (int(name) / 2):.0f} words long" if feature == "length" else ""}
    what = {"format": f"format “{name}”", "refusal": "refusals", "vocabulary": f"the word “{name}”"}
    if feature == "refusal" and name == "no":
        before, after = 1 - before, 1 - after
    return f"{words.get(feature) or what[feature]} {before:.0%} → {after:.0%}"
