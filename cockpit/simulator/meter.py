"""Metrics over time, counted once per run on a grid of five seconds.

Everything is counted at the moment at which it becomes known: an answer when it ends, a score when it arrives. So a
value read at a moment never contains anything that was not known by then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cockpit.simulator.engine import Bools
from cockpit.simulator.loops import spent
from cockpit.simulator.seen import PASS_MARK, Seen
from cockpit.simulator.vocabulary import ERROR, LEAK, LOOP, LOOPING, REFUSAL, SERVED_STATIC, UNJUDGED, WRONG

GRID_S = 5.0
LEVELS = 96
_LOWEST, _STEP = 0.02, 0.13
LONG_S = 120.0
COUNTERS = (
    *("done", "static", "refused", "error", "loop", "thumbs", "tokens"),
    *("judged", "grounded", "safe", "sound", "leak", "wrong", "bad", "complaint", "cost"),
)

Values = NDArray[np.float64]
Column = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Where:
    """Which requests are counted; empty means all."""

    routes: tuple[str, ...] = ()
    tenants: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    arm: str = ""


EVERYWHERE = Where()


class Meter:
    """Counters of one run for one choice of requests; `window` gives sums, `metric` values."""

    def __init__(self, seen: Seen, where: Where = EVERYWHERE) -> None:
        self.seen = seen
        self.cells = int(seen.run.scenario.horizon_s // GRID_S) + 1
        self._where = where
        self._counted: dict[str, Values] = {name: np.zeros(self.cells + 1) for name in COUNTERS}
        self._ended: dict[str, Values] = {
            name: np.zeros((self.cells + 1, LEVELS), dtype=np.int64) for name in ("total", "ttft")
        }
        for part in seen.run.ground.requests.parts():
            self._count(part)
            seen.run.ground.shelf.release()
        self._complaints()
        self._sums = {name: _upto(counted[: self.cells]) for name, counted in self._counted.items()}
        self._levels = {name: _upto(ended[: self.cells]).astype(np.float32) for name, ended in self._ended.items()}
        del self._counted, self._ended
        self._loop()

    def _count(self, part: slice) -> None:
        """Count a stretch of requests: it is only as long as what lies about meanwhile may be large."""
        seen, run = self.seen, self.seen.run
        mine = part.start + np.flatnonzero(_chosen(seen, self._where, part))
        finish, flag = seen.finish(mine), seen.flag[mine]
        self._tally("done", finish)
        self._tally("static", finish[flag == SERVED_STATIC])
        self._tally("refused", finish[flag == REFUSAL])
        self._tally("error", finish[flag == ERROR])
        self._tally("loop", finish[flag == LOOP])
        self._tally("thumbs", finish[seen.thumbs[mine]])
        self._tally("tokens", finish, run.ground.requests.tokens_out[mine])
        self._judgements(part)
        self._tally("leak", finish[flag == LEAK])
        self._tally("bad", finish[np.isin(flag, (LEAK, REFUSAL, ERROR, LOOP))])
        self._histogram("total", finish, run.columns.total[mine], flag)
        self._histogram("ttft", finish, run.ttft(part)[mine - part.start], flag)
        steady = run.columns.outcome[mine] != LOOPING
        self._tally("cost", finish[steady], run.columns.cost[mine][steady])

    def _judgements(self, part: slice) -> None:
        judged = self.seen.judged
        first, last = np.searchsorted(judged.place, [part.start, part.stop])
        mine = first + np.flatnonzero(_chosen(self.seen, self._where, judged.place[first:last]))
        at, scores, verdict = judged.at[mine], judged.scores[mine], judged.verdict[mine]
        self._tally("judged", at)
        self._tally("grounded", at[scores[:, 0] >= PASS_MARK * 2])
        self._tally("safe", at[scores[:, 1] >= PASS_MARK * 2])
        self._tally("sound", at[scores.min(axis=1) >= PASS_MARK * 2])
        early = self.seen.flag[judged.place[mine]]
        late_leak = at[(verdict == LEAK) & (early != LEAK)]
        self._tally("wrong", at[(verdict == WRONG) & (early == UNJUDGED)])
        self._tally("leak", late_leak)
        self._tally("bad", late_leak)

    def _complaints(self) -> None:
        seen = self.seen
        self._tally("complaint", seen.complained_at[_chosen(seen, self._where, seen.complained)])

    def _loop(self) -> None:
        """Add what loops spend while they run, and count those that run for long."""
        run = self.seen.run
        inside = _chosen(self.seen, self._where, run.loops.place)
        at, call = run.loops.at[inside], run.loops.call[inside]
        lasted = run.columns.total[run.loops.place[inside]].astype(np.float64)
        edges = np.arange(-1, self.cells + 1) * GRID_S
        running, spending = np.zeros(self.cells), np.zeros(self.cells)
        for start in range(0, len(at), 512):
            part = slice(start, start + 512)
            age = np.clip(edges[:, None] - at[part], 0.0, lasted[part])
            total = spent(run.scenario, call[part], age) * (edges[:, None] >= at[part])
            spending += np.diff(total.sum(axis=1))[: self.cells]
            now = edges[1 : self.cells + 1, None] - at[part]
            running += ((now > LONG_S) & (now < lasted[part])).sum(axis=1)
        self._sums["cost"] += np.concatenate([[0.0], np.cumsum(spending)])
        self.loops = running

    def _tally(self, name: str, at: Column, weight: Column | None = None) -> None:
        cell = np.ceil(at / GRID_S).astype(np.int64)
        cell = np.minimum(cell, self.cells)
        if weight is None:
            self._counted[name] += np.bincount(cell, minlength=self.cells + 1)
        else:
            # One after the other: sums of sums would round in another way.
            np.add.at(self._counted[name], cell, weight.astype(np.float64))

    def _histogram(self, name: str, at: Column, value: Column, flag: NDArray[np.uint8]) -> None:
        answered = flag != SERVED_STATIC
        cell = np.minimum(np.ceil(at[answered] / GRID_S).astype(np.int64), self.cells)
        level = np.log(np.maximum(value[answered], _LOWEST) / _LOWEST) / _STEP
        level = np.minimum(level, LEVELS - 1).astype(np.int64)
        counted = np.bincount(cell * LEVELS + level, minlength=(self.cells + 1) * LEVELS)
        self._ended[name] += counted.reshape(-1, LEVELS)

    def window(self, name: str, last: NDArray[np.int64], cells: int) -> Values:
        """Return sums over the `cells` cells up to and with each cell of `last`."""
        upto = np.minimum(np.maximum(last + 1, 0), self.cells)
        return np.asarray(self._sums[name][upto] - self._sums[name][np.maximum(upto - cells, 0)])

    def percentile(self, name: str, last: NDArray[np.int64], cells: int, share: float) -> Values:
        """Return a percentile in seconds over the same windows; NaN where nothing ended."""
        upto = np.minimum(np.maximum(last + 1, 0), self.cells)
        counts = self._levels[name][upto] - self._levels[name][np.maximum(upto - cells, 0)]
        running = np.cumsum(counts, axis=1)
        total = running[:, -1:]
        level = (running < share * total).sum(axis=1)
        return np.where(total[:, 0] > 0, _LOWEST * np.exp((level + 0.5) * _STEP), np.nan)

    def metric(self, name: str, last: NDArray[np.int64], cells: int) -> Values:
        """Return a metric of vocabulary.METRICS, ratios still undivided by their baseline."""
        return METRIC[name](self, last, cells)

    def baseline(self, name: str) -> float:
        """Return a metric over the quiet time."""
        quiet = int(self.seen.run.scenario.quiet // GRID_S)
        value = float(self.metric(name, np.asarray([quiet]), quiet)[0])
        return value if value == value else 0.0

    def share(self, part: str, whole: str, last: NDArray[np.int64], cells: int) -> Values:
        """Return one count as a percentage of another; NaN where there is nothing."""
        total = self.window(whole, last, cells)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(total > 0, 100.0 * self.window(part, last, cells) / total, np.nan)

    def per_minute(self, name: str, last: NDArray[np.int64], cells: int) -> Values:
        """Return a count per minute."""
        have = np.minimum(np.maximum(last + 1, 1), cells)
        return self.window(name, last, cells) * 60.0 / (have * GRID_S)


def _upto(counted: Column) -> Values:
    """Return running sums, beginning with nothing."""
    running = np.cumsum(counted, axis=0)
    return np.concatenate([np.zeros((1, *counted.shape[1:])), running])


def _chosen(seen: Seen, where: Where, which: slice | Column) -> Bools:
    """Tell which of some requests are counted."""
    run = seen.run
    requests, scenario = run.ground.requests, run.scenario
    keep = np.ones(len(requests.route[which]), dtype=bool)
    names = (
        (where.routes, requests.route, [route.name for route in scenario.routes]),
        (where.tenants, requests.tenant, [tenant.name for tenant in scenario.tenants]),
        (where.kinds, requests.kind, list(scenario.kind_names)),
    )
    for wanted, column, known in names:
        if wanted:
            keep &= np.isin(column[which], [known.index(name) for name in wanted])
    if where.arm:
        keep &= run.columns.canary[which] == (where.arm == "canary")
    return keep


Metric = Callable[[Meter, NDArray[np.int64], int], Values]

METRIC: dict[str, Metric] = {
    "leaks_per_min": lambda m, last, n: m.per_minute("leak", last, n),
    "wrong_per_min": lambda m, last, n: m.per_minute("wrong", last, n),
    "grounding_pct": lambda m, last, n: m.share("grounded", "judged", last, n),
    "safety_pct": lambda m, last, n: m.share("safe", "judged", last, n),
    "quality_pct": lambda m, last, n: m.share("sound", "judged", last, n),
    "refusal_pct": lambda m, last, n: m.share("refused", "done", last, n),
    "error_pct": lambda m, last, n: m.share("error", "done", last, n),
    "loops": lambda m, last, _n: m.loops[np.clip(last, 0, m.cells - 1)],
    "cost_ratio": lambda m, last, n: m.per_minute("cost", last, n),
    "cost_per_min": lambda m, last, n: m.per_minute("cost", last, n),
    "p99_ratio": lambda m, last, n: m.percentile("total", last, n, 0.99),
    "p99_s": lambda m, last, n: m.percentile("total", last, n, 0.99),
    "ttft_ratio": lambda m, last, n: m.percentile("ttft", last, n, 0.99),
    "thumbs_down_pct": lambda m, last, n: m.share("thumbs", "done", last, n),
    "escalations_per_min": lambda m, last, n: m.per_minute("complaint", last, n),
    "requests_per_min": lambda m, last, n: m.per_minute("done", last, n),
    "static_pct": lambda m, last, n: m.share("static", "done", last, n),
    "tokens_out": lambda m, last, n: m.share("tokens", "done", last, n) / 100.0,
}
"""How each metric is computed from the counters."""

RATIOS = ("cost_ratio", "p99_ratio", "ttft_ratio")
"""Metrics that are divided by their quiet level."""
COUNTED = ("leaks_per_min", "wrong_per_min", "cost_ratio", "cost_per_min", "escalations_per_min")
"""Metrics that grow with the traffic: a part of it is held against the same line as if it were the whole."""


def cells_of(at: float, window_s: float, bins: int) -> NDArray[np.int64]:
    """Return the last cell of each of `bins` bins of a window that ends at a moment."""
    edges = at - window_s * np.arange(bins - 1, -1, -1) / bins
    return np.floor(edges / GRID_S + 1e-9).astype(np.int64)
