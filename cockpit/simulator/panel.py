"""Signals and facts as responders see them at a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cockpit.simulator.late import LateFacts
from cockpit.simulator.meter import COUNTED, EVERYWHERE, GRID_S, RATIOS, Meter, Where, cells_of
from cockpit.simulator.schema.story import Signal
from cockpit.simulator.seen import Seen
from cockpit.simulator.vocabulary import ERROR, FACTS, LEAK, LOOP, WRONG
from cockpit.world.port import Series, SignalFrame

FACT_S = 120.0
BAD_S = 300.0
AFFECTED_S = 600.0
SHARE_S = 300.0
"""An arm's share of the traffic is taken over so long."""
FLAGS = ("leak_seen", "injection_seen", "unauthorised_action", "regulated", "feature_down")
"""Facts that are yes or no."""

Values = NDArray[np.float64]
Cells = NDArray[np.int64]


class Panel:
    """All signals and facts of one run."""

    def __init__(self, seen: Seen) -> None:
        self.seen = seen
        self.scenario = seen.run.scenario
        self._meters: dict[Where, Meter] = {}
        self._baselines: dict[tuple[str, Where], float] = {}

    def meter(self, where: Where = EVERYWHERE) -> Meter:
        """Return the counters for a choice of requests."""
        if where not in self._meters:
            self._meters[where] = Meter(self.seen, where)
        return self._meters[where]

    def baseline(self, metric: str, where: Where = EVERYWHERE) -> float:
        """Return the quiet level of a metric, before any division."""
        if (metric, where) not in self._baselines:
            self._baselines[metric, where] = self.meter(where).baseline(metric)
        return self._baselines[metric, where]

    def values(self, metric: str, where: Where, last: NDArray[np.int64], smooth_s: float) -> Values:
        """Return a metric at some cells."""
        cells = max(1, round(smooth_s / GRID_S))
        found = self.meter(where).metric(metric, last, cells)
        if where.arm and metric in COUNTED:
            found = found * self._times(where, last)
        if metric in RATIOS:
            quiet = self.baseline(metric, replace(where, arm=""))
            found = found / quiet if quiet > 0 else found * np.nan
        return np.where(last >= 0, found, np.nan)

    def _times(self, where: Where, last: NDArray[np.int64]) -> Values:
        """How many times an arm's traffic all of it is: what it would count if everybody were on it."""
        cells = int(SHARE_S / GRID_S)
        mine = self.meter(where).window("done", last, cells)
        return self.meter(replace(where, arm="")).window("done", last, cells) / np.where(mine > 0, mine, np.nan)

    def series(self, signal: Signal, last: Cells, arm: str = "") -> Series:
        """Return one signal at some cells."""
        everywhere = Where(tuple(signal.routes), tuple(signal.tenants), tuple(signal.kinds))
        values = self.values(signal.metric, replace(everywhere, arm=arm), last, signal.smooth)
        return Series(
            name=signal.name,
            label=signal.label,
            unit=signal.unit,
            values=values.tolist(),
            latest=float(values[-1]),
            baseline=1.0 if signal.metric in RATIOS else self.baseline(signal.metric, everywhere),
            threshold=signal.threshold,
            floor=signal.floor,
            harm=signal.harm,
        )

    def frame(self, at: float, window_s: float, bins: int, percent: float, arm: str) -> SignalFrame:
        """Return all signals and facts at a moment (seconds after the start), on one arm or on all."""
        last = cells_of(at, window_s, bins)
        series = tuple(self.series(signal, last, arm) for signal in self.scenario.signals)
        moment = self.scenario.start + timedelta(seconds=at)
        facts = LateFacts(lambda: self.facts(at, percent))
        return SignalFrame(moment, window_s, window_s / bins, series, facts)

    def fact(self, name: str, last: Cells, percent: float = 0.0) -> Values:
        """Return a fact of vocabulary.FACTS at some cells."""
        if name in _PLAIN:
            metric, span = _PLAIN[name]
            return np.nan_to_num(self.values(metric, EVERYWHERE, last, span))
        if name in _RATIO:
            now = np.nan_to_num(self.values(_RATIO[name], EVERYWHERE, last, FACT_S))
            return now / max(self.baseline(_RATIO[name]), 0.1)
        return np.asarray(_OTHER[name](self, last, percent), dtype=np.float64)

    def facts(self, at: float, percent: float) -> dict[str, float | bool | str]:
        """Return what the severity rubric may ask about; the list is vocabulary.FACTS."""
        last = cells_of(at, GRID_S, 1)
        found = {name: float(self.fact(name, last, percent)[0]) for name in FACTS}
        return {name: bool(value) if name in FLAGS else value for name, value in found.items()}

    def _drop(self, last: Cells) -> Values:
        now = self.values("quality_pct", EVERYWHERE, last, BAD_S)
        return np.nan_to_num(np.maximum(self.baseline("quality_pct") - now, 0.0))

    def _bad(self, last: Cells, where: Where) -> Values:
        """Share of the answers of the last minutes that are bad: noticed ones, and judged ones scaled up, %."""
        meter, cells = self.meter(where), int(BAD_S / GRID_S)
        noticed = np.nan_to_num(meter.share("bad", "done", last, cells))
        judged = np.nan_to_num(meter.share("wrong", "judged", last, cells))
        return np.minimum(noticed + judged, 100.0)

    def _degraded(self, last: Cells) -> Values:
        quiet = np.asarray([int(self.scenario.quiet // GRID_S)])
        return np.maximum(self._bad(last, EVERYWHERE) - self._bad(quiet, EVERYWHERE), 0.0) / 100.0

    def _answers(self, last: Cells, where: Where) -> Values:
        return self.meter(where).window("done", last, int(BAD_S / GRID_S))

    @cached_property
    def _known_bad(self) -> tuple[Values, NDArray[np.int64], NDArray[np.uint8]]:
        """Moments at which bad answers became known, in order, with the request and the verdict."""
        seen = self.seen
        flagged, ended = seen.flagged((LEAK, ERROR, LOOP))
        words = seen.judged
        judged = np.flatnonzero(np.isin(words.verdict, (LEAK, WRONG)) & (seen.flag[words.place] != LEAK))
        place = np.concatenate([flagged, words.place[judged]])
        at = np.concatenate([ended, words.at[judged]]).astype(np.float64)
        sign = np.concatenate([seen.flag[flagged], words.verdict[judged]])
        order = np.argsort(at, kind="stable")
        return at[order], place[order], sign[order]

    @cached_property
    def _harmed(self) -> Values:
        """Moments at which users were first known to be harmed, in order."""
        at, place, sign = self._known_bad
        requests = self.seen.run.ground.requests
        outcomes = self.scenario.weights.outcomes
        counted = [LEAK] if "leaked" in outcomes else []
        counted += [WRONG] if outcomes.get("hallucinated", 0.0) >= 0.2 else []
        counted += [ERROR] if outcomes.get("tool_error", 0.0) > 0 else []
        counted += [LOOP] if outcomes.get("looping", 0.0) > 0 else []
        mine = np.isin(sign, counted)
        _, first = np.unique(requests.user[place[mine]], return_index=True)
        return np.sort(at[mine][first])

    def harmed(self, at: float) -> int:
        """Return how many users are known to be harmed by a moment."""
        return int(np.searchsorted(self._harmed, at, side="right"))

    def _leaks(self, last: Cells, *, attacks: bool) -> Values:
        """How many leaks were known by some cells; with `attacks` only those that were asked for."""
        moments, place, sign = self._known_bad
        mine = sign == LEAK
        if attacks:
            mine &= self.seen.attacks(place)
        return np.searchsorted(moments[mine], last * GRID_S, side="right").astype(np.float64)

    def _affected(self, last: Cells, column: NDArray[np.uint8]) -> Values:
        """How many different tenants or routes had a known bad answer in the last minutes."""
        counts = [len(np.unique(column[places])) for places in self._lately_bad(last)]
        return np.asarray(counts, dtype=np.float64)

    def _regulated(self, last: Cells) -> Values:
        """Whether a known bad answer of the last minutes was given on a regulated route."""
        strict = [number for number, route in enumerate(self.scenario.routes) if route.regulated]
        routes = self.seen.run.ground.requests.route
        hit = [bool(strict) and bool(np.isin(routes[places], strict).any()) for places in self._lately_bad(last)]
        return np.asarray(hit, dtype=np.float64)

    def _lately_bad(self, last: Cells) -> Iterator[NDArray[np.intp]]:
        """Return, by cell, the answers of the last minutes that were known to be bad by then."""
        moments, place, _ = self._known_bad
        upto = np.searchsorted(moments, last * GRID_S, side="right")
        since = np.searchsorted(moments, last * GRID_S - AFFECTED_S, side="right")
        return (place[a:b] for a, b in zip(since, upto, strict=True))


_PLAIN = {
    "cost_ratio": ("cost_ratio", FACT_S),
    "p99_ratio": ("p99_ratio", FACT_S),
    "ttft_ratio": ("ttft_ratio", FACT_S),
    "error_pct": ("error_pct", FACT_S),
    "refusal_pct": ("refusal_pct", FACT_S),
    "leaks_per_min": ("leaks_per_min", FACT_S),
    "loops": ("loops", FACT_S),
    "grounding_pct": ("grounding_pct", BAD_S),
    "thumbs_down_pct": ("thumbs_down_pct", BAD_S),
}
_RATIO = {"error_ratio": "error_pct", "refusal_ratio": "refusal_pct"}
_CANARY = Where(arm="canary")
_OTHER: dict[str, Callable[[Panel, Cells, float], Any]] = {
    "leak_seen": lambda p, last, _: p._leaks(last, attacks=False) > 0,
    "injection_seen": lambda p, last, _: p._leaks(last, attacks=True) > 0,
    "unauthorised_action": lambda p, last, _: np.zeros(len(last)),
    "degraded_share": lambda p, last, _: p._degraded(last),
    "quality_drop": lambda p, last, _: p._drop(last),
    "users_harmed": lambda p, last, _: np.searchsorted(p._harmed, last * GRID_S, side="right"),
    "affected_tenants": lambda p, last, _: p._affected(last, p.seen.run.ground.requests.tenant),
    "affected_routes": lambda p, last, _: p._affected(last, p.seen.run.ground.requests.route),
    "regulated": lambda p, last, _: p._regulated(last),
    "feature_down": lambda p, last, _: p.values("static_pct", EVERYWHERE, last, FACT_S) > 95.0,
    "canary_percent": lambda p, last, percent: np.full(len(last), percent),
    "canary_answers": lambda p, last, percent: p._answers(last, _CANARY) if percent > 0 else np.zeros(len(last)),
    "canary_bad_pct": lambda p, last, percent: p._bad(last, _CANARY) if percent > 0 else np.zeros(len(last)),
}
