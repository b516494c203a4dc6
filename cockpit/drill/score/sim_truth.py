"""The truth of a simulated world: the same requests under any lever timeline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np

from cockpit.domain.levers import LeverOrder
from cockpit.domain.playbook import Playbook
from cockpit.drill.score.model import Toll
from cockpit.drill.score.policy import OrderMaker, PolicyStep
from cockpit.drill.score.truth import Curve
from cockpit.simulator.counterfactual import Truth
from cockpit.simulator.engine import Run
from cockpit.simulator.schema.scenario import Scenario
from cockpit.simulator.timeline import Timeline
from cockpit.simulator.truth import HARM_BIN_S, outcome
from cockpit.simulator.world import SimWorld


class SimTruth:
    """Answers by re-running the scenario; requests are drawn once, and runs share what lies before a pull."""

    def __init__(self, scenario: Scenario, seed: int, playbook: Playbook) -> None:
        self._scenario = scenario
        self._playbook = playbook
        self._truth = Truth(scenario, seed)
        self._reference: tuple[LeverOrder, ...] | None = None

    @property
    def unit(self) -> str:
        """What harm is counted in."""
        return self._scenario.weights.unit

    @property
    def onset_s(self) -> float | None:
        """When harm began: the first of three minutes in a row with any, in seconds after the page."""
        hurt = self._truth.harm_rate((), 60.0) > 0
        three = np.flatnonzero(hurt[:-2] & hurt[1:-1] & hurt[2:])
        return float(three[0]) * 60.0 - self._scenario.page_s if len(three) else None

    def reference(self) -> tuple[LeverOrder, ...]:
        """Return the orders of the scenario's reference policy."""
        if self._reference is None:
            closing = frozenset(spec.name for spec in self._playbook.levers if spec.closes)
            maker = OrderMaker(self._world(), closing, self._playbook.profile.canary_percent)
            page = self._scenario.page
            steps = sorted(self._scenario.reference, key=lambda step: step.at)
            self._reference = maker.run(
                PolicyStep(page + timedelta(seconds=step.at), step.do, step.args) for step in steps
            )
        return self._reference

    def toll(self, orders: Sequence[LeverOrder]) -> Toll:
        """Return what a lever timeline costs."""
        found = self._truth.outcome(orders)
        return Toll(found.j, found.harm, found.lost, found.excess_cost, found.users_harmed, dict(found.counts))

    def contained_s(self, orders: Sequence[LeverOrder]) -> float | None:
        """Return when harm stopped, in seconds after the page."""
        contained = self._truth.contained_at(orders)
        return None if contained is None else (contained - self._scenario.page).total_seconds()

    def curve(self, orders: Sequence[LeverOrder]) -> Curve:
        """Return harm per minute over the whole run."""
        rate = self._truth.harm_rate(orders)
        return Curve(-self._scenario.page_s, HARM_BIN_S, tuple(float(value) for value in rate))

    def choices(self) -> tuple[tuple[str, str], ...]:
        """Return every lever that can be pulled, with its sensible target."""
        views = self._world().levers(self._scenario.page)
        return tuple((view.name, view.choices[0] if view.choices else "") for view in views if not view.ready)

    def j_from(self, before: Sequence[LeverOrder], orders: Sequence[LeverOrder], since: datetime) -> float:
        """Return J of a timeline that is the same as `before` until a moment; only what follows is run."""
        truth, ground = self._truth, self._truth.ground
        timeline = Timeline(self._scenario, truth.seed, orders, ground.folder)
        start = (since - self._scenario.start).total_seconds()
        run = Run(ground, timeline, parent=truth.run(before), since=start, lean=True)
        return outcome(truth.weigher, run, self._scenario.horizon_s).j

    def _world(self) -> SimWorld:
        return SimWorld(self._scenario, self._truth.seed, ground=self._truth.ground)
