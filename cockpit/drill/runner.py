"""The runner: a thread that keeps a drill going whatever the screen does.

A terminal that stops reading freezes the event loop; the clock, the watch and the journal live here and go on.
Everything that touches the session happens in this one thread: screens hand in requests and get futures.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from cockpit.domain.events import Event, Kind, NewEvent, Source
from cockpit.domain.levers import LeverPlan
from cockpit.drill.clock import DrillClock
from cockpit.drill.feed import TraceFeed
from cockpit.drill.run import DrillRun
from cockpit.errors import CockpitError, JournalError
from cockpit.session.build import Running, build_snapshot
from cockpit.session.snapshot import Done, Snapshot
from cockpit.world.port import TraceDetail

T = TypeVar("T")

BEAT_S = 0.05
"""How often the runner looks whether anything is to be done, in real seconds."""

SNAPSHOT_S = 0.25
"""How often screens get news while nothing is pressed."""

FEED_S = 0.1
"""How often traces are carried over to where the screens read them."""

CHECKPOINT_S = 1.0
"""How much of the drill's time may be played again after a kill, at most, in real seconds."""


class Follows(Protocol):
    """What the runner needs of a journal beyond appending."""

    def changed(self) -> bool:
        """Tell, cheaply, whether another process has committed something."""
        ...


class DrillRunner:
    """Keeps one drill going; implements the Controller that screens talk to."""

    def __init__(
        self, run: DrillRun, clock: DrillClock, journal: Follows, feed: TraceFeed, traces: Any, actor: str
    ) -> None:
        self._run = run
        self.traces = traces
        self._clock = clock
        self._journal = journal
        self._feed = feed
        self._actor = actor
        self._requests: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._latest: Snapshot | None = None
        self._problem = ""
        self._closing: list[Callable[[], None]] = []
        self._stop = threading.Event()
        self._next_snapshot = self._next_checkpoint = self._next_feed = 0.0
        self._thread = threading.Thread(target=self._keep_going, name="drill-runner", daemon=True)

    def start(self) -> None:
        """Begin; the first snapshot is there when this returns."""
        self._feed.catch_up(self._clock.now())
        self._publish()
        self._thread.start()

    def close(self) -> None:
        """Stop the clock where it is; the drill can be gone on with later."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        self._feed.close(self._clock.now())
        for let_go in self._closing:
            let_go()
        self._closing.clear()

    def on_close(self, let_go: Callable[[], None]) -> None:
        """Let go of something more when the runner is closed."""
        self._closing.append(let_go)

    def snapshot(self) -> Snapshot | None:
        """Return the latest snapshot."""
        return self._latest

    def do(self, action: str, arguments: Mapping[str, Any] | None = None) -> Future[Done]:
        """Carry an action out at the next beat."""
        return self._ask(lambda: self._act(action, arguments))

    def plan(self, lever: str, target: str = "") -> Future[LeverPlan]:
        """Plan a pull."""
        return self._ask(lambda: self._run.session.world.plan(lever, target, {}, self._clock.now()))

    def trace(self, trace: int) -> Future[TraceDetail | None]:
        """Open a trace."""
        return self._ask(lambda: self._run.session.world.trace(trace, self._clock.now()))

    def _ask(self, work: Callable[[], T]) -> Future[T]:
        future: Future[T] = Future()

        def answer() -> None:
            try:
                future.set_result(work())
            except Exception as problem:  # handed to whoever asked
                future.set_exception(problem)

        self._requests.put(answer)
        return future

    def _act(self, action: str, arguments: Mapping[str, Any] | None) -> Done:
        self._move()
        done = self._run.session.do(action, arguments, actor=self._actor)
        for event in done.events:
            self._obey(event)
        self._publish()
        return done

    def _obey(self, event: Event) -> None:
        """Let the clock follow what was decided about it."""
        self._clock.hold()
        if event.kind is Kind.SPEED_CHANGED:
            self._clock.set(speed=float(event.get("speed", 1.0)))
        elif event.kind in (Kind.DRILL_PAUSED, Kind.DRILL_RESUMED):
            self._clock.set(paused=event.kind is Kind.DRILL_PAUSED)

    def _keep_going(self) -> None:
        while not self._stop.is_set():
            try:
                self._beat()
                self._problem = ""
            except Exception as problem:  # the incident goes on whatever one beat met
                self._tell(problem)
            self._stop.wait(BEAT_S)

    def _tell(self, problem: Exception) -> None:
        """Put a problem on every screen; where nothing can be written, the clock stands still."""
        if isinstance(problem, CockpitError):
            self._problem = f"{problem.title}: {problem.message}"
        else:
            self._problem = f"the drill stumbled ({type(problem).__name__}); it tries again"
        if isinstance(problem, JournalError):
            self._clock.hold()
        if self._latest is not None:
            self._latest = replace(self._latest, problem=self._problem)

    def _beat(self) -> None:
        if self._journal.changed():
            self._run.session.refresh()
        self._answer_requests()
        self._move()
        now = time.monotonic()
        if now >= self._next_feed:
            self._feed.carry_on(self._clock.now())
            self._next_feed = now + FEED_S
        if now >= self._next_snapshot:
            self._publish()
            self._next_snapshot = now + SNAPSHOT_S
        if now >= self._next_checkpoint:
            self._feed.checkpoint(self._clock.now())
            self._next_checkpoint = now + CHECKPOINT_S

    def _answer_requests(self) -> None:
        while True:
            try:
                self._requests.get_nowait()()
            except queue.Empty:
                return

    def _move(self) -> None:
        if not self._run.session.state.ended:
            self._run.advance(self._clock.due())
            self._clock.tick(self._run.end)

    def _publish(self) -> None:
        state = self._run.session.state
        running = Running(
            traces=self._feed.count,
            failing_share=self._feed.failing_share,
            speed=self._clock.speed,
            paused=self._clock.paused or bool(state.ended),
            problem=self._problem,
        )
        self._latest = build_snapshot(self._run.session, self._actor, running)


def reattach(run: DrillRun, actor: str) -> None:
    """Write down that somebody goes on with a drill."""
    event = NewEvent(Kind.DRILL_REATTACHED, run.clock.now(), actor, Source.SYSTEM, {})
    run.session.record([event])
