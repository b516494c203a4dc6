"""A controller for the tests of the screens: the real session over a tiny world, answered at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from cockpit.domain.clock import ManualClock
from cockpit.domain.events import GENESIS, Event, Kind, NewEvent, Source, canonical, chain_hash, iso
from cockpit.domain.levers import LeverPlan
from cockpit.domain.traces import TraceFilter
from cockpit.errors import CockpitError, JournalConflict
from cockpit.session.build import Running, build_snapshot
from cockpit.session.look import Look, look_at_rows
from cockpit.session.session import Session
from cockpit.session.snapshot import Done, Snapshot
from cockpit.session.watch import Watch
from cockpit.world.port import TraceDetail, TraceRow
from tests.tui.fake_world import PAGE, FakeWorld, playbook
from tests.tui.trace_fakes import FakeTraces, detail, row

INCIDENT = "INC-0007"
TITLE = "support assistant shows another tenant's orders"


class MemoryLog:
    """A journal in a list."""

    def __init__(self) -> None:
        self.lines: list[Event] = []

    def append(self, incident: str, events: Sequence[NewEvent], *, expected_seq: int) -> list[Event]:
        """Append and chain."""
        if expected_seq != len(self.lines):
            raise JournalConflict("somebody was faster")
        written = [self._write(incident, event) for event in events]
        return written

    def _write(self, incident: str, event: NewEvent) -> Event:
        seq, prev = len(self.lines) + 1, self.lines[-1].hash if self.lines else GENESIS
        digest = chain_hash(incident, seq, iso(event.at), iso(event.at), event.actor, event.source, event.kind,
                            canonical(event.payload), prev)  # fmt: skip
        line = Event(
            incident, seq, event.at, event.at, event.actor, event.source, event.kind, event.payload, prev, digest
        )
        self.lines.append(line)
        return line

    def events(self, incident: str, after_seq: int = 0) -> list[Event]:
        """Return the tail."""
        return self.lines[after_seq:]


class Traces(FakeTraces):
    """Traces that can be filtered by anything."""

    def _matching(self, query: TraceFilter) -> list[TraceRow]:
        return [one for one in self._rows if query.matches(one)]


class FakeController:
    """An incident at one terminal; `move` lets time pass, everything else is answered at once.

    `fail` is raised by the next action instead of carrying it out.
    """

    def __init__(
        self,
        *,
        hostile: str = "",
        at: datetime | None = None,
        mode: str = "drill",
        world: FakeWorld | None = None,
        actor: str = "you",
        beside: FakeController | None = None,
    ) -> None:
        """`beside` is another terminal on the same incident: journal, world and clock are shared with it."""
        self.world: FakeWorld = beside.world if beside else world or FakeWorld()
        self.world.hostile = hostile
        self.actor = actor
        self.clock: ManualClock = beside.clock if beside else ManualClock(PAGE - timedelta(seconds=30))
        self.playbook = playbook()
        self.log: MemoryLog = beside.log if beside else MemoryLog()
        if beside is None:
            self._open(mode, hostile)
        self.session = Session(self.log, INCIDENT, self.world, self.playbook, self.clock)
        self.watch = Watch(self.session)
        self.traces = Traces(
            [row(number, text=f"trace {number}: {hostile or 'where is my order?'}") for number in range(1, 400)]
        )
        self.done: list[tuple[str, dict[str, Any]]] = []
        self.fail: Exception | None = None
        self.closed = False
        self._snapshot: Snapshot | None = None
        self.move(self.clock.now() if beside else at or PAGE + timedelta(seconds=6))

    def _open(self, mode: str, hostile: str) -> None:
        opened: dict[str, Any] = {"mode": mode, "title": TITLE + hostile, "service": "support-assistant"}
        if mode == "drill":
            opened |= {"scenario": "injection-leak", "seed": 7, "profile": "default", "speed": 4.0}
        first = NewEvent(Kind.INCIDENT_OPENED, self.clock.now(), self.actor, Source.PERSON, opened)
        self.log.append(INCIDENT, [first], expected_seq=0)

    def move(self, to: datetime | float) -> Snapshot:
        """Let time pass, to a moment or by seconds."""
        target = to if isinstance(to, datetime) else self.clock.now() + timedelta(seconds=to)
        while self.clock.now() < target:
            before = self.clock.now()
            self.clock.move_to(min(target, before + timedelta(seconds=5)))
            self.session.record(self.world.happenings(before, self.clock.now()))
            self.watch.look()
        return self.renew()

    def renew(self, **changes: Any) -> Snapshot:
        """Make the snapshot anew, with some fields changed."""
        self.session.refresh()
        self._snapshot = replace(make_snapshot(self.session, self.actor), **changes)
        return self._snapshot

    def do(self, action: str, arguments: Mapping[str, Any] | None = None) -> Future[Done]:
        """Carry an action out."""
        self.done.append((action, dict(arguments or {})))
        return _answered(lambda: self._do(action, arguments))

    def _do(self, action: str, arguments: Mapping[str, Any] | None) -> Done:
        if self.fail:
            problem, self.fail = self.fail, None
            raise problem
        done = self.session.do(action, arguments, actor=self.actor)
        self.renew()
        return done

    def plan(self, lever: str, target: str = "") -> Future[LeverPlan]:
        """Plan a pull."""
        return _answered(lambda: self.world.plan(lever, target, {}, self.clock.now()))

    def trace(self, trace: int) -> Future[TraceDetail | None]:
        """Open a trace."""
        return _answered(lambda: detail(trace))

    def look(self) -> Future[Look]:
        """Look at all traces together."""
        return _answered(lambda: look_at_rows(self.traces, self.clock.now()))

    def snapshot(self) -> Snapshot | None:
        """Return the latest snapshot."""
        return self._snapshot

    def close(self) -> None:
        """Remember that it was let go."""
        self.closed = True


def _answered(work: Callable[[], Any]) -> Future[Any]:
    future: Future[Any] = Future()
    try:
        future.set_result(work())
    except CockpitError as problem:
        future.set_exception(problem)
    return future


def make_snapshot(session: Session, actor: str = "you") -> Snapshot:
    """Make the snapshot of a session as it stands."""
    state = session.state
    running = Running(traces=12418, failing_share=0.006, speed=state.speed, paused=state.paused)
    return build_snapshot(session, actor, running)
