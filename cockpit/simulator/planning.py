"""Planning on the simulated world: what a pull, an undo or a canary step would do, before anything is done."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cockpit.domain.levers import LeverPlan, LeverPull, LeverView, plain_canary, plain_undo
from cockpit.simulator.board import Desk


class Planning(ABC):
    """The part of the simulated world that answers before it acts."""

    @abstractmethod
    def desk(self, at: datetime) -> Desk:
        """Return the desk with the levers as the control plane knows it at a moment."""

    def levers(self, at: datetime) -> tuple[LeverView, ...]:
        """Return how every lever stands."""
        return self.desk(at).views()

    def plan(self, lever: str, target: str, scope: Mapping[str, Any], at: datetime) -> LeverPlan:
        """Say what a pull would do; an empty target asks for the sensible one."""
        return self.desk(at).plan(lever, target, scope)

    def plan_undo(self, pull: LeverPull, at: datetime) -> LeverPlan:
        """Say what taking a pull back would do."""
        return plain_undo(pull)

    def plan_canary(self, percent: float, at: datetime) -> LeverPlan:
        """Say what giving the re-opened feature to a share of users would do."""
        return plain_canary(percent, max(self.desk(at).state.percent, default=0.0))
