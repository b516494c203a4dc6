"""The drill's runner: the keeper of one drill, its clock and its traces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from typing import Any, Protocol

from cockpit.domain.events import Kind, NewEvent, Source
from cockpit.domain.levers import LeverPlan
from cockpit.domain.traces import TraceFilter
from cockpit.drill.clock import DrillClock
from cockpit.drill.opened import look_at_answers, with_signs
from cockpit.drill.run import DrillRun
from cockpit.errors import JournalError
from cockpit.session.build import Running, build_snapshot
from cockpit.session.feed import TraceFeed
from cockpit.session.keeper import SNAPSHOT_S, Keeper
from cockpit.session.look import Look
from cockpit.session.snapshot import Done, Snapshot
from cockpit.world.port import TraceDetail

FEED_S = 0.1
"""How often traces are carried over to where the screens read them."""

CHECKPOINT_S = 1.0
"""How much of the drill's time may be played again after a kill, at most, in real seconds."""

PATIENCE_S = 30.0
"""How long a portion of opened traces is waited for: a drill that was left answers nothing any more."""

NEIGHBOURS = 500
"""Newest traces whose tenants are known by name when a trace is opened."""


class Follows(Protocol):
    """What the runner needs of a journal beyond appending."""

    def changed(self) -> bool:
        """Tell, cheaply, whether another process has committed something."""
        ...


class DrillRunner(Keeper):
    """Keeps one drill going; implements the Controller that screens talk to."""

    def __init__(
        self, run: DrillRun, clock: DrillClock, journal: Follows, feed: TraceFeed, traces: Any, actor: str
    ) -> None:
        super().__init__("drill-runner")
        self._run = run
        self.traces = traces
        self._clock = clock
        self._journal = journal
        self._feed = feed
        self._actor = actor
        self._read = len(run.session.log)

    def start(self) -> None:
        """Begin; the first snapshot is there when this returns."""
        self._feed.catch_up(self._clock.now())
        super().start()

    def left(self) -> None:
        """Keep the clock where it is; the drill can be gone on with later."""
        self._feed.close(self._clock.now())

    def do(self, action: str, arguments: Mapping[str, Any] | None = None) -> Future[Done]:
        """Carry an action out at the next beat."""
        return self.ask(lambda: self._act(action, arguments))

    def plan(self, lever: str, target: str = "") -> Future[LeverPlan]:
        """Plan a pull."""
        return self.ask(lambda: self._run.session.world.plan(lever, target, {}, self._clock.now()))

    def trace(self, trace: int) -> Future[TraceDetail | None]:
        """Open a trace."""
        return self.ask(lambda: self._open(trace))

    def look(self) -> Future[Look]:
        """Look at all traces together, in a thread of its own; the world answers between two beats."""

        def opened(traces: Sequence[int]) -> Sequence[TraceDetail | None]:
            world, now = self._run.session.world, self._clock.now()
            return self.ask(lambda: [world.trace(trace, now) for trace in traces]).result(PATIENCE_S)

        return self.aside(lambda: look_at_answers(self.traces, opened, self._clock.now()), "look")

    def beat(self) -> None:
        """Go on to where the clock is due."""
        if self._journal.changed():
            self._run.session.refresh()
        self._obey()
        self.answer_requests()
        self._move()
        if self.due("feed", FEED_S):
            self._feed.carry_on(self._clock.now())
        if self.due("snapshot", SNAPSHOT_S):
            self.publish()
        if self.due("checkpoint", CHECKPOINT_S):
            self._feed.checkpoint(self._clock.now())

    def stumbled(self, problem: Exception) -> None:
        """Stop the clock where nothing can be written."""
        if isinstance(problem, JournalError):
            self._clock.hold()

    def make_snapshot(self) -> Snapshot:
        """Look at everything once."""
        running = Running(
            traces=self._feed.count,
            failing_share=self._feed.failing_share,
            speed=self._clock.speed,
            paused=self._clock.paused or bool(self._run.session.state.ended),
            problem=self.problem,
        )
        return build_snapshot(self._run.session, self._actor, running)

    def _open(self, trace: int) -> TraceDetail | None:
        detail = self._run.session.world.trace(trace, self._clock.now())
        tenants = {row.tenant for row in self.traces.page(TraceFilter(), limit=NEIGHBOURS)} if detail else ()
        return with_signs(detail, tenants) if detail else None

    def _act(self, action: str, arguments: Mapping[str, Any] | None) -> Done:
        self._move()
        done = self._run.session.do(action, arguments, actor=self._actor)
        if done.events:
            self._clock.hold()
        self._obey()
        self.publish()
        return done

    def _obey(self) -> None:
        """Let the clock follow what was decided about it: here, or by a trainer at another terminal."""
        new = self._run.session.log[self._read :]
        self._read += len(new)
        for event in new:
            if event.kind is Kind.SPEED_CHANGED:
                self._clock.hold()
                self._clock.set(speed=float(event.get("speed", 1.0)))
            elif event.kind in (Kind.DRILL_PAUSED, Kind.DRILL_RESUMED):
                self._clock.hold()
                self._clock.set(paused=event.kind is Kind.DRILL_PAUSED)

    def _move(self) -> None:
        if not self._run.session.state.ended:
            self._run.advance(self._clock.due())
            self._clock.tick(self._run.end)


def reattach(run: DrillRun, actor: str) -> None:
    """Write down that somebody goes on with a drill."""
    event = NewEvent(Kind.DRILL_REATTACHED, run.clock.now(), actor, Source.SYSTEM, {})
    run.session.record([event])
