"""What would have been: other levers on the same requests, and the whole grid of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from cockpit.domain.levers import LeverOrder
from cockpit.simulator.engine import Ground, Run
from cockpit.simulator.levers import CANARY
from cockpit.simulator.schema.scenario import Scenario
from cockpit.simulator.truth import HARM_BIN_S, Outcome, Weigher, contained_after, harm_rate, outcome
from cockpit.simulator.world import SimWorld


class Truth:
    """The truth under any list of orders, on one scenario and seed; runs are kept by their orders."""

    def __init__(self, scenario: Scenario, seed: int, *, ground: Ground | None = None) -> None:
        self.scenario = scenario
        self.seed = seed
        self.ground = ground or Ground(scenario, seed)
        self.weigher = Weigher(self.ground)
        self._runs: dict[str, Run] = {}

    def run(self, orders: Sequence[LeverOrder] = ()) -> Run:
        """Return the columns under some orders."""
        key = repr(list(orders))
        if key not in self._runs:
            self._runs[key] = Run(self.ground, self.ground.timeline(orders), lean=True)
        return self._runs[key]

    def outcome(self, orders: Sequence[LeverOrder] = (), until: datetime | None = None) -> Outcome:
        """Return what the orders came to, between the page and a moment (the end by default)."""
        seconds = self.scenario.horizon_s if until is None else (until - self.scenario.start).total_seconds()
        return outcome(self.weigher, self.run(orders), min(seconds, self.scenario.horizon_s))

    def j(self, orders: Sequence[LeverOrder] = ()) -> float:
        """Return the sum that policies are compared by, from the page to the end."""
        return self.outcome(orders).j

    def contained_at(self, orders: Sequence[LeverOrder] = ()) -> datetime | None:
        """Return when harm truly fell to 2 % of its peak and stayed there for five minutes.

        A lull before the first pull is luck, so that with pulls it counts from the first one at the soonest.
        """
        soonest = min(((order.at - self.scenario.start).total_seconds() for order in orders), default=0.0)
        after = contained_after(self.scenario, self.harm_rate(orders), HARM_BIN_S, soonest)
        return None if after is None else self.scenario.page + timedelta(seconds=after)

    def harm_rate(self, orders: Sequence[LeverOrder] = (), bin_s: float = HARM_BIN_S) -> NDArray[np.float64]:
        """Return weighed harm per minute in bins from the start to the end."""
        return harm_rate(self.weigher, self.run(orders), bin_s)

    def grid(
        self, levers: Mapping[str, str], minutes: Sequence[float], before: Sequence[LeverOrder] = ()
    ) -> NDArray[np.float64]:
        """Return J for each lever (name to target) pulled at each minute after the page, one row a lever.

        `before` are pulls that stand anyway. Only what comes after a pull is simulated again.
        """
        base = self.run(before)
        rows = [
            [self._one(base, before, lever, target, minute) for minute in minutes] for lever, target in levers.items()
        ]
        return np.asarray(rows, dtype=np.float64).reshape(len(levers), len(minutes))

    def _one(self, base: Run, before: Sequence[LeverOrder], lever: str, target: str, minute: float) -> float:
        at = self.scenario.page + timedelta(minutes=minute)
        orders = sorted([*before, LeverOrder("what-if", lever, target, {}, at)], key=lambda order: order.at)
        since = (at - self.scenario.start).total_seconds()
        run = Run(self.ground, self.ground.timeline(orders), parent=base, since=since, lean=True)
        return outcome(self.weigher, run, self.scenario.horizon_s).j


def reference_orders(scenario: Scenario, seed: int) -> tuple[LeverOrder, ...]:
    """Return what the scenario's reference policy asks of the world; targets are the sensible ones."""
    world = SimWorld(scenario, seed)
    held: dict[str, LeverOrder] = {}
    for step in sorted(scenario.reference, key=lambda step: step.at):
        at = scenario.page + timedelta(seconds=step.at)
        order = LeverOrder(f"L{len(world.orders) + 1}", str(step.args.get("lever", "")), "", {}, at)
        if step.do == "pull_lever":
            order = replace(order, target=str(step.args.get("target", "")), scope=dict(step.args.get("scope") or {}))
            held[order.op] = order
        elif step.do == "undo_lever":
            op = next((op for op, pull in reversed(held.items()) if pull.lever == order.lever), "")
            if not held.pop(op, None):
                continue
            order = replace(order, undoes=op)
        elif step.do in ("open_canary", "widen_canary"):
            order = replace(order, lever=CANARY, percent=float(step.args.get("percent", 5.0)))
        else:
            continue
        world.pull(order)
    return world.orders
