"""How a configuration behaves: probabilities of every outcome, prices and speeds, by kind of request.

A *slot* is what a request is whatever the levers do: (tenant, kind, phase of the time-bound effects). For each
configuration met, one table over all slots is made from the scenario's data and kept.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cockpit.simulator.config import KILLED, Config
from cockpit.simulator.requests import Requests
from cockpit.simulator.schema.scenario import Scenario
from cockpit.simulator.schema.service import Effect
from cockpit.simulator.streams import Floats
from cockpit.simulator.vocabulary import FAILURES, GOOD, OUTCOMES, SLOT_KEYS

RISE_STEPS = 8
FACTORS = ("usd_in", "usd_out", "ttft", "token", "length", "reading")

_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}


def matches(have: Any, want: Any) -> bool:
    """Whether a value meets a condition: equal, in a list, `not: …`, or a comparison such as `>= 5`."""
    if isinstance(want, list):
        return any(matches(have, each) for each in want)
    if isinstance(want, dict):
        return not matches(have, want.get("not"))
    if isinstance(want, str) and not isinstance(have, bool) and isinstance(have, int | float):
        for sign, compare in _OPERATORS.items():
            if want.startswith(sign):
                return bool(compare(float(have), float(want[len(sign) :])))
    return bool(have == want)


class Slots:
    """The slots of a scenario, and how strongly every effect is felt in each."""

    def __init__(self, scenario: Scenario) -> None:
        self.tenants = tuple(tenant.name for tenant in scenario.tenants)
        self.kinds = scenario.kind_names
        self.edges = _phase_edges(scenario)
        self.phases = len(self.edges) + 1
        self.count = len(self.tenants) * len(self.kinds) * self.phases
        self.strength = tuple(self._strength(scenario, effect) for effect in scenario.effects)

    def of(self, requests: Requests, part: slice) -> NDArray[np.int32]:
        """Return the slots of a stretch of requests."""
        phase = np.searchsorted(self.edges, requests.at[part], side="right")
        place = (requests.tenant[part].astype(np.int32) * len(self.kinds) + requests.kind[part]) * self.phases
        return (place + phase).astype(np.int32)

    def kind_mask(self, names: Sequence[str]) -> NDArray[np.bool_]:
        """Return which slots are of one of these kinds."""
        grid = np.zeros((len(self.tenants), len(self.kinds), self.phases), dtype=bool)
        grid[:, [place for place, kind in enumerate(self.kinds) if kind in names], :] = True
        return grid.reshape(-1)

    def tenant_mask(self, names: Sequence[str]) -> NDArray[np.bool_]:
        """Return which slots are of one of these tenants."""
        grid = np.zeros((len(self.tenants), len(self.kinds), self.phases), dtype=bool)
        grid[[place for place, tenant in enumerate(self.tenants) if tenant in names], :, :] = True
        return grid.reshape(-1)

    def _strength(self, scenario: Scenario, effect: Effect) -> Floats:
        bounds = np.concatenate([[0.0], self.edges, [scenario.horizon_s]])
        middle = (bounds[:-1] + bounds[1:]) / 2 - scenario.page_s
        strength = np.ones(self.phases)
        if effect.start is not None:
            rise = max(effect.rise, 1e-9)
            strength = np.clip((middle - effect.start) / rise, 0.0, 1.0)
        if effect.end is not None:
            strength[middle >= effect.end] = 0.0
        grid = np.broadcast_to(strength, (len(self.tenants), len(self.kinds), self.phases)).copy()
        for key, names in (("tenant", self.tenants), ("kind", self.kinds)):
            if key in effect.when:
                out = [place for place, name in enumerate(names) if not matches(name, effect.when[key])]
                grid[(out,) if key == "tenant" else (slice(None), out)] = 0.0
        return grid.reshape(-1).astype(np.float32)


def _phase_edges(scenario: Scenario) -> NDArray[np.float64]:
    edges: set[float] = set()
    for effect in scenario.effects:
        if effect.start is not None:
            steps = RISE_STEPS if effect.rise > 0 else 0
            edges |= {effect.start + effect.rise * step / max(steps, 1) for step in range(steps + 1)}
        if effect.end is not None:
            edges.add(effect.end)
    inside = sorted(edge + scenario.page_s for edge in edges)
    return np.asarray([edge for edge in inside if 0.0 < edge < scenario.horizon_s])


class Behaviour:
    """Tables over (configuration, slot); a configuration's table is made when it is first met."""

    def __init__(self, scenario: Scenario, *, healthy: bool = False) -> None:
        self.scenario = scenario
        self.slots = Slots(scenario)
        self._healthy = healthy
        self._numbers: dict[Config, int] = {}
        self.configs: list[Config] = []
        self._room = 0
        self.coins: dict[str, Floats] = {name: np.zeros(0, dtype=np.float32) for name in FAILURES}
        self.factors: dict[str, Floats] = {name: np.zeros(0, dtype=np.float32) for name in FACTORS}
        self.stop: Floats = np.zeros((0, len(OUTCOMES)), dtype=np.float32)
        self.turned_away: Floats = np.zeros(0, dtype=np.float32)

    def number(self, config: Config) -> int:
        """Return the place of a configuration's table; rows are `number * slots + slot`."""
        if config not in self._numbers:
            self._numbers[config] = len(self.configs)
            self.configs.append(config)
            self._fill(config, self._numbers[config])
        return self._numbers[config]

    def _grow(self) -> None:
        self._room = max(8, self._room * 2)
        rows = self._room * self.slots.count
        for table in (self.coins, self.factors):
            for name, old in table.items():
                table[name] = np.concatenate([old, np.zeros(rows - len(old), dtype=np.float32)])
        missing = rows - len(self.stop)
        self.stop = np.concatenate([self.stop, np.zeros((missing, len(OUTCOMES)), dtype=np.float32)])
        self.turned_away = np.concatenate([self.turned_away, np.zeros(missing, dtype=np.float32)])

    def _fill(self, config: Config, number: int) -> None:
        while number >= self._room:
            self._grow()
        rows = slice(number * self.slots.count, (number + 1) * self.slots.count)
        model = self.scenario.models[config.answering or config.generation.model]
        rates: dict[str, float] = {str(name): rate for name, rate in model.rates.items()}
        for name in FAILURES:
            self.coins[name][rows] = rates.get(name, 0.0)
        prices = (model.usd_in / 1e6, model.usd_out / 1e6, model.ttft_ms / 1e3, model.token_ms / 1e3)
        for name, value in zip(FACTORS, (*prices, model.verbosity, 1.0), strict=True):
            self.factors[name][rows] = value
        for effect, strength in zip(self.scenario.effects, self.slots.strength, strict=True):
            if not (self._healthy and effect.fault) and holds(effect, config):
                self._add(effect, strength, rows)
        for name in FAILURES:
            np.clip(self.coins[name][rows], 0.0, 1.0, out=self.coins[name][rows])
        self.stop[rows] = self._stopped(config)
        self.turned_away[rows] = self._away(config)

    def _add(self, effect: Effect, strength: Floats, rows: slice) -> None:
        for outcome, amount in effect.add.items():
            self.coins[outcome][rows] += amount * strength
        named = {"cost": ("usd_in", "usd_out"), "latency": ("ttft", "token"), "ttft": ("ttft",)}
        named |= {"tokens_in": ("reading",), "tokens_out": ("length",)}
        for what, factor in effect.times.items():
            for column in named[what]:
                self.factors[column][rows] *= 1.0 + (factor - 1.0) * strength

    def _stopped(self, config: Config) -> Floats:
        """Probability that an answer of each outcome is stopped before it reaches the user."""
        through = np.ones((self.slots.count, len(OUTCOMES)))
        for name, mode in config.serving.guardrails:
            guard = self.scenario.guardrails.get(name)  # type: ignore[call-overload]
            if guard is None or mode != "block":
                continue
            for outcome, recall in guard.recall.items():
                through[:, OUTCOMES.index(outcome)] *= 1.0 - recall
            for kind, recall in guard.recall_kinds.items():
                through[self.slots.kind_mask([kind])] *= 1.0 - recall
            through[:, GOOD] *= 1.0 - guard.false_positive
        for tool, mode in config.serving.tools:
            lost = {"on": 0.0, "off": 1.0, "approval": self.scenario.tools[tool].approval_lost}[mode]
            users = [kind for kind, meaning in self.scenario.kinds.items() if tool in meaning.tools]
            if lost and users:
                through[self.slots.kind_mask(users)] *= 1.0 - lost
        return (1.0 - through).astype(np.float32)

    def _away(self, config: Config) -> Floats:
        """Probability that a request is not answered by a model at all."""
        serving = config.serving
        away = np.zeros(self.slots.count, dtype=np.float32)
        if serving.cap:
            cap = self.scenario.caps[serving.cap]
            away[self.slots.tenant_mask(cap.tenants or self.slots.tenants)] += cap.reject
        away[self.slots.kind_mask(serving.off_kinds) | self.slots.tenant_mask(serving.off_tenants)] = 1.0
        if serving.mode == KILLED:
            away[:] = 1.0
        return away


def holds(effect: Effect, config: Config) -> bool:
    """Whether the part of an effect's condition that asks about the configuration holds."""
    return all(matches(_have(config, key), want) for key, want in effect.when.items() if key not in SLOT_KEYS)


def _have(config: Config, key: str) -> Any:
    return config.answering or config.generation.model if key == "model" else config.get(key)
