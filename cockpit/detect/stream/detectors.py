"""Every detector on one stream of answers: samples in, pages out, in the stream's own time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from cockpit.detect.answer import alarm
from cockpit.detect.meaning import Meanings
from cockpit.detect.stream.baseline import Baseline
from cockpit.detect.stream.bins import WIDTH_S
from cockpit.detect.stream.cost import Cost
from cockpit.detect.stream.drift import Drift
from cockpit.detect.stream.page import Page, Pager, with_change
from cockpit.detect.stream.quality import Quality
from cockpit.detect.stream.sample import Sample
from cockpit.detect.stream.shares import Shares
from cockpit.detect.stream.speed import Speed
from cockpit.domain.thresholds import Thresholds
from cockpit.world.port import Change

Changes = Callable[[], Iterable[Change]]


class Detectors:
    """Takes answers in the order they were completed, and returns the pages they give rise to.

    Time is the stream's: nothing here reads a clock. An answer that comes late counts as if it came now.

    Args:
        lines: the profile's thresholds.
        baseline: what answers are held against; without one nothing is said of drift.
        changes: asked for, when a page is made, what changed lately.
        meanings: what answers mean against the baseline, where a model for that is at hand.
    """

    def __init__(
        self,
        lines: Thresholds | None = None,
        baseline: Baseline | None = None,
        changes: Changes = tuple,
        meanings: Meanings | None = None,
    ) -> None:
        lines = lines or Thresholds()
        self._changes = changes
        self._pager = Pager(lines.again_s)
        self._cost = Cost(lines)
        self._drift = Drift(lines, baseline) if baseline else None
        self._meanings = meanings
        self._by_minute = (Quality(lines), Shares(lines), Speed(lines))
        self._looked = -1.0
        self._now = 0.0
        self._last: Sample | None = None

    def take(self, sample: Sample) -> list[Page]:
        """Take one answer and return the pages that are news."""
        self._now = now = max(self._now, sample.at.timestamp())
        found = [*alarm.pages(sample), *self._cost.take(sample, now)]
        if self._drift:
            found += self._drift.take(sample)
        if self._meanings:
            found += self._meanings.take(sample)
        minute = now - now % WIDTH_S
        if minute > self._looked:
            found += self._look(self._looked + WIDTH_S) if self._looked >= 0 else ()
            self._looked = minute
        for one in self._by_minute:
            one.take(sample, now)
        self._last = sample
        return self._news(found)

    def close(self) -> list[Page]:
        """Look once more, at the end of a stored stream."""
        return self._news(self._look(self._now))

    def _look(self, at_s: float) -> Iterator[Page]:
        if self._last is not None:
            for one in self._by_minute:
                yield from one.look(self._last, at_s)

    def _news(self, found: Iterable[Page]) -> list[Page]:
        pages = [page for page in found if self._pager.lets(page)]
        return [with_change(page, self._changes()) for page in pages] if pages else []
