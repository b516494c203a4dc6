"""Running the requests against a timeline: what became of each, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cockpit.domain.levers import LeverOrder
from cockpit.simulator.behaviour import Behaviour
from cockpit.simulator.config import CACHED, Config
from cockpit.simulator.loops import NO_LOOPS, Loop, ends, started
from cockpit.simulator.requests import Bytes, Requests
from cockpit.simulator.schema.scenario import Scenario
from cockpit.simulator.shelf import Shelf
from cockpit.simulator.streams import Floats
from cockpit.simulator.timeline import Folder, Timeline
from cockpit.simulator.vocabulary import BLOCKED, FAILURES, GOOD, LOOPING, OUTCOMES, STATIC

CACHED_PATH_HITS = 0.6
"""Share of requests that find an answer once everything is served from the cache."""

STATIC_S = 0.05
Bools = NDArray[np.bool_]
Numbers = NDArray[np.int32]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Columns:
    """What became of each request. `table` is the configuration's number, `old` marks carried-over answers, `quick`
    those that no model had to make. What these follow from is not kept: a million requests are to stay small.
    """

    outcome: Bytes
    table: NDArray[np.uint16]
    canary: Bools
    old: Bools
    quick: Bools
    total: Floats
    cost: Floats


def blank(count: int, shelf: Shelf) -> Columns:
    """Return columns with room for `count` requests."""
    kinds = (np.uint8, np.uint16, np.bool_, np.bool_, np.bool_, np.float32, np.float32)
    return Columns(*(shelf.room((count,), kind) for kind in kinds))


@dataclass(frozen=True, slots=True)
class Met:
    """What requests meet as they arrive: epoch, state and route of the configuration, and the arm."""

    epoch: Numbers
    state: Numbers
    route: Bytes
    canary: Bools

    def of(self, places: Places) -> Met:
        """Return the same for some of the requests."""
        return Met(self.epoch[places], self.state[places], self.route[places], self.canary[places])


class Ground:
    """What all runs of one scenario and seed share: the requests, the tables, and the healthy day."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.scenario = scenario
        self.seed = seed
        self.requests = Requests(scenario, seed)
        self.behaviour = Behaviour(scenario)
        self.folder = Folder(scenario)
        self.shelf = self.requests.shelf
        slots = self.behaviour.slots
        wide = np.uint16 if slots.count < 65_536 else np.int32
        self.slot: NDArray[np.integer[Any]] = self.shelf.room((self.requests.count,), wide)
        for part in self.requests.parts():
            self.slot[part] = slots.of(self.requests, part)
        self.shelf.release()

    def timeline(self, orders: Sequence[LeverOrder]) -> Timeline:
        """Return which configuration is in force when, under some orders."""
        return Timeline(self.scenario, self.seed, orders, self.folder)

    @cached_property
    def healthy(self) -> tuple[Bytes, Floats]:
        """Each request's outcome and cost on a day without the fault and without levers."""
        behaviour = Behaviour(self.scenario, healthy=True)
        numbers = np.asarray([behaviour.number(config) for config in self.folder.state(()).primary])
        outcome: Bytes = self.shelf.room((self.requests.count,), np.uint8)
        cost: Floats = self.shelf.room((self.requests.count,), np.float32)
        for part in self.requests.parts():
            rows = (numbers[self.requests.route[part]] * behaviour.slots.count + self.slot[part]).astype(np.int32)
            outcome[part] = outcomes(self.requests, behaviour, rows, part.start, part.stop)
            cost[part] = costs(self.requests, behaviour, rows, part)
        return outcome, cost


def outcomes(requests: Requests, behaviour: Behaviour, rows: Numbers, start: int, stop: int) -> Bytes:
    """Toss every request's coins: one for each way to fail, the first in FAILURES wins."""
    outcome = np.full(stop - start, GOOD, dtype=np.uint8)
    for name in reversed(FAILURES):
        chance = behaviour.coins[name][rows]
        outcome[requests.uniform(name, start, stop) < chance] = OUTCOMES.index(name)
    return outcome


def costs(requests: Requests, behaviour: Behaviour, rows: Numbers, part: slice) -> Floats:
    """Return what one call of each request costs, in $."""
    factor = behaviour.factors
    read = requests.tokens_in[part] * factor["reading"][rows] * factor["usd_in"][rows]
    written = requests.tokens_out[part] * factor["length"][rows] * factor["usd_out"][rows]
    return np.asarray(read + written, dtype=np.float32)


class Run:
    """One play of a scenario: the columns under one list of orders.

    With a `parent`, everything before `since` (seconds after the start) is taken over from it.
    """

    def __init__(
        self,
        ground: Ground,
        timeline: Timeline,
        *,
        parent: Run | None = None,
        since: float = 0.0,
        lean: bool = False,
    ) -> None:
        self.ground = ground
        self.timeline = timeline
        self._lean = lean
        requests, behaviour = ground.requests, ground.behaviour
        self.numbers = _numbers(behaviour, timeline)
        count = requests.count
        self.first = int(np.searchsorted(requests.at, since)) if parent is not None else 0
        self.columns = blank(count, ground.shelf)
        if parent is not None:
            _copy(parent.columns, self.columns, self.first)
        self.loops: Loop = parent.loops.before(self.first) if parent is not None else NO_LOOPS
        found = [self.loops]
        for part in requests.parts(self.first):
            found.append(self._chunk(part.start, part.stop))
            ground.shelf.release()
        self.loops = Loop.joined(found)
        self._end_loops()

    def _chunk(self, start: int, stop: int) -> Loop:
        requests, behaviour = self.ground.requests, self.ground.behaviour
        part = slice(start, stop)
        table, canary, old, cached = self._configured(start, stop)
        rows = table * np.int32(behaviour.slots.count) + self.ground.slot[part].astype(np.int32)
        outcome = outcomes(requests, behaviour, rows, start, stop)
        outcome[requests.uniform("stop", start, stop) < behaviour.stop[rows, outcome]] = BLOCKED
        away = requests.uniform("away", start, stop) < behaviour.turned_away[rows]
        outcome[away | self._missed(table, cached)] = STATIC
        cost = costs(requests, behaviour, rows, part)
        quick = cached | (outcome == STATIC)
        cost[quick] = 0.0
        outcome[cached & (outcome == LOOPING)] = GOOD
        columns = self.columns
        columns.outcome[part], columns.table[part], columns.cost[part] = outcome, table, cost
        columns.canary[part], columns.old[part], columns.quick[part] = canary, old, quick
        if not self._lean:
            self._timed(part, rows)
        return started(requests, outcome, cost, canary, start)

    def _timed(self, part: slice, rows: Numbers) -> None:
        requests, factor = self.ground.requests, self.ground.behaviour.factors
        noise = requests.normal("speed", part.start, part.stop)
        pace = factor["token"][rows] * (1.0 + 0.1 * noise)
        written = requests.tokens_out[part] * factor["length"][rows]
        total = _first_token(factor["ttft"][rows], noise) + written * np.maximum(pace, 0.001)
        total[self.columns.quick[part]] = STATIC_S
        self.columns.total[part] = total

    def ttft(self, part: slice) -> Floats:
        """Return the seconds to the first token in a stretch of requests."""
        noise = self.ground.requests.normal("speed", part.start, part.stop)
        return self._ttft(part, noise)

    def ttft_of(self, places: Places) -> Floats:
        """Return the seconds to the first token of some requests."""
        return self._ttft(places, self.ground.requests.normal_of("speed", places))

    def _ttft(self, which: slice | Places, noise: Floats) -> Floats:
        behaviour = self.ground.behaviour
        rows = self.columns.table[which].astype(np.int32) * np.int32(behaviour.slots.count)
        ttft = _first_token(behaviour.factors["ttft"][rows + self.ground.slot[which].astype(np.int32)], noise)
        ttft[self.columns.quick[which]] = STATIC_S
        return ttft

    def _configured(self, start: int, stop: int) -> tuple[Numbers, Bools, Bools, Bools]:
        """Return each request's configuration number, arm, whether it is carried over, whether cached."""
        requests, timeline = self.ground.requests, self.timeline
        part = slice(start, stop)
        epoch = timeline.find(requests.worker[part], requests.at[part])
        state = timeline.state_of[epoch]
        route = requests.route[part]
        canary = np.zeros(stop - start, dtype=bool)
        if timeline.percent.any():
            canary = requests.canary_draw[requests.user[part]] * 100.0 < timeline.percent[state, route]
        table = self.numbers[state, route, canary.astype(np.int8)]
        cached = requests.uniform("cache", start, stop) < self._cache_share()[table]
        old = self._carry(start, Met(epoch, state, route, canary), cached, table)
        return table, canary, old, cached

    def _carry(self, start: int, met: Met, cached: Bools, table: Numbers) -> Bools:
        """Let sessions and cached answers go on with the generation half they began with.

        Changes `table`, and `cached` where a flush has dropped the answer; returns which requests are carried.
        """
        old = np.zeros(len(table), dtype=bool)
        requests, scenario = self.ground.requests, self.ground.scenario
        sticky = requests.uniform("carry", start, start + len(table)) < scenario.sessions.carry
        held = np.flatnonzero(sticky | cached)
        if not len(held):
            return old
        met = met.of(held)
        at = requests.at[held + start]
        born = np.maximum(requests.session_start_of(held + start), self.timeline.cleared[met.epoch])
        age = requests.uniform("age", start, start + len(table))[held] * scenario.cache.ttl
        cached[held] &= at - age >= self.timeline.flushed[met.epoch]
        since = np.where(cached[held], at - age, np.where(sticky[held], born, at))
        before = self.timeline.find(requests.worker[held + start], np.minimum(since, at))
        was = self.timeline.state_of[before]
        for places, number in self._mixed(was, met, np.flatnonzero(was != met.state)):
            changed = held[places]
            old[changed] = table[changed] != number
            table[changed] = number
        return old

    def _mixed(self, was: Numbers, met: Met, places: Places) -> list[tuple[Places, int]]:
        """Group requests by the two states they stand between; return each group's configuration."""
        size, routes = len(self.timeline.states), len(self.ground.scenario.routes)
        key = was[places].astype(np.int64) * size + met.state[places]
        key = (key * routes + met.route[places]) * 2 + met.canary[places]
        groups = []
        for value in np.unique(key):
            rest, arm = divmod(int(value), 2)
            rest, route = divmod(rest, routes)
            then, now = (self._of(state, route, arm) for state in divmod(rest, size))
            number = self.ground.behaviour.number(Config(then.generation, now.serving))
            groups.append((places[key == value], number))
        return groups

    def _of(self, state: int, route: int, arm: int) -> Config:
        found = self.timeline.states[state]
        return (found.candidate if arm else found.primary)[route]

    def _cache_share(self) -> Floats:
        usual = self.ground.scenario.cache.share
        shares = [
            max(usual, CACHED_PATH_HITS) if config.serving.mode == CACHED else usual
            for config in self.ground.behaviour.configs
        ]
        return np.asarray(shares, dtype=np.float32)

    def _missed(self, table: Numbers, cached: Bools) -> Bools:
        """Requests that were to be served from the cache but are not in it."""
        only = np.asarray([config.serving.mode == CACHED for config in self.ground.behaviour.configs])
        return only[table] & ~cached if only.any() else np.zeros(len(table), dtype=bool)

    def _end_loops(self) -> None:
        """Find when each loop ends: by itself, at its budget, or by the first lever that stops it."""
        if not len(self.loops.at):
            return
        lasted, cost = ends(self.loops, self.timeline, self.ground.scenario)
        self.columns.total[self.loops.place] = lasted
        self.columns.cost[self.loops.place] = cost

    @property
    def scenario(self) -> Scenario:
        """The scenario that was played."""
        return self.ground.scenario


def _first_token(usual: Floats, noise: Floats) -> Floats:
    return np.asarray(usual * np.exp(0.45 * noise), dtype=np.float32)


def _numbers(behaviour: Behaviour, timeline: Timeline) -> Numbers:
    """Return configuration numbers by (state, route, arm)."""
    numbers = [
        [
            [behaviour.number(state.primary[place]), behaviour.number(state.candidate[place])]
            for place in range(len(state.primary))
        ]
        for state in timeline.states
    ]
    return np.asarray(numbers, dtype=np.int32)


def _copy(old: Columns, new: Columns, count: int) -> None:
    for name in ("outcome", "table", "canary", "old", "quick", "total", "cost"):
        getattr(new, name)[:count] = getattr(old, name)[:count]
