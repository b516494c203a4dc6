"""Where a series took a step: the split by weighted CUSUM at which before and after differ most surely."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from cockpit.detect.stream.bins import Minutes, Moments, errors_apart

Big = Callable[[Moments, Moments], bool]
"""Tells whether the way from the usual (first) to the present (second) is long enough to be told."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step: when, what was usual, what is since, and by how many standard errors they differ."""

    since_s: float
    before: Moments
    after: Moments
    errors: float

    @property
    def since(self) -> datetime:
        """When it began, to the minute."""
        return datetime.fromtimestamp(self.since_s, UTC)


@dataclass(frozen=True, slots=True)
class Search:
    """How a step is looked for.

    Attributes:
        window_s: how far back it may lie; `hold_s` how long it must have lasted.
        least: values needed on either side.
        errors: standard errors by which the sides must differ.
        floor: the least variance to reckon with.
    """

    window_s: float
    hold_s: float
    least: int
    errors: float
    floor: float = 0.0

    def run(self, series: Minutes, now_s: float, big: Big, usual: Moments | None = None) -> Step | None:
        """Return the surest step that is big enough, or None.

        The statistic is the likelihood ratio's, |S(k)| / sqrt(k (N - k) / N), which is the difference of the means in
        standard errors. It is maximised over the minutes of the window; what is before them counts as usual.

        Args:
            usual: what is usual where the series itself is too young to tell.
        """
        best: Step | None = None
        after = Moments()
        whole = series.whole
        for start, one in reversed(series.bins):
            if now_s - start > self.window_s:
                break
            after = after.plus(one)
            before = whole.minus(after)
            before = usual if usual is not None and before.n < self.least else before
            if now_s - start < self.hold_s or after.n < self.least or before.n < self.least:
                continue
            errors = errors_apart(before, after, self.floor)
            if abs(errors) >= self.errors and (best is None or abs(errors) > abs(best.errors)) and big(before, after):
                best = Step(start, before, after, errors)
        return best
