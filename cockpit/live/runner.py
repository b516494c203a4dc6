"""The live runner: the keeper of one live incident at one terminal."""

from __future__ import annotations

import sys
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import suppress
from typing import Any

from cockpit.archive.beside import BesideArchive
from cockpit.domain.deliveries import Wired
from cockpit.domain.events import Kind, NewEvent, Source
from cockpit.domain.happenings import untold
from cockpit.domain.levers import LeverPlan, Stage
from cockpit.domain.presence import Company
from cockpit.errors import JournalError, JournalUnreachable
from cockpit.live.courier import Courier
from cockpit.live.driving import drive
from cockpit.live.lifeline import Follows, Lifeline
from cockpit.live.outbox import Outbox
from cockpit.live.sight.look import look_at_whole
from cockpit.live.sight.opening import Sight
from cockpit.session.build import Running, build_snapshot
from cockpit.session.feed import Feed
from cockpit.session.keeper import SNAPSHOT_S, Keeper
from cockpit.session.look import Look, look_at_rows
from cockpit.session.session import Session
from cockpit.session.snapshot import Done, Snapshot
from cockpit.session.watch import Watch
from cockpit.world.live import LiveWorld
from cockpit.world.port import TraceDetail

WATCH_S = 0.5
"""How often proofs, containment and the canary are looked at."""

SEAT_S = 1.0
"""How often a terminal that does not drive tries to."""

FEED_S = 0.2
"""How often traces are carried over to where the screens read them."""

RECOVERY_S = 20.0
"""How long a new pull waits at most for one that is not decided; by then that one is shown as unknown."""

ASKS_SYSTEMS = frozenset({"pull_lever", "approve_lever", "undo_lever", "open_canary", "widen_canary", "abort_canary"})
"""Actions that are planned on a real system first: off the keeper's thread, so that nothing else waits."""


class LiveRunner(Keeper):
    """Keeps one live incident going at one terminal; implements the Controller that screens talk to."""

    def __init__(
        self,
        session: Session,
        world: LiveWorld,
        journal: Follows,
        seat: Company,
        feed: Feed,
        traces: Any,
        actor: str,
        outbox: Outbox | None = None,
        sight: Sight | None = None,
    ) -> None:
        super().__init__("live-runner")
        self.traces = BesideArchive(traces, lambda: sight.eyes.reader.archive) if sight else traces
        self.session = session
        self._world = world
        self._lifeline = Lifeline(session, journal, outbox)
        self._seat = seat
        self._feed = feed
        self._actor = actor
        self._watch = Watch(session)
        self._since_seq = session.state.last_seq
        self._sight = sight
        self.courier: Courier | None = None
        self.channels: tuple[Wired, ...] = ()

    @property
    def actor(self) -> str:
        """Who sits at this terminal."""
        return self._actor

    @property
    def drives(self) -> bool:
        """Whether this terminal is the one that sends and watches."""
        return self._seat.taken

    def do(self, action: str, arguments: Mapping[str, Any] | None = None) -> Future[Done]:
        """Carry an action out; one that changes a real system is planned on it first."""
        if action not in ASKS_SYSTEMS:
            return self.ask(lambda: self._act(action, arguments))

        def work() -> Done:
            self._lifeline.refuse(action)
            self._wait_until_settled(str((arguments or {}).get("lever", "")))
            self._ask_systems(action, arguments or {})
            return self.ask(lambda: self._act(action, arguments)).result()

        return self.aside(work, f"do {action}")

    def plan(self, lever: str, target: str = "") -> Future[LeverPlan]:
        """Plan a pull, in a thread of its own."""
        return self.aside(lambda: self._world.plan(lever, target, {}, self.session.clock.now()), f"plan {lever}")

    def trace(self, trace: int) -> Future[TraceDetail | None]:
        """Open a trace, in a thread of its own."""
        return self.aside(lambda: self._world.trace(trace, self.session.clock.now()), f"trace {trace}")

    def look(self) -> Future[Look]:
        """Look at all traces together, in a thread of its own."""
        return self.aside(self._look, "look")

    def beat(self) -> None:
        """Follow the journal, carry out what it asks for, and look at what came of it."""
        with suppress(JournalUnreachable):  # the lifeline says so
            self._lifeline.follow()
        if not self._seat.taken and self.due("seat", SEAT_S) and self._seat.take():
            self._sit_down()
        self.answer_requests()
        self._drive()
        if self.due("feed", FEED_S):
            self._feed.carry_on(self.session.clock.now())
            if self._sight:
                self._sight.heed(self.session.log)
        if self.due("snapshot", SNAPSHOT_S):
            self.publish()

    def make_snapshot(self) -> Snapshot:
        """Look at everything once."""
        running = Running(
            traces=self._feed.count,
            failing_share=self._feed.failing_share,
            problem=self.problem or self._trouble(),
            here=self._seat.here(),
            channels=self.channels,
        )
        return build_snapshot(self.session, self._actor, running)

    def stumbled(self, problem: Exception) -> None:
        """Do nothing more: time can't be stopped, and the next beat tries again."""

    def left(self) -> None:
        """Let go of the systems and of the seat; nothing that is in force is changed."""
        if self.courier:
            with suppress(JournalError):
                self.courier.finish()
        self._world.close()
        self._feed.close(self.session.clock.now())
        self._seat.leave()

    def settled(self, lever: str = "") -> bool:
        """Whether all is decided, or shown as unknown: what an earlier process asked for, and pulls of one lever."""
        waited_for = (pull for pull in self.session.state.pulls if pull.seq <= self._since_seq or pull.lever == lever)
        return all(pull.stage is not Stage.PULLED for pull in waited_for)

    def _look(self) -> Look:
        now = self.session.clock.now()
        archive = self._sight.eyes.reader.archive if self._sight else None
        return look_at_whole(self.traces, archive, now) if archive else look_at_rows(self.traces, now)

    def _sit_down(self) -> None:
        """Take over from whoever drove; what was asked for until now may have been sent."""
        self._since_seq = sys.maxsize
        with suppress(JournalUnreachable):
            self.session.refresh()
            self._since_seq = self.session.state.last_seq

    def _drive(self) -> None:
        """Carry out and watch, as long as this terminal has the seat."""
        if self.courier:
            with suppress(JournalUnreachable):  # what became of it is kept until it can be written
                self.courier.beat(lambda: self._seat.taken)
        if not self._seat.taken:
            return
        with suppress(JournalUnreachable):  # what happened is kept, and told when it can be written
            drive(self._world.hands, self.session.log, self.session.state, since_seq=self._since_seq)
            self._hear()
            if self._sight:
                self._sight.lookout.write(self.session)
            if self.due("watch", WATCH_S):
                self._watch.look()

    def _hear(self) -> None:
        """Write down what became of orders; it is taken out only when it is written."""
        now = self.session.clock.now()
        happened = self._world.happenings(now, now)
        if happened:
            self.session.record_if(lambda: untold(happened, self.session.log))
            self._world.hands.written(happened)

    def _act(self, action: str, arguments: Mapping[str, Any] | None) -> Done:
        try:
            self._lifeline.follow()
            done = self.session.do(action, arguments, actor=self._actor)
        except JournalUnreachable as problem:
            done = self._lifeline.keep(action, arguments, self._actor, problem)
        self._drive()
        self.publish()
        return done

    def _wait_until_settled(self, lever: str) -> None:
        pause = threading.Event()
        for _ in range(round(RECOVERY_S / 0.05)):
            if self.settled(lever):
                return
            pause.wait(0.05)

    def _ask_systems(self, action: str, arguments: Mapping[str, Any]) -> None:
        """Plan on the real system; the world keeps the plan for as long as the action takes to be written."""
        state, now, lever = self.session.state, self.session.clock.now(), str(arguments.get("lever", ""))
        proposal = state.proposal(lever) if action == "approve_lever" else None
        if action == "undo_lever" or (proposal and proposal.undoes):
            if pull := state.in_force(lever):
                self._world.plan_undo(pull, now)
        elif action in ("pull_lever", "approve_lever"):
            target = proposal.target if proposal else str(arguments.get("target", ""))
            self._world.plan(lever, target, {}, now)
        else:
            usual = self.session.playbook.profile.canary_percent if action == "open_canary" else 0.0
            self._world.plan_canary(float(arguments.get("percent") or usual), now)

    def _trouble(self) -> str:
        problems = self._world.news.problems()
        told = "; ".join(f"{name}: {problem}" for name, problem in problems.items())[:300]
        seen = self._sight.problem if self._sight else ""
        unsent = self.courier.problem() if self.courier else ""
        return self._lifeline.problem(self.session.clock.now()) or unsent or told or seen


def joined(actor: str, session: Session) -> NewEvent:
    """Return the line that somebody has joined."""
    return NewEvent(Kind.ATTACHED, session.clock.now(), actor, Source.SYSTEM, {})
