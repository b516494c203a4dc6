"""Plans that are kept for a moment: what is checked, then journalled, is one and the same plan."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from cockpit.domain.levers import LeverPlan, LeverPull
from cockpit.errors import CockpitError, WorldError
from cockpit.world.planner import CANARY_LEVER, Planner

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
        system = self._planner.system_of(lever)
        return self._fresh(("pull", lever, target), system, lambda: self._planner.pull(lever, target, scope))

    def undo(self, pull: LeverPull) -> LeverPlan:
        """Plan to take a pull back."""
        system = str(pull.intent.get("system", ""))
        return self._fresh(("undo", pull.lever, pull.op), system, lambda: self._planner.undo(pull))

    def canary(self, percent: float) -> LeverPlan:
        """Plan to give the re-opened feature to a share of users, in percent."""
        system = self._planner.system_of(CANARY_LEVER)
        return self._fresh(("canary", CANARY_LEVER, f"{percent:g}"), system, lambda: self._planner.canary(percent))

    def forget(self) -> None:
        """Forget all plans: something was asked for since, and a plan's key is good for one change."""
        with self._lock:
            self._plans.clear()

    def _fresh(self, key: tuple[str, str, str], system: str, make: Callable[[], LeverPlan]) -> LeverPlan:
        with self._lock:
            kept = self._plans.get(key)
            if kept and self._monotonic() - kept[0] < FRESH_S:
                return kept[1]
        try:
            plan = make()
        except WorldError as problem:
            plan = _not_asked(key[1], system, str(problem))
        except CockpitError:
            raise
        except Exception as problem:  # an adapter of somebody else's may fail in any way it likes
            plan = _not_asked(key[1], system, f"its adapter failed ({type(problem).__name__})")
        with self._lock:
            self._plans[key] = (self._monotonic(), plan)
        return plan


def _not_asked(lever: str, system: str, why: str) -> LeverPlan:
    """Return a plan that is refused: it says which system could not be asked, and that it was left alone."""
    refused = f"{system or 'the system'} can't be asked, so nothing was sent to it: {why}"
    return LeverPlan(lever, "", {}, "unknown", "", 0.0, (0.0, 0.0), "", "", refused=refused)
