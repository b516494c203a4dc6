"""Cost runaway: a tenant that spends far more than it usually does, than it ever did, and than the service can bear.

A fixed multiple of the average wakes people for nothing: busy tenants reach twelve times their median on a good day.
So a tenant is held against three lines at once: its own trailing average, its own record, and what the whole service
usually costs, under a share of which an excess can wait until morning.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from cockpit.detect.stream.bins import Bounded
from cockpit.detect.stream.pace import DAY_S, SLOT_S, WINDOWS, Pace
from cockpit.detect.stream.page import Page
from cockpit.detect.stream.sample import Sample
from cockpit.domain.thresholds import Thresholds

NAME, SIGNAL = "cost", "cost_ratio"
YOUNG_S = 1800.0
"""Seconds of the service's history under which nothing is usual yet."""
YOUNG_RECORD = 2.0
"""Times its record that a tenant may reach beyond the profile's line on its first day."""
LEAST_CALLS, LEAST_WORTH = 5, 30.0
"""Calls in a window, and their cost in usual calls, under which a rate is a matter of chance."""


class Cost:
    """Follows what a stream costs, by tenant and as a whole."""

    def __init__(self, lines: Thresholds) -> None:
        self._lines = lines
        self._tenants: Bounded[str, Pace] = Bounded(Pace)
        self._whole = Pace()

    def take(self, sample: Sample, at_s: float) -> Iterator[Page]:
        """Take one answer; look whenever half a minute of its tenant is over."""
        start = at_s - at_s % SLOT_S
        if sample.tenant:
            pace = self._tenants[sample.tenant]
            if pace.roll(start):
                yield from self._look(sample, pace, start)
            pace.add(sample.cost, sample.id)
        if self._whole.roll(start):
            yield from self._look(sample, self._whole, start)
        self._whole.add(sample.cost, sample.id)

    def _look(self, sample: Sample, pace: Pace, now_s: float) -> Iterator[Page]:
        for slots in WINDOWS:
            spent, calls = pace.window(slots)
            rate = spent / (slots * SLOT_S)
            if self._runs_away(pace, slots, rate, calls, now_s):
                pace.paged_s = now_s
                yield self._page(sample, pace, slots, rate, now_s)
                return
        for slots in WINDOWS:
            if now_s - pace.paged_s > slots * SLOT_S:
                pace.records.learn(now_s, slots, pace.window(slots)[0] / (slots * SLOT_S))

    def _runs_away(self, pace: Pace, slots: int, rate: float, calls: int, now_s: float) -> bool:
        lines, whole = self._lines, self._whole.usual
        worth = spent_in_calls(self._whole, rate * slots * SLOT_S)
        if calls < LEAST_CALLS or worth < LEAST_WORTH or whole.age(now_s) < YOUNG_S:
            return False
        usual = self._usual(pace, now_s)
        margin = lines.cost_record * (YOUNG_RECORD if pace.usual.age(now_s) < DAY_S else 1.0)
        highest = max(usual * lines.cost_ratio, pace.records.highest(slots) * margin)
        return rate > highest and rate - usual >= lines.cost_share * whole.rate(now_s)

    def _usual(self, pace: Pace, now_s: float) -> float:
        """Return a tenant's usual rate; one that has just come is measured over the service's life, not its own."""
        whole = min(DAY_S, self._whole.usual.age(now_s))
        own = max(SLOT_S, min(DAY_S, pace.usual.age(now_s)))
        return pace.usual.rate(now_s) * (own / whole if own < whole else 1.0)

    def _page(self, sample: Sample, pace: Pace, slots: int, rate: float, now_s: float) -> Page:
        usual, record, whole = self._usual(pace, now_s), pace.records.highest(slots), self._whole.usual.rate(now_s)
        unit = "$/min" if sample.priced else "tokens/min"
        since = datetime.fromtimestamp(now_s - slots * SLOT_S, UTC)
        about = {"tenant": sample.tenant} if pace is not self._whole else {}
        who = f"tenant {sample.tenant}" if about else "the whole service"
        times = f"{rate / usual:,.0f}×" if usual > 0 else "without any before"
        sure = min(0.999, 1.0 - 0.5 * min(1.0, max(record, usual) / rate))
        why = (
            f"{who} spends {rate * 60:,.4g} {unit} since {since:%H:%M:%S}, usually {usual * 60:,.4g} ({times}); its "
            f"record was {record * 60:,.4g}, and the excess is {(rate - usual) / max(whole, 1e-12):.0%} of what the "
            f"whole service usually costs; {sure:.0%} sure."
        )
        evidence = (pace.trace,) if pace.trace else ()
        return Page(
            NAME,
            SIGNAL,
            sample.at,
            since,
            about,
            usual * 60,
            rate * 60,
            unit,
            sure,
            why[0].upper() + why[1:],
            evidence,
        )


def spent_in_calls(whole: Pace, spent: float) -> float:
    """Return a sum in calls of average cost."""
    return spent * whole.calls_ever / whole.spent_ever if whole.spent_ever else 0.0
