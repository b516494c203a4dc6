"""Plans that are kept for a moment: what is checked, then journalled, is one and the same plan."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from cockpit.domain.levers import LeverPlan, LeverPull
from cockpit.errors import WorldError
from cockpit.world.planner import Planner

FRESH_S = 3.0
"""A plan is as good as new for so long, in seconds."""


class FreshPlans:
    """A planner that answers again with what it has just answered; a system that does not answer refuses the plan."""

    def __init__(self, planner: Planner, monotonic: Callable[[], float]) -> None:
        self._planner = planner
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._plans: dict[tuple[str, ...], tuple[float, LeverPlan]] = {}

    def pull(self, lever: str, target: str, scope: Mapping[str, Any]) -> LeverPlan:
        """Plan a pull."""
        return self._fresh(("pull", lever, target), lambda: self._planner.pull(lever, target, scope))

    def undo(self, pull: LeverPull) -> LeverPlan:
        """Plan to take a pull back."""
        return self._fresh(("undo", pull.lever, pull.op), lambda: self._planner.undo(pull))

    def canary(self, percent: float) -> LeverPlan:
        """Plan to give the re-opened feature to a share of users, in percent."""
        return self._fresh(("canary", "canary", f"{percent:g}"), lambda: self._planner.canary(percent))

    def forget(self) -> None:
        """Forget all plans: something was asked for since, and a plan's key is good for one change."""
        with self._lock:
            self._plans.clear()

    def _fresh(self, key: tuple[str, str, str], make: Callable[[], LeverPlan]) -> LeverPlan:
        with self._lock:
            kept = self._plans.get(key)
            if kept and self._monotonic() - kept[0] < FRESH_S:
                return kept[1]
        try:
            plan = make()
        except WorldError as problem:
            plan = LeverPlan(key[1], "", {}, "unknown", "", 0.0, (0.0, 0.0), "", "", refused=str(problem))
        with self._lock:
            self._plans[key] = (self._monotonic(), plan)
        return plan
