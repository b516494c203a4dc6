"""Eyes on a live service: what is measured while an incident runs.

`Eyes` is what a live world sees with; `MeterEyes` samples the meters of cockpit.toml. Whoever serves the traffic
himself (a drill on the team's own staging systems) sees more, and brings eyes of his own.
"""

from __future__ import annotations

import math
import statistics
import threading
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from cockpit.errors import CockpitError
from cockpit.world.contract import Deadline, Meter
from cockpit.world.fleet import Fleet, Member
from cockpit.world.intime import in_time
from cockpit.world.port import Series, SignalFrame, TraceDetail, TraceRow

if TYPE_CHECKING:
    from cockpit.world.options import SignalOptions

SAMPLE_S = 5.0
"""How often meters are read."""

KEPT_S = 2 * 3600.0
"""How far back samples are kept, in seconds."""

FIRST_SAMPLES = 12
"""Without anything measured before the incident, so many first samples stand for the usual (a minute of them)."""

RATIOS = {
    "cost_per_min": "cost_ratio", "p99_ms": "p99_ratio", "error_pct": "error_ratio", "refusal_pct": "refusal_ratio",
    "ttft_ms": "ttft_ratio",
}  # fmt: skip
"""Signals whose multiple of the baseline is a fact the severity rubric may ask about."""


class Eyes(Protocol):
    """What a live world sees with; calls answer from what was measured already and never wait."""

    def frame(self, at: datetime, window_s: float, bins: int, arm: str) -> SignalFrame:
        """Return every signal as it is known at a moment."""
        ...

    def harmed(self, at: datetime) -> int:
        """Return how many users were visibly harmed so far."""
        ...

    def traces(self, since: datetime, until: datetime) -> Sequence[TraceRow]:
        """Return the traces that came to an end in (since, until]."""
        ...

    def verdicts(self, since: datetime, until: datetime) -> Sequence[tuple[int, str, tuple[float | None, ...]]]:
        """Return the judgements that arrived in (since, until]."""
        ...

    def trace(self, trace: int, at: datetime) -> TraceDetail | None:
        """Open one trace."""
        ...

    def close(self) -> None:
        """Stop looking."""
        ...


class Samples:
    """One signal's samples, oldest first; safe between the thread that measures and the one that looks."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: deque[tuple[datetime, float]] = deque()

    def add(self, at: datetime, value: float) -> None:
        """Keep one sample, and forget those that are too old."""
        with self._lock:
            self._kept.append((at, value))
            while (at - self._kept[0][0]).total_seconds() > KEPT_S:
                self._kept.popleft()

    def within(self, since: datetime, until: datetime) -> list[tuple[datetime, float]]:
        """Return the samples in (since, until]."""
        with self._lock:
            return [one for one in self._kept if since < one[0] <= until]

    def first(self, count: int) -> list[float]:
        """Return the values of the first samples."""
        with self._lock:
            return [value for _, value in list(self._kept)[:count]]


class MeterEyes:
    """Samples the meters of a fleet; signals are those of `[signals]`, best named as the rubric's facts."""

    def __init__(
        self, fleet: Fleet, signals: Mapping[str, SignalOptions], now: Callable[[], datetime], opened: datetime
    ) -> None:
        self._fleet = fleet
        self._options = dict(signals)
        self._now = now
        self._opened = opened
        self._samples = {name: Samples() for name in self._options}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep_looking, name="meters", daemon=True)

    def start(self) -> MeterEyes:
        """Begin to sample, if there is anything to sample."""
        if self._options:
            self._thread.start()
        return self

    def close(self) -> None:
        """Stop sampling."""
        self._stop.set()

    def look(self) -> None:
        """Read every meter once; one that does not answer, or not in numbers, leaves a gap."""
        for member, meter in self._fleet.meters():
            wanted = {signal: one.measure for signal, one in self._options.items() if one.system == member.name}
            if not wanted:
                continue
            try:
                found = _measured(member, meter, set(wanted.values()))
            except CockpitError:
                continue
            for signal, measure in wanted.items():
                if measure in found:
                    self._samples[signal].add(self._now(), found[measure])

    def _keep_looking(self) -> None:
        while not self._stop.is_set():
            self.look()
            self._stop.wait(SAMPLE_S)

    def frame(self, at: datetime, window_s: float, bins: int, arm: str) -> SignalFrame:
        """Return every signal, averaged into bins; an arm of its own can't be told apart here."""
        series = tuple(self._series(name, options, at, window_s, bins) for name, options in self._options.items())
        return SignalFrame(at, window_s, window_s / bins, series, facts_of(series))

    def harmed(self, at: datetime) -> int:
        """Return 0: a meter counts requests, not people."""
        return 0

    def traces(self, since: datetime, until: datetime) -> Sequence[TraceRow]:
        """Return nothing: a meter sees no traces."""
        return ()

    def verdicts(self, since: datetime, until: datetime) -> Sequence[tuple[int, str, tuple[float | None, ...]]]:
        """Return nothing: a meter judges nothing."""
        return ()

    def trace(self, trace: int, at: datetime) -> TraceDetail | None:
        """Return nothing: a meter sees no traces."""
        return None

    def _series(self, name: str, options: SignalOptions, at: datetime, window_s: float, bins: int) -> Series:
        samples = self._samples[name].within(at - timedelta(seconds=window_s), at)
        values = binned(samples, at - timedelta(seconds=window_s), window_s / bins, bins)
        return Series(
            name=name,
            label=options.label or name.replace("_", " "),
            unit=options.unit,
            values=values,
            latest=samples[-1][1] if samples else math.nan,
            baseline=self._baseline(name, options),
            threshold=options.threshold,
            floor=options.floor,
            harm=options.harm,
        )

    def _baseline(self, name: str, options: SignalOptions) -> float:
        if options.baseline is not None:
            return options.baseline
        samples = self._samples[name]
        before = [value for _, value in samples.within(self._opened - timedelta(seconds=KEPT_S), self._opened)]
        usual = before or samples.first(FIRST_SAMPLES)
        return statistics.median(usual) if usual else math.nan


def _measured(member: Member, meter: Meter, wanted: set[str]) -> dict[str, float]:
    """Return the figures of a meter that are wanted and are numbers, read in time.

    Raises:
        CockpitError: it did not answer, or with something else than figures.
    """
    seconds = member.deadline_s

    def figures() -> dict[str, float]:
        told = meter.measure(Deadline(seconds))
        found = {name: float(told[name]) for name in wanted if told.get(name) is not None}
        return {name: value for name, value in found.items() if math.isfinite(value)}

    return in_time(figures, seconds + 1, f"measuring {member.name}")


def binned(samples: Sequence[tuple[datetime, float]], start: datetime, bin_s: float, bins: int) -> list[float]:
    """Average samples into bins of `bin_s` seconds, oldest first; NaN where nothing was measured."""
    moments = [at for at, _ in samples]
    edges = [bisect_left(moments, start + timedelta(seconds=bin_s * number)) for number in range(bins)]
    ends = [*edges[1:], len(samples)]
    return [
        statistics.fmean(value for _, value in samples[first:last]) if last > first else math.nan
        for first, last in zip(edges, ends, strict=True)
    ]


def facts_of(series: Sequence[Series]) -> dict[str, float | bool | str]:
    """Return what the severity rubric may ask about: signals named as facts, and multiples of their baselines."""
    from cockpit.domain.facts import MEASURED

    facts: dict[str, float | bool | str] = {}
    for one in series:
        if one.latest != one.latest:
            continue
        if one.name in MEASURED:
            facts[one.name] = one.latest
        if one.name in RATIOS and one.baseline == one.baseline and one.baseline > 0:
            facts[RATIOS[one.name]] = one.latest / one.baseline
    return facts
