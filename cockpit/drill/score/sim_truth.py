"""The truth of a simulated world: the same requests under any lever timeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from cockpit.domain.levers import LeverOrder
from cockpit.domain.playbook import Playbook
from cockpit.drill.score.model import Toll
from cockpit.drill.score.policy import OrderMaker, PolicyStep
from cockpit.drill.score.truth import Curve
from cockpit.simulator.engine import Run
from cockpit.simulator.schema import Scenario
from cockpit.simulator.timeline import Timeline
from cockpit.simulator.truth import HARM_BIN_S, outcome
from cockpit.simulator.world import SimWorld

WHAT_IF = "what-if"
"""The op of a pull that nobody made."""


class SimTruth:
    """Answers by re-running the scenario; requests are drawn once, and runs share what lies before a pull."""

    def __init__(self, scenario: Scenario, seed: int, playbook: Playbook) -> None:
        self._scenario = scenario
        self._playbook = playbook
        self._world = SimWorld(scenario, seed)
        self._plays: dict[str, SimWorld] = {"()": self._world}
        self._reference: tuple[LeverOrder, ...] | None = None

    @property
    def unit(self) -> str:
        """What harm is counted in."""
        return self._scenario.weights.unit

    @property
    def onset_s(self) -> float | None:
        """When harm began, in seconds after the page."""
        onset = self._world.onset()
        return None if onset is None else (onset - self._scenario.page).total_seconds()

    def reference(self) -> tuple[LeverOrder, ...]:
        """Return the orders of the scenario's reference policy."""
        if self._reference is None:
            closing = frozenset(spec.name for spec in self._playbook.levers if spec.closes)
            maker = OrderMaker(self._world.fork(()), closing, self._playbook.profile.canary_percent)
            page = self._scenario.page
            steps = sorted(self._scenario.reference, key=lambda step: step.at)
            self._reference = maker.run(
                PolicyStep(page + timedelta(seconds=step.at), step.do, step.args) for step in steps
            )
        return self._reference

    def toll(self, orders: Sequence[LeverOrder]) -> Toll:
        """Return what a lever timeline costs."""
        found = self._play(orders).outcome()
        return Toll(found.j, found.harm, found.lost, found.excess_cost, found.users_harmed, dict(found.counts))

    def contained_s(self, orders: Sequence[LeverOrder]) -> float | None:
        """Return when harm stopped, in seconds after the page."""
        contained = self._play(orders).contained_at()
        return None if contained is None else (contained - self._scenario.page).total_seconds()

    def curve(self, orders: Sequence[LeverOrder]) -> Curve:
        """Return harm per minute over the whole run."""
        rate = self._play(orders).harm_rate()
        return Curve(-self._scenario.page_s, HARM_BIN_S, tuple(value for _, value in rate))

    def choices(self) -> tuple[tuple[str, str], ...]:
        """Return every lever that can be pulled, with its sensible target."""
        views = self._world.levers(self._scenario.page)
        return tuple((view.name, view.choices[0] if view.choices else "") for view in views if not view.ready)

    def moments(
        self, before: Sequence[LeverOrder], choices: Sequence[tuple[str, str]], times: Sequence[datetime]
    ) -> list[list[float]]:
        """Return J for every choice at every time; a lever that was pulled later anyway is pulled earlier."""
        base = self._play(before).run
        return [[self._moved(base, before, lever, target, at) for at in times] for lever, target in choices]

    def _moved(self, base: Run, before: Sequence[LeverOrder], lever: str, target: str, at: datetime) -> float:
        orders = earlier(before, lever, target, at)
        world = self._world
        timeline = Timeline(self._scenario, world.seed, orders, world.ground.folder)
        run = Run(world.ground, timeline, parent=base, since=world.seconds(at), lean=True)
        return outcome(world.weigher, run, self._scenario.horizon_s).j

    def _play(self, orders: Sequence[LeverOrder]) -> SimWorld:
        key = repr(tuple(orders))
        if key not in self._plays:
            self._plays[key] = self._world.fork(orders)
        return self._plays[key]


def earlier(orders: Sequence[LeverOrder], lever: str, target: str, at: datetime) -> tuple[LeverOrder, ...]:
    """Return the timeline with a lever pulled at a moment: the next pull of it moved there, or a new one."""
    following = next((one for one in orders if one.lever == lever and not one.undoes and one.at >= at), None)
    moved = replace(following, at=at) if following else LeverOrder(WHAT_IF, lever, target, {}, at)
    return tuple(sorted([*(one for one in orders if one is not following), moved], key=lambda one: one.at))
