"""Quality: the mean of each rubric by route and prompt version, and the minute from which it is lower."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from cockpit.detect.stream.bins import WIDTH_S, Minutes, Moments, Touched
from cockpit.detect.stream.page import Page, surety, where
from cockpit.detect.stream.sample import Sample
from cockpit.detect.stream.step import Search, Step
from cockpit.domain.thresholds import Thresholds

NAME = "quality"
SCALES = ((1.0, 1.0), (5.0, 4.0), (10.0, 10.0), (100.0, 100.0))
"""The highest score seen, and how many units its rubric's scale is then wide: 0 to 1, 1 to 5, 0 to 10, 0 to 100."""

EVIDENCE = 5
"""The worst answers that a page shows."""


@dataclass(slots=True)
class _Line:
    series: Minutes = field(default_factory=Minutes)
    worst: list[tuple[float, str]] = field(default_factory=list)


class Quality:
    """Follows the scores of a stream."""

    def __init__(self, lines: Thresholds) -> None:
        self._lines = lines
        self._search = Search(lines.quality_window_s, lines.quality_hold_s, lines.quality_least, lines.sure, 0.0)
        # A fall that a prompt version explains should be told of that one: its first minute is the fall's.
        self._later = replace(self._search, hold_s=lines.quality_hold_s + WIDTH_S)
        self._followed: Touched[tuple[str, str, str], _Line] = Touched(_Line, 2_000)
        self._highest: dict[str, float] = {}

    def take(self, sample: Sample, at_s: float) -> None:
        """Take one answer's scores."""
        for rubric, score in sample.scores.items():
            if score != score or (len(self._highest) > 200 and rubric not in self._highest):
                continue
            self._highest[rubric] = max(score, self._highest.get(rubric, 0.0))
            for prompt in {"", sample.prompt}:
                self._count((rubric, sample.route, prompt), at_s, score, sample.id)

    def _count(self, key: tuple[str, str, str], at_s: float, score: float, trace: str) -> None:
        line = self._followed.touch(key)
        line.series.add(at_s, score)
        if trace and (len(line.worst) < EVIDENCE or (score, trace) < line.worst[-1]):
            line.worst = sorted([*line.worst, (score, trace)])[:EVIDENCE]

    def look(self, sample: Sample, at_s: float) -> Iterator[Page]:
        """Look at every series that moved since the last look, those of a prompt version first."""
        for key in sorted(self._followed.look(), key=lambda one: one[2] == ""):
            line = self._followed[key]
            search = self._search if key[2] or not sample.prompt else self._later
            if found := self._step(search, key, line, at_s):
                yield self._page(key, found, line, sample)
            line.worst = []

    def _step(self, search: Search, key: tuple[str, str, str], line: _Line, at_s: float) -> Step | None:
        rubric, route, prompt = key
        usual = None
        if prompt and line.series.bins:
            usual = self._followed[rubric, route, ""].series.before(line.series.bins[0][0])
        width = self._width(rubric)

        def fell(before: Moments, after: Moments) -> bool:
            return (before.mean - after.mean) / width * 100.0 >= self._lines.quality_drop

        return search.run(line.series, at_s, fell, usual)

    def _width(self, rubric: str) -> float:
        highest = self._highest[rubric]
        return next((width for most, width in SCALES if highest <= most), highest)

    def _page(self, key: tuple[str, str, str], step: Step, line: _Line, sample: Sample) -> Page:
        rubric, route, prompt = key
        about = {name: value for name, value in (("rubric", rubric), ("route", route), ("prompt", prompt)) if value}
        points = (step.before.mean - step.after.mean) / self._width(rubric) * 100.0
        sure = surety(step.errors)
        why = (
            f"{rubric} fell by {points:.1f} points of 100 ({step.before.mean:.2f} → {step.after.mean:.2f}) since "
            f"{step.since:%H:%M} on {where(about)}: {step.after.n:.0f} answers scored against {step.before.n:.0f} "
            f"before, {abs(step.errors):.1f} standard errors, {sure:.1%} sure."
        )
        evidence = tuple(trace for _, trace in line.worst)
        signal = "grounding_pct" if "ground" in rubric.lower() else "quality_pct"
        return Page(
            NAME,
            signal,
            sample.at,
            step.since,
            about,
            step.before.mean,
            step.after.mean,
            "score",
            sure,
            why,
            evidence,
        )
