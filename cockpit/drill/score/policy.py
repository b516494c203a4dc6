"""Turns the reference policy into the orders that the session would have made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cockpit.domain.levers import LeverOrder
from cockpit.domain.orders import CANARY
from cockpit.world.port import World


@dataclass(frozen=True, slots=True)
class PolicyStep:
    """One step of a policy at a moment."""

    at: datetime
    action: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


class OrderMaker:
    """Makes orders of steps as a session makes them: ops L1, L2 … in order, sensible targets from the world."""

    def __init__(self, world: World, closing: frozenset[str], canary_percent: float) -> None:
        self._world = world
        self._closing = closing
        self._first_percent = canary_percent
        self._held: dict[str, LeverOrder] = {}
        self._reopens: list[str] = []
        self.orders: list[LeverOrder] = []

    def run(self, steps: Iterable[PolicyStep]) -> tuple[LeverOrder, ...]:
        """Make the orders of all steps; what asks nothing of the world, or may not run, makes none."""
        for step in steps:
            make = _MAKERS.get(step.action)
            order = make(self, step) if make else None
            if order is not None:
                self.orders.append(order)
                self._world.pull(order)
        return tuple(self.orders)

    @property
    def _op(self) -> str:
        return f"L{len(self.orders) + 1}"

    def _pull(self, step: PolicyStep) -> LeverOrder | None:
        lever, scope = str(step.arguments.get("lever", "")), dict(step.arguments.get("scope") or {})
        plan = self._world.plan(lever, str(step.arguments.get("target", "")), scope, step.at)
        if plan.refused:
            return None
        order = LeverOrder(self._op, plan.lever, plan.target, dict(plan.scope), step.at)
        self._held[order.op] = order
        return order

    def _undo(self, step: PolicyStep) -> LeverOrder | None:
        lever = str(step.arguments.get("lever", ""))
        held = next((order for order in reversed(list(self._held.values())) if order.lever == lever), None)
        if held is None:
            return None
        del self._held[held.op]
        current = next((view.current for view in self._world.levers(step.at) if view.name == lever), "")
        return LeverOrder(self._op, lever, current, dict(held.scope), step.at, undoes=held.op)

    def _open(self, step: PolicyStep) -> LeverOrder | None:
        self._reopens = [op for op, order in self._held.items() if order.lever in self._closing]
        return self._canary(step) if self._reopens else None

    def _canary(self, step: PolicyStep) -> LeverOrder | None:
        if not self._reopens:
            return None
        percent = float(step.arguments.get("percent") or self._first_percent)
        return LeverOrder(self._op, CANARY, "", {"undoes": list(self._reopens)}, step.at, percent=percent)


_MAKERS: Mapping[str, Callable[[OrderMaker, PolicyStep], LeverOrder | None]] = {
    "pull_lever": OrderMaker._pull,
    "undo_lever": OrderMaker._undo,
    "open_canary": OrderMaker._open,
    "widen_canary": OrderMaker._canary,
}
