"""Looping requests: an agent that calls, and calls again, until something stops it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cockpit.simulator.config import PRIMARY, Config
from cockpit.simulator.requests import Bytes, Requests
from cockpit.simulator.schema.scenario import Scenario
from cockpit.simulator.schema.service import Cap
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
    canary: NDArray[np.bool_]
    call: Floats
    tenant: Bytes

    def of(self, part: slice | NDArray[Any]) -> Loop:
        """Return some of the loops."""
        return Loop(*(getattr(self, field.name)[part] for field in fields(self)))

    def before(self, place: int) -> Loop:
        """Return the loops of the requests before one."""
        return self.of(slice(0, int(np.searchsorted(self.place, place))))

    @staticmethod
    def joined(parts: Sequence[Loop]) -> Loop:
        """Put stretches of loops one after another."""
        return Loop(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Loop)))


NO_LOOPS = Loop(
    np.zeros(0, dtype=np.int64),
    np.zeros(0),
    np.zeros(0, dtype=np.uint8),
    np.zeros(0, dtype=np.uint8),
    np.zeros(0, dtype=bool),
    np.zeros(0, dtype=np.float32),
    np.zeros(0, dtype=np.uint8),
)


def started(requests: Requests, outcome: Bytes, cost: Floats, canary: NDArray[np.bool_], start: int) -> Loop:
    """Return the loops that begin in a stretch of requests."""
    here = np.flatnonzero(outcome == LOOPING)
    place = here + start
    at, route, worker = requests.at[place], requests.route[place], requests.worker[place]
    return Loop(place, at, route, worker, canary[here], cost[here], requests.tenant[place])


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
    groups = (loops.worker.astype(np.int64) * len(scenario.routes) + loops.route) * 2 + loops.canary
    for group in np.unique(groups):
        rest, arm = divmod(int(group), 2)
        worker, route = divmod(rest, len(scenario.routes))
        mine = groups == group
        lasted[mine] = _Track(scenario, timeline, worker, route, bool(arm)).lasting(loops.of(mine))
    return lasted, spent(scenario, loops.call, lasted)


class _Track:
    """What one route's loops meet on one worker as time goes on."""

    def __init__(self, scenario: Scenario, timeline: Timeline, worker: int, route: int, canary: bool) -> None:
        self.scenario = scenario
        self.turns = scenario.routes[route].max_turns
        self.edges, states = timeline.starts(worker)
        met = [timeline.states[state] for state in states]
        self.configs = [(state.candidate if canary else state.primary)[route] for state in met]
        self.clears = [entry.picked[worker] for entry in timeline.entries if entry.clears]

    def lasting(self, loops: Loop) -> Moments:
        """Return how long loops last."""
        at = loops.at
        end = at + self.turns * 60.0 / self.scenario.loops.calls_per_min
        end = np.minimum(end, _next(np.asarray(sorted([*self._cuts(), *self.clears])), at))
        until = [*self.edges[1:], np.inf]
        for edge, after, config in zip(self.edges, until, self.configs, strict=True):
            if config.serving.cap:
                cap = self.scenario.caps[config.serving.cap]
                broke = np.maximum(at + _time_to_spend(self.scenario, loops.call, cap.per_request_usd), edge)
                held = (broke < after) & self._budgeted(cap, loops)
                end = np.minimum(end, np.where(held, broke, np.inf))
        return np.asarray(np.maximum(end - at, 0.0), dtype=np.float64)

    def _budgeted(self, cap: Cap, loops: Loop) -> NDArray[np.bool_]:
        """Tell which loops a cap is for."""
        if not cap.tenants:
            return np.ones(len(loops.at), dtype=bool)
        named = [place for place, tenant in enumerate(self.scenario.tenants) if tenant.name in cap.tenants]
        return np.isin(loops.tenant, named)

    def _cuts(self) -> list[float]:
        """Return the moments from which loops can't go on any more."""
        stops = [_stops(self.scenario, config) for config in self.configs]
        earlier = [False, *stops[:-1]]
        return [float(edge) for edge, now, had in zip(self.edges, stops, earlier, strict=True) if now and not had]


def _stops(scenario: Scenario, config: Config) -> bool:
    tools = dict(config.serving.tools)
    off = any(tools.get(name, "on") != "on" for name in scenario.loops.tools)
    return off or config.serving.mode != PRIMARY


def _next(moments: Moments, at: Moments) -> Moments:
    """Return the first of some moments at or after each time; never, where there is none."""
    return np.asarray(np.append(moments, np.inf)[np.searchsorted(moments, at, side="left")], dtype=np.float64)
