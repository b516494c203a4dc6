"""The simulated world behind the port: a pure function of (scenario, seed, orders)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from cockpit.domain.cases import Rehearsal
from cockpit.domain.events import NewEvent
from cockpit.domain.expertise import Expertise
from cockpit.domain.levers import LeverOrder
from cockpit.simulator import registry, wire
from cockpit.simulator.board import Desk
from cockpit.simulator.engine import Ground, Run
from cockpit.simulator.opened import Opener
from cockpit.simulator.panel import Panel
from cockpit.simulator.planning import Planning
from cockpit.simulator.rehearse import Rehearser
from cockpit.simulator.schema.scenario import Scenario
from cockpit.simulator.seen import Seen
from cockpit.simulator.story import Story
from cockpit.simulator.texts import Texts
from cockpit.simulator.traces import Tracer
from cockpit.world.port import Change, Proof, SignalFrame, TraceDetail, TraceRow


class View:
    """One run with everything that is read from it; made anew after each pull."""

    def __init__(self, run: Run, texts: Texts) -> None:
        self.run = run
        self._texts = texts

    @cached_property
    def seen(self) -> Seen:
        return Seen(self.run)

    @cached_property
    def panel(self) -> Panel:
        return Panel(self.seen)

    @cached_property
    def tracer(self) -> Tracer:
        return Tracer(self.seen, self._texts)

    @cached_property
    def story(self) -> Story:
        return Story(self.panel, self.tracer, self.run.timeline)


class SimWorld(Planning):
    """A drill's world. Pulling a lever re-simulates from that moment on; what was before stays as it was."""

    def __init__(
        self, scenario: Scenario, seed: int, orders: Sequence[LeverOrder] = (), *, ground: Ground | None = None
    ) -> None:
        self.scenario = scenario
        self.seed = seed
        self.expertise: Expertise = scenario.expertise
        self.ground = ground or Ground(scenario, seed)
        self._orders: list[LeverOrder] = []
        self._texts = Texts(scenario, seed)
        for order in orders:
            self._orders.append(registry.settled(self.ground, self._orders, order))
        self._view = View(Run(self.ground, self.ground.timeline(self._orders)), self._texts)

    @property
    def service(self) -> str:
        """The name of the application that is on fire."""
        return self.scenario.service

    @cached_property
    def people(self) -> tuple[str, ...]:
        """Who can be handed a role besides the responders at a keyboard."""
        return tuple(self.scenario.people) or tuple(self._texts.names[:4])

    @property
    def pagers(self) -> tuple[str, ...]:
        """Nobody is woken by a drill."""
        return ()

    @property
    def orders(self) -> tuple[LeverOrder, ...]:
        """The pulls so far, with their targets filled in."""
        return tuple(self._orders)

    @property
    def run(self) -> Run:
        """The columns under the orders so far."""
        return self._view.run

    def seconds(self, at: datetime) -> float:
        """Return a moment as seconds after the scenario's start."""
        return (at - self.scenario.start).total_seconds()

    def happenings(self, since: datetime, until: datetime) -> list[NewEvent]:
        """Return what the world does by itself in (since, until], in order of time."""
        first, last = self.seconds(since), self.seconds(until)
        return [event for at, event in self._view.story.happenings if first < at <= last]

    def desk(self, at: datetime) -> Desk:
        """Return the desk with the levers as the control plane knows it at a moment."""
        seconds = self.seconds(at)
        return Desk(self.scenario, self.run.timeline.stored(seconds), seconds)

    def pull(self, order: LeverOrder) -> None:
        """Ask for a change once; asking again with the same op changes nothing."""
        if any(known.op == order.op for known in self._orders):
            return
        self._orders.append(registry.settled(self.ground, self._orders, order))
        timeline = self.ground.timeline(self._orders)
        run = Run(self.ground, timeline, parent=self.run, since=self.seconds(order.at))
        self._view = View(run, self._texts)

    def signals(self, at: datetime, window_s: float, bins: int, arm: str = "") -> SignalFrame:
        """Return every signal as it is known at a moment; `arm` looks at one arm only (`canary`, `primary`)."""
        percent = max(self.desk(at).state.percent, default=0.0)
        frame = self._view.panel.frame(self.seconds(at), window_s, bins, percent, arm)
        self.ground.shelf.release()
        return frame

    def proof(self, op: str, at: datetime, last: int) -> Proof:
        """Look at the last answers on the wire that the pull should have reached."""
        return wire.proof(self._view.tracer, op, self.seconds(at), last)

    def changes(self, at: datetime) -> tuple[Change, ...]:
        """Return what changed lately, newest first."""
        return registry.changes(self.run, at)

    def harmed(self, at: datetime) -> int:
        """Return how many users are known to be harmed so far."""
        return self._view.panel.harmed(self.seconds(at))

    def card(self, at: datetime) -> Mapping[str, str]:
        """Fill the 2 a.m. card."""
        return registry.card(self.desk(at), self._view.panel, at)

    def snapshot(self, at: datetime) -> Mapping[str, Any]:
        """Return the configuration in force, for the evidence freeze and the fixture."""
        return registry.snapshot(self.desk(at), at)

    def traces(self, since: datetime, until: datetime) -> Sequence[TraceRow]:
        """Return the traces that came to an end in (since, until], by id."""
        tracer = self._view.tracer
        rows = tracer.rows(tracer.finished(self.seconds(since), self.seconds(until)), self.seconds(until))
        self.ground.shelf.release()
        return rows

    def verdicts(self, since: datetime, until: datetime) -> Sequence[tuple[int, str, tuple[float | None, ...]]]:
        """Return (trace, verdict, scores) of the judge's scores that arrived in (since, until]."""
        return self._view.tracer.judged(self.seconds(since), self.seconds(until))

    def trace(self, trace: int, at: datetime) -> TraceDetail | None:
        """Open one trace, as much as is known at a moment."""
        return Opener(self._view.tracer).detail(trace, self.seconds(at))

    def rehearse(self, trace: int, neighbours: Sequence[int], at: datetime, samples: int) -> Rehearsal:
        """Ask a trace's question again of the configuration it met and of the one now, and others of the one now."""
        seconds = self.seconds(at)
        entries = [entry for entry in self.run.timeline.entries if entry.stored <= seconds]
        asked = [number - 1 for number in neighbours]
        return Rehearser(self._view.tracer, entries).rehearse(trace - 1, asked, samples)
