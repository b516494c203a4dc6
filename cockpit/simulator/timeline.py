"""Which configuration each worker has at each moment, from the registry's own moves and the levers pulled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cockpit.domain.levers import Lever, LeverOrder
from cockpit.simulator.arrivals import Seconds
from cockpit.simulator.config import Config, initial, shifted
from cockpit.simulator.levers import CANARY, MARKERS, apply, covered_routes, refusal
from cockpit.simulator.schema.scenario import Scenario
from cockpit.simulator.schema.service import Shift
from cockpit.simulator.streams import one

MARGIN = 1e7
"""Seconds by which one worker's time line is set off from the next one's in the shared search key."""

CLOSING = (
    (Lever.KILL_SWITCH, Lever.FALLBACK_MODEL, Lever.CACHED_PATH),
    (Lever.DISABLE_TOOL, Lever.GUARDRAIL_BLOCK, Lever.CAP_COST, Lever.DISABLE_QUERY_TYPE, Lever.DISABLE_TENANT),
)
"""What a canary re-opens when it names nothing: the closed doors, or else the narrowed ones."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One move of the control plane. `stored` is when it was written, `picked` when each worker has it (s)."""

    sort: str  # registry, alias, order, undo, canary
    stored: float
    picked: tuple[float, ...]
    routes: tuple[str, ...]
    order: LeverOrder | None = None
    ops: tuple[str, ...] = ()
    percent: float = 0.0
    shift: Shift | None = None
    alias: tuple[str, str] = ("", "")
    fix: str = ""
    refused: str = ""
    clears: bool = False
    flushes: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """The configuration of every route after some set of moves, for both arms."""

    primary: tuple[Config, ...]
    candidate: tuple[Config, ...]
    percent: tuple[float, ...]


@dataclass(slots=True)
class Desk:
    """What was asked of the control plane so far, while entries are made from orders."""

    standing: dict[str, LeverOrder] = field(default_factory=dict)
    canaries: dict[str, tuple[str, ...]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def reopens(self, order: LeverOrder) -> tuple[str, ...]:
        """Return the ops that a canary order takes back for its share of users."""
        if order.undoes in self.canaries:
            return self.canaries[order.undoes]
        if order.undoes in self.standing:
            return (order.undoes,)
        named = order.scope.get("undoes", ())
        found = tuple(op for op in ((named,) if isinstance(named, str) else named) if op in self.standing)
        if found:
            return found
        for group in CLOSING:
            found = tuple(op for op, pull in self.standing.items() if pull.lever in group)
            if found:
                return found
        return ()


def entries_of(scenario: Scenario, seed: int, orders: Sequence[LeverOrder]) -> list[Entry]:
    """Return every move of the control plane in the order in which it was stored."""
    made = _registry(scenario)
    desk = Desk()
    for order in sorted(orders, key=lambda order: order.at):
        made.append(_ordered(scenario, seed, order, desk))
    made += _fixes(scenario, orders)
    return sorted(made, key=lambda entry: entry.stored)


def _everywhere(scenario: Scenario, at: float) -> tuple[float, ...]:
    return (at,) * scenario.workers


def _registry(scenario: Scenario) -> list[Entry]:
    made = []
    every = tuple(route.name for route in scenario.routes)
    for change in scenario.changes:
        if change.config == Shift():
            continue
        at = scenario.page_s + change.at
        routes = tuple(change.routes) or every
        clear = change.config.clear
        made.append(
            Entry(
                "registry",
                at,
                _everywhere(scenario, at),
                routes,
                shift=change.config,
                clears=clear,
                flushes=clear,
            )
        )
    for name, alias in scenario.aliases.items():
        for move in alias.moves:
            at = scenario.page_s + move.at
            made.append(Entry("alias", at, _everywhere(scenario, at), every, alias=(name, move.to)))
    return made


def _fixes(scenario: Scenario, orders: Sequence[LeverOrder]) -> list[Entry]:
    made = []
    for fix, at in fix_times(scenario, orders):
        shift = scenario.fixes[fix].config
        routes = tuple(scenario.fixes[fix].routes) or tuple(route.name for route in scenario.routes)
        entry = Entry(
            "registry", at, _everywhere(scenario, at), routes, shift=shift, clears=shift.clear, flushes=shift.clear
        )
        made.append(replace(entry, fix=scenario.fixes[fix].id))
    return made


def fix_times(scenario: Scenario, orders: Sequence[LeverOrder]) -> list[tuple[int, float]]:
    """Return (number of the fix, seconds after the start) of every fix that ships."""
    credited = {name for name, lever in scenario.levers.items() if lever.credit in ("best", "acceptable")}
    found = []
    for number, fix in enumerate(scenario.fixes):
        if fix.at is not None:
            found.append((number, scenario.page_s + fix.at))
            continue
        starters = set(fix.levers) or credited
        pulls = [pull.at for pull in orders if pull.lever in starters and _holds_back(scenario, pull)]
        if pulls:
            found.append((number, (min(pulls) - scenario.start).total_seconds() + (fix.delay or 0.0)))
    return found


def _holds_back(scenario: Scenario, order: LeverOrder) -> bool:
    """Whether an order narrows the service: no undo, no canary, and not refused."""
    return not order.undoes and order.percent is None and not refusal(scenario, order.lever, order.target)


def _ordered(scenario: Scenario, seed: int, order: LeverOrder, desk: Desk) -> Entry:
    at = (order.at - scenario.start).total_seconds()
    ordinal = desk.counts[order.lever] = desk.counts.get(order.lever, -1) + 1
    meant = desk.standing.get(order.undoes, order)
    lever = meant.lever if meant.lever in scenario.levers else order.lever
    soonest, latest = tuple(scenario.levers[lever].delay) if lever in scenario.levers else (2.0, 10.0)
    drawn = one(seed, f"delay:{order.lever}:{ordinal}", scenario.workers + 1)
    stored = at + soonest * (0.3 + 0.6 * drawn[0])
    picked = tuple(at + soonest + (latest - soonest) * draw for draw in drawn[1:])
    routes = covered_routes(scenario, meant.scope)
    if order.percent is not None or order.lever == CANARY:
        ops = desk.reopens(order)
        desk.canaries[order.op] = ops
        return Entry("canary", stored, picked, routes, order, ops, order.percent or 0.0)
    if order.undoes in desk.canaries:
        return Entry("canary", stored, picked, routes, order, desk.canaries[order.undoes], 0.0)
    if order.undoes:
        desk.standing.pop(order.undoes, None)
        return Entry("undo", stored, picked, routes, order, (order.undoes,))
    refused = refusal(scenario, order.lever, order.target)
    if refused:
        return Entry("refused", stored, picked, (), order, refused=refused)
    desk.standing[order.op] = order
    return Entry(
        "order",
        stored,
        picked,
        routes,
        order,
        clears=order.lever == MARKERS[0],
        flushes=order.lever == MARKERS[1],
    )


class Folder:
    """Folds sets of moves into configurations."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.routes = tuple(route.name for route in scenario.routes)
        self._first = tuple(initial(scenario, route) for route in scenario.routes)

    def state(self, entries: Sequence[Entry]) -> State:
        """Return every route's configuration after these moves, in stored order."""
        undone, opened, percent = self._taken_back(entries)
        primary = self._fold(entries, undone)
        candidate = self._fold(entries, undone | opened) if opened else primary
        shares = tuple(percent if left != right else 0.0 for left, right in zip(primary, candidate, strict=True))
        return State(primary, candidate, shares)

    def _taken_back(self, entries: Sequence[Entry]) -> tuple[set[str], set[str], float]:
        undone: set[str] = set()
        opened: set[str] = set()
        percent = 0.0
        for entry in entries:
            if entry.sort == "undo":
                undone |= set(entry.ops)
            elif entry.sort == "canary" and entry.percent >= 100:
                undone, opened, percent = undone | set(entry.ops), set(), 0.0
            elif entry.sort == "canary":
                undone -= set(entry.ops)
                opened, percent = (set(entry.ops), entry.percent) if entry.percent > 0 else (set(), 0.0)
        return undone, opened, percent

    def _fold(self, entries: Sequence[Entry], without: set[str]) -> tuple[Config, ...]:
        configs = dict(zip(self.routes, self._first, strict=True))
        aliases = {name: alias.to for name, alias in self.scenario.aliases.items()}
        for entry in entries:
            if entry.sort == "alias":
                aliases[entry.alias[0]] = entry.alias[1]
            elif entry.shift is not None:
                for route in entry.routes:
                    configs[route] = shifted(configs[route], entry.shift)
            elif entry.sort == "order" and entry.order is not None and entry.order.op not in without:
                pull = entry.order
                for route in entry.routes:
                    configs[route] = apply(self.scenario, configs[route], pull.lever, pull.target, pull.scope)
        return tuple(self._resolved(configs[route], aliases) for route in self.routes)

    @staticmethod
    def _resolved(config: Config, aliases: dict[str, str]) -> Config:
        model = config.generation.model
        return config.having(model=aliases[model]) if model in aliases else config


class Timeline:
    """Every worker's configurations one after another, searchable for many requests at once."""

    def __init__(self, scenario: Scenario, seed: int, orders: Sequence[LeverOrder], folder: Folder) -> None:
        self.scenario = scenario
        self.entries = entries_of(scenario, seed, orders)
        self.folder = folder
        self._states: dict[int, int] = {}
        self.states: list[State] = []
        self._build()

    def _build(self) -> None:
        keys: list[float] = []
        state: list[int] = []
        clears: list[float] = []
        flushes: list[float] = []
        for worker in range(self.scenario.workers):
            had, cleared, flushed = 0, -MARGIN, -MARGIN
            order = sorted(range(len(self.entries)), key=lambda place: self.entries[place].picked[worker])
            for place in (None, *order):
                entry = self.entries[place] if place is not None else None
                if entry is not None and place is not None:
                    had |= 1 << place
                    cleared = entry.picked[worker] if entry.clears else cleared
                    flushed = entry.picked[worker] if entry.flushes else flushed
                moment = entry.picked[worker] if entry is not None else -MARGIN / 2
                keys.append(worker * 2 * MARGIN + moment)
                state.append(self._state(had))
                clears.append(cleared)
                flushes.append(flushed)
        self.keys = np.asarray(keys)
        self.state_of = np.asarray(state, dtype=np.int32)
        self.cleared = np.asarray(clears)
        self.flushed = np.asarray(flushes)

    def _state(self, had: int) -> int:
        if had not in self._states:
            entries = [entry for place, entry in enumerate(self.entries) if had >> place & 1]
            self._states[had] = len(self.states)
            self.states.append(self.folder.state(entries))
        return self._states[had]

    def find(self, worker: NDArray[np.uint8], at: Seconds) -> NDArray[np.int32]:
        """Return the epoch in force on a worker at a moment, for many requests."""
        wanted = worker * (2 * MARGIN) + at
        return (np.searchsorted(self.keys, wanted, side="right") - 1).astype(np.int32)

    @cached_property
    def percent(self) -> NDArray[np.float32]:
        """Canary share by state and route, %."""
        return np.asarray([state.percent for state in self.states], dtype=np.float32)

    def starts(self, worker: int) -> tuple[Seconds, NDArray[np.int32]]:
        """Return the moments at which one worker's configuration changes, and the states from then on."""
        size = len(self.entries) + 1
        part = slice(worker * size, (worker + 1) * size)
        return self.keys[part] - worker * 2 * MARGIN, self.state_of[part]

    def stored(self, at: float) -> State:
        """Return the control plane's own view: all that is stored at a moment."""
        return self.folder.state([entry for entry in self.entries if entry.stored <= at])
