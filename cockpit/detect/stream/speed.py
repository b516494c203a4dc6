"""Speed: p99 of the whole answer, and the middle of the time to the first token and of the time for each token."""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from cockpit.detect.stream.bins import WIDTH_S, Minutes, Moments, Touched
from cockpit.detect.stream.page import Page, surety, where
from cockpit.detect.stream.sample import Sample
from cockpit.detect.stream.step import Search, Step
from cockpit.domain.thresholds import Thresholds

P99, TTFT, TPOT = "p99", "ttft", "token_time"
SIGNALS = {P99: "p99_ratio", TTFT: "ttft_ratio", TPOT: "p99_ratio"}
_WORDS = {TTFT: "the time to the first token", TPOT: "the time for each token"}
BASE = math.log(1.04)
"""Width of a bucket: four per cent, so that a percentile is right to two."""
RECENT = 10
"""Minutes whose p99 is held against that of the hours before."""
LEAST, LEAST_SLOW = 200, 8
"""Answers that a p99 needs, and slow ones among them."""
KEPT = 720


@dataclass(slots=True)
class Latencies:
    """Latencies by minute in logarithmic buckets, and all minutes but the recent ones together."""

    recent: deque[tuple[float, Counter[int]]] = field(default_factory=deque)
    older: deque[tuple[float, Counter[int]]] = field(default_factory=deque)
    usual: Counter[int] = field(default_factory=Counter)

    def add(self, at_s: float, latency_ms: float) -> None:
        """Take one latency."""
        start = at_s - at_s % WIDTH_S
        if not self.recent or start > self.recent[-1][0]:
            self.recent.append((start, Counter()))
            self._age(start)
        self.recent[-1][1][round(math.log(max(latency_ms, 0.01)) / BASE)] += 1

    def _age(self, now_s: float) -> None:
        while self.recent[0][0] <= now_s - RECENT * WIDTH_S:
            self.older.append(self.recent.popleft())
            self.usual.update(self.older[-1][1])
        while len(self.older) > KEPT:
            self.usual.subtract(self.older.popleft()[1])

    def now(self) -> Counter[int]:
        """Return the recent minutes together."""
        whole: Counter[int] = Counter()
        for _, one in self.recent:
            whole.update(one)
        return whole


def quantile(counts: Counter[int], share: float) -> float:
    """Return a quantile in milliseconds; 0 of nothing."""
    left = share * counts.total()
    for bucket in sorted(counts):
        left -= counts[bucket]
        if left <= 0 and counts[bucket]:
            return math.exp(bucket * BASE)
    return 0.0


@dataclass(slots=True)
class _Line:
    latencies: Latencies = field(default_factory=Latencies)
    ttft: Minutes = field(default_factory=Minutes)
    tpot: Minutes = field(default_factory=Minutes)


class Speed:
    """Follows how fast the answers of a stream are, by route and model."""

    def __init__(self, lines: Thresholds) -> None:
        self._lines = lines
        self._search = Search(lines.quality_window_s, lines.quality_hold_s, lines.quality_least, lines.sure, 0.01)
        self._followed: Touched[tuple[str, str], _Line] = Touched(_Line, 1_000)

    def take(self, sample: Sample, at_s: float) -> None:
        """Take one answer's times; those of failed ones say nothing of speed."""
        if sample.failed or not sample.latency_ms or not math.isfinite(sample.latency_ms):
            return
        line = self._followed.touch((sample.route, sample.model))
        line.latencies.add(at_s, sample.latency_ms)
        first = sample.ttft_ms if sample.ttft_ms and sample.ttft_ms > 0 else None
        if first:
            line.ttft.add(at_s, math.log(first))
        rest = sample.latency_ms - (first or 0.0)
        if sample.tokens_out >= 2 and rest > 0:
            line.tpot.add(at_s, math.log(rest / sample.tokens_out))

    def look(self, sample: Sample, at_s: float) -> Iterator[Page]:
        """Look at every route and model that answered since the last look."""
        for key in self._followed.look():
            line = self._followed[key]
            about = {name: one for name, one in zip(("route", "model"), key, strict=True) if one}
            if found := self._slow_tail(line.latencies, about, sample):
                yield found
            for what, series in ((TTFT, line.ttft), (TPOT, line.tpot)):
                if step := self._search.run(series, at_s, self._slower):
                    yield _page(what, step, about, sample)

    def _slower(self, before: Moments, after: Moments) -> bool:
        return after.mean - before.mean >= math.log(self._lines.speed_ratio)

    def _slow_tail(self, latencies: Latencies, about: dict[str, str], sample: Sample) -> Page | None:
        usual, now = latencies.usual, latencies.now()
        count = now.total()
        if count < LEAST or usual.total() < LEAST:
            return None
        before, after = quantile(usual, 0.99), quantile(now, 0.99)
        line = before * self._lines.speed_ratio
        edge = math.log(line) / BASE
        slow = sum(n for bucket, n in now.items() if bucket >= edge)
        expected = count * sum(n for bucket, n in usual.items() if bucket >= edge) / usual.total()
        errors = (slow - expected) / math.sqrt(max(expected, 0.002 * count, 1.0))
        if after < line or slow < LEAST_SLOW or errors < self._lines.sure:
            return None
        sure = surety(errors)
        since = latencies.recent[0][0]
        why = (
            f"P99 of {where(about)} is {after / 1000:.1f} s over the last {RECENT} min, usually {before / 1000:.1f} "
            f"s: {slow} of {count} answers took over {line / 1000:.1f} s where {expected:.0f} would be usual; "
            f"{sure:.1%} sure."
        )
        began = sample.at.fromtimestamp(since, sample.at.tzinfo)
        evidence = (sample.id,) if sample.id else ()
        return Page(P99, SIGNALS[P99], sample.at, began, about, before, after, "ms", sure, why, evidence)


def _page(what: str, step: Step, about: dict[str, str], sample: Sample) -> Page:
    before, after, sure = math.exp(step.before.mean), math.exp(step.after.mean), surety(step.errors)
    why = (
        f"{_WORDS[what]} on {where(about)} rose from {before:.0f} to {after:.0f} ms since {step.since:%H:%M} "
        f"(geometric means of {step.before.n:.0f} and {step.after.n:.0f} answers); {sure:.1%} sure."
    )
    evidence = (sample.id,) if sample.id else ()
    about = {**about, "sort": what}
    return Page(
        what,
        SIGNALS[what],
        sample.at,
        step.since,
        about,
        before,
        after,
        "ms",
        sure,
        why[0].upper() + why[1:],
        evidence,
    )
