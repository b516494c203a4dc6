"""Looping requests: an agent that calls, and calls again, until something stops it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cockpit.simulator.config import PRIMARY, Config
from cockpit.simulator.requests import Bytes, Requests
from cockpit.simulator.schema import Scenario
from cockpit.simulator.streams import Floats
from cockpit.simulator.timeline import Timeline
from cockpit.simulator.vocabulary import LOOPING

Moments = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Loop:
    """Loops as columns: which request, when it began, where, and what its first call cost ($)."""

    place: NDArray[np.int64]
    at: Moments
    route: Bytes
    worker: Bytes
    call: Floats

    def before(self, place: int) -> Loop:
        """Return the loops of the requests before one."""
        part = slice(0, int(np.searchsorted(self.place, place)))
        return Loop(self.place[part], self.at[part], self.route[part], self.worker[part], self.call[part])

    @staticmethod
    def joined(parts: Sequence[Loop]) -> Loop:
        """Put stretches of loops one after another."""
        return Loop(
            np.concatenate([part.place for part in parts]),
            np.concatenate([part.at for part in parts]),
            np.concatenate([part.route for part in parts]),
            np.concatenate([part.worker for part in parts]),
            np.concatenate([part.call for part in parts]),
        )


NO_LOOPS = Loop(
    np.zeros(0, dtype=np.int64),
    np.zeros(0),
    np.zeros(0, dtype=np.uint8),
    np.zeros(0, dtype=np.uint8),
    np.zeros(0, dtype=np.float32),
)


def started(requests: Requests, outcome: Bytes, cost: Floats, start: int) -> Loop:
    """Return the loops that begin in a stretch of requests."""
    here = np.flatnonzero(outcome == LOOPING)
    place = here + start
    return Loop(place, requests.at[place], requests.route[place], requests.worker[place], cost[here])


def spent(scenario: Scenario, call: Floats, lasted: Moments) -> Moments:
    """Return what a loop has cost after a time: calls at a steady pace, each dearer than the one before."""
    pace = scenario.loops.calls_per_min / 60.0
    growth = scenario.loops.growth_per_min / 60.0
    lasted = np.maximum(lasted, 0.0)
    return np.asarray(call * (1.0 + pace * (lasted + growth * lasted * lasted / 2.0)), dtype=np.float64)


def _time_to_spend(scenario: Scenario, call: Floats, budget: float) -> Moments:
    """Return how long a loop runs until it has cost `budget`."""
    pace = scenario.loops.calls_per_min / 60.0
    growth = max(scenario.loops.growth_per_min / 60.0, 1e-9)
    work = np.maximum(budget / np.maximum(call, 1e-12) - 1.0, 0.0) / pace
    return np.asarray((np.sqrt(1.0 + 2.0 * growth * work) - 1.0) / growth, dtype=np.float64)


def ends(loops: Loop, timeline: Timeline, scenario: Scenario) -> tuple[Moments, Moments]:
    """Return how long each loop lasts (s) and what it costs in the end ($)."""
    lasted = np.empty(len(loops.at))
    for worker in np.unique(loops.worker):
        edges, states = timeline.starts(int(worker))
        for route in np.unique(loops.route[loops.worker == worker]):
            mine = (loops.worker == worker) & (loops.route == route)
            configs = [timeline.states[state].primary[route] for state in states]
            lasted[mine] = _lasting(loops.at[mine], loops.call[mine], edges, configs, timeline, scenario)
    return lasted, spent(scenario, loops.call, lasted)


def _lasting(
    at: Moments, call: Floats, edges: Moments, configs: list[Config], timeline: Timeline, scenario: Scenario
) -> Moments:
    turns = scenario.routes[[route.name for route in scenario.routes].index(configs[0].generation.route)].max_turns
    end = at + turns * 60.0 / scenario.loops.calls_per_min
    cuts = [edge for edge, config in zip(edges, configs, strict=True) if _stops(scenario, config)]
    cuts += [entry.picked[0] for entry in timeline.entries if entry.clears]
    end = np.minimum(end, _next(np.asarray(sorted(cuts)), at))
    for edge, config in zip(edges, configs, strict=True):
        if config.serving.cap:
            budget = _time_to_spend(scenario, call, scenario.caps[config.serving.cap].per_request_usd)
            end = np.minimum(end, np.maximum(edge, at + budget))
    return np.asarray(np.maximum(end - at, 0.0), dtype=np.float64)


def _stops(scenario: Scenario, config: Config) -> bool:
    tools = dict(config.serving.tools)
    off = any(tools.get(name, "on") != "on" for name in scenario.loops.tools)
    return off or config.serving.mode != PRIMARY


def _next(moments: Moments, at: Moments) -> Moments:
    """Return the first of some moments at or after each time; never, where there is none."""
    return np.append(moments, np.inf)[np.searchsorted(moments, at, side="left")]
