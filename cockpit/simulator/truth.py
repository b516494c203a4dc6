"""The truth that scoring needs: harm, lost service and excess cost, of which responders see only signs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cockpit.simulator.engine import Ground, Run
from cockpit.simulator.loops import spent
from cockpit.simulator.schema.scenario import Scenario
from cockpit.simulator.vocabulary import BLOCKED, GOOD, OUTCOMES, STATIC

CONTAINED_SHARE = 0.02
CONTAINED_S = 300.0
HARM_BIN_S = 15.0

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a drill did to people, between the page and some moment.

    `harm` is weighed and counts only what a healthy day would not have done; `lost` counts healthy requests
    that got no answer of the model; `excess_cost` is in $; `j` is the sum that policies are compared by.
    """

    harm: float
    lost: float
    excess_cost: float
    j: float
    users_harmed: int
    counts: Mapping[str, int]
    unit: str


class Weigher:
    """Weighs requests of one scenario; made once for all runs on the same ground."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        scenario = ground.scenario
        self.weight = np.zeros(len(OUTCOMES))
        for name, weight in scenario.weights.outcomes.items():
            self.weight[OUTCOMES.index(name)] = weight
        healthy, self.healthy_cost = ground.healthy
        self._usual = self.weight[healthy]
        self._losable = (healthy == GOOD) & ~np.asarray(scenario.attack_kinds)[ground.requests.kind]

    def harm(self, run: Run, start: int, stop: int) -> Values:
        """Return each request's weighed harm above a healthy day's."""
        part = slice(start, stop)
        return np.maximum(self.weight[run.columns.outcome[part]] - self._usual[part], 0.0)

    def lost(self, run: Run, start: int, stop: int) -> NDArray[np.bool_]:
        """Return which healthy requests got no answer of the model."""
        outcome = run.columns.outcome[start:stop]
        return np.asarray(self._losable[start:stop] & ((outcome == STATIC) | (outcome == BLOCKED)))

    def excess(self, run: Run, start: int, stop: int) -> Values:
        """Return each request's cost above a healthy day's, loops left out ($)."""
        part = slice(start, stop)
        over = np.maximum(run.columns.cost[part].astype(np.float64) - self.healthy_cost[part], 0.0)
        inside = run.loops.place[(run.loops.place >= start) & (run.loops.place < stop)]
        over[inside - start] = 0.0
        return over

    def loop_cost(self, run: Run, since: float, until: float) -> float:
        """Return what loops cost between two moments ($)."""
        loops = run.loops
        if not len(loops.at):
            return 0.0
        lasted = run.columns.total[loops.place].astype(np.float64)
        first = np.clip(since - loops.at, 0.0, lasted)
        last = np.clip(until - loops.at, 0.0, lasted)
        scenario = self.ground.scenario
        return float((spent(scenario, loops.call, last) - spent(scenario, loops.call, first)).sum())

    def j(self, harm: float, lost: float, excess: float) -> float:
        """Weigh harm, lost service and excess cost together."""
        weights = self.ground.scenario.weights
        return harm + weights.lambda_lost * lost + weights.lambda_cost * excess


def outcome(weigher: Weigher, run: Run, until: float) -> Outcome:
    """Return the truth between the page and a moment (seconds after the start)."""
    requests, scenario = run.ground.requests, run.scenario
    start, stop = (int(place) for place in np.searchsorted(requests.at, [scenario.page_s, until]))
    each = weigher.harm(run, start, stop)
    harm = float(each.sum())
    lost = float(weigher.lost(run, start, stop).sum())
    excess = float(weigher.excess(run, start, stop).sum()) + weigher.loop_cost(run, scenario.page_s, until)
    counts = np.bincount(run.columns.outcome[start:stop], minlength=len(OUTCOMES))
    return Outcome(
        harm,
        lost,
        excess,
        weigher.j(harm, lost, excess),
        len(np.unique(requests.user[start:stop][each > 0])),
        {name: int(count) for name, count in zip(OUTCOMES, counts, strict=True)},
        scenario.weights.unit,
    )


def harm_rate(weigher: Weigher, run: Run, bin_s: float) -> Values:
    """Return harm per minute in bins from the start to the end, excess cost of loops included."""
    scenario, requests = run.scenario, run.ground.requests
    bins = int(np.ceil(scenario.horizon_s / bin_s))
    place = np.minimum((requests.at / bin_s).astype(np.int64), bins - 1)
    weights = scenario.weights
    rate = np.bincount(place, weigher.harm(run, 0, requests.count), bins)
    if weights.lambda_cost > 0:
        over = np.bincount(place, weigher.excess(run, 0, requests.count), bins)
        edges = np.arange(bins + 1) * bin_s
        loops = np.diff([weigher.loop_cost(run, -1.0, edge) for edge in edges])
        rate = rate + weights.lambda_cost * (over + loops)
    return np.asarray(rate * (60.0 / bin_s), dtype=np.float64)


def contained_after(scenario: Scenario, rate: Values, bin_s: float, soonest: float = 0.0) -> float | None:
    """Return the seconds after the page from which harm stays under 2 % of its peak for five minutes.

    Looked for from `soonest` on (seconds after the start), and never before the page.

    None when that never happens, or when nothing was harmed at all.
    """
    peak = float(rate.max(initial=0.0))
    first = int(max(scenario.page_s, soonest) // bin_s)
    span = int(CONTAINED_S / bin_s)
    if peak <= 0.0:
        return None
    low = np.concatenate([[0], np.cumsum(rate <= CONTAINED_SHARE * peak)])
    for place in range(first, len(rate) - span + 1):
        if low[place + span] - low[place] == span:
            return max(0.0, max(place * bin_s, soonest) - scenario.page_s)
    return None
