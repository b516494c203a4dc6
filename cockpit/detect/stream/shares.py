"""Shares: how many answers fail, refuse, answer what they should not, or hold personal data, by route and model."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from cockpit.detect.answer import personal, refusal
from cockpit.detect.stream.bins import Minutes, Moments, Touched
from cockpit.detect.stream.page import Page, surety, where
from cockpit.detect.stream.sample import Sample
from cockpit.detect.stream.step import Big, Search, Step
from cockpit.domain.thresholds import Thresholds

SIGNALS = {
    "errors": "error_pct",
    "refusals": "refusal_pct",
    "answered": "refusal_pct",
    "personal_data": "leaks_per_min",
}
_WORDS = {
    "errors": "answers that end in an error",
    "refusals": "refusals",
    "answered": "answers to what should have been refused",
    "personal_data": "answers with personal data",
}
BOTH_WAYS = ("refusals",)
"""Shares whose fall is news too: who stops refusing may have lost a guardrail."""


@dataclass(slots=True)
class _Line:
    series: Minutes = field(default_factory=Minutes)
    shown: deque[str] = field(default_factory=lambda: deque(maxlen=5))


class Shares:
    """Follows the shares of a stream."""

    def __init__(self, lines: Thresholds) -> None:
        self._lines = lines
        self._search = Search(lines.quality_window_s, lines.quality_hold_s, lines.quality_least, lines.sure, 0.004)
        self._followed: Touched[tuple[str, str, str], _Line] = Touched(_Line, 4_000)

    def take(self, sample: Sample, at_s: float) -> None:
        """Take one answer."""
        self._count("errors", sample, at_s, sample.failed)
        if sample.failed:
            return
        names = {one.detector for one in sample.signs}
        self._count("refusals", sample, at_s, sample.refused)
        self._count("answered", sample, at_s, refusal.ANSWERED in names)
        self._count("personal_data", sample, at_s, personal.NAME in names)

    def _count(self, what: str, sample: Sample, at_s: float, so: bool) -> None:
        line = self._followed.touch((what, sample.route, sample.model))
        line.series.add(at_s, float(so))
        if so and sample.id:
            line.shown.append(sample.id)

    def look(self, sample: Sample, at_s: float) -> Iterator[Page]:
        """Look at every share that was counted since the last look."""
        for key in self._followed.look():
            line = self._followed[key]
            if found := self._search.run(line.series, at_s, self._big(key[0])):
                yield _page(key, found, line, sample)

    def _big(self, what: str) -> Big:
        ratio, rise = self._lines.rate_ratio, self._lines.rate_rise

        def moved(before: Moments, after: Moments) -> bool:
            if after.mean >= before.mean + rise and after.mean >= ratio * before.mean:
                return True
            return what in BOTH_WAYS and after.mean <= before.mean - rise and after.mean * ratio <= before.mean

        return moved


def _page(key: tuple[str, str, str], step: Step, line: _Line, sample: Sample) -> Page:
    what, route, model = key
    about = {name: value for name, value in (("route", route), ("model", model)) if value}
    sure = surety(step.errors)
    way = "rose" if step.after.mean > step.before.mean else "fell"
    why = (
        f"{_WORDS[what]} {way} from {step.before.mean:.1%} to {step.after.mean:.1%} since {step.since:%H:%M} on "
        f"{where(about)}: {step.after.total:.0f} of {step.after.n:.0f} answers, before {step.before.total:.0f} of "
        f"{step.before.n:.0f}; {abs(step.errors):.1f} standard errors, {sure:.1%} sure."
    )
    before, after = 100.0 * step.before.mean, 100.0 * step.after.mean
    return Page(what, SIGNALS[what], sample.at, step.since, about, before, after, "%", sure, why[0].upper() + why[1:],
                tuple(line.shown) if way == "rose" else (sample.id,) if sample.id else ())  # fmt: skip
