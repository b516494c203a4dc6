"""The live world: the team's own systems behind the port that drills have their simulator behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cockpit.domain.events import Event, Kind, NewEvent
from cockpit.domain.levers import LeverOrder, LeverPlan, LeverPull, LeverView, Stage
from cockpit.domain.orders import orders_of
from cockpit.errors import WorldError
from cockpit.world.eyes import Eyes
from cockpit.world.fleet import Fleet
from cockpit.world.hands import Hands
from cockpit.world.news import News
from cockpit.world.planner import PREVIOUS, Planner, in_words
from cockpit.world.port import Change, Proof, SignalFrame, TraceDetail, TraceRow

if TYPE_CHECKING:
    from cockpit.domain.incident import IncidentState
    from cockpit.world.options import LiveOptions

FRESH_S = 3.0
"""A plan is as good as new for so long: what is checked, then journalled, is one and the same plan."""

DECISIVE = (Kind.LEVER_APPLIED, Kind.LEVER_REFUSED)


class LiveWorld:
    """Levers, signals and changes of one service, as it really is."""

    def __init__(
        self,
        live: LiveOptions,
        fleet: Fleet,
        eyes: Eyes,
        hands: Hands,
        news: News,
        *,
        practised: Mapping[str, float] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._live = live
        self._fleet = fleet
        self._eyes = eyes
        self._hands = hands
        self._news = news
        self._planner = Planner(live, fleet)
        self._practised = dict(practised or {})
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._plans: dict[tuple[str, ...], tuple[float, LeverPlan]] = {}

    @property
    def parts(self) -> tuple[LiveOptions, Fleet, Eyes, Hands, News]:
        """What it is put together of, for a world that adds to it."""
        return self._live, self._fleet, self._eyes, self._hands, self._news

    @property
    def service(self) -> str:
        """The name of the application."""
        return self._live.service.name

    @property
    def people(self) -> tuple[str, ...]:
        """Who can be handed a role."""
        return tuple(self._live.service.people)

    def close(self) -> None:
        """Let go of every system; nothing that is in force is changed by it."""
        for part in (self._hands, self._news, self._eyes, self._fleet):
            part.close()

    def happenings(self, since: datetime, until: datetime) -> list[NewEvent]:
        """Return what became of orders and is not written yet, whenever it happened."""
        return self._hands.outbox()

    def written(self, events: Sequence[NewEvent]) -> None:
        """Take note that happenings are in the journal."""
        self._hands.written(events)

    def drive(self, log: Iterable[Event], state: IncidentState, *, since_seq: int) -> None:
        """Carry out every order whose end the journal does not tell, and look for the applied ones on the wire.

        Args:
            since_seq: orders up to this line were asked for before this process drove: they may have been sent.
        """
        events = list(log)
        decided = {str(event.get("op")) for event in events if event.kind in DECISIVE}
        doubted = {pull.op for pull in state.pulls if pull.stage is Stage.UNKNOWN}
        for order in orders_of(events):
            if order.op not in decided:
                asked_before = _first_line(events, order.op) <= since_seq
                self._hands.carry(order, repeat=asked_before, doubted=order.op in doubted)
        for pull in state.pulls:
            if pull.stage in (Stage.APPLIED, Stage.NOT_PROVEN):
                self._hands.prove(pull.op, pull.intent)
            else:
                self._hands.settle(pull.op)

    @property
    def busy(self) -> frozenset[str]:
        """The ops that are being carried out."""
        return self._hands.busy

    def levers(self, at: datetime) -> tuple[LeverView, ...]:
        """Return how every wired lever stood at the last look."""
        return tuple(self._view(name) for name in self._live.levers)

    def plan(self, lever: str, target: str, scope: Mapping[str, Any], at: datetime) -> LeverPlan:
        """Plan a pull by asking the system; may take as long as its deadlines."""
        return self._fresh(("pull", lever, target), lambda: self._planner.pull(lever, target, scope))

    def plan_undo(self, pull: LeverPull, at: datetime) -> LeverPlan:
        """Plan to put back exactly what was there."""
        return self._fresh(("undo", pull.op), lambda: self._planner.undo(pull))

    def plan_canary(self, percent: float, at: datetime) -> LeverPlan:
        """Plan to give the re-opened feature to a share of users, in percent."""
        return self._fresh(("canary", f"{percent:g}"), lambda: self._planner.canary(percent))

    def pull(self, order: LeverOrder) -> None:
        """Do nothing yet: `drive` carries out what the journal asks for, in the process that drives."""

    def signals(self, at: datetime, window_s: float, bins: int, arm: str = "") -> SignalFrame:
        """Return every signal as it was measured."""
        return self._eyes.frame(at, window_s, bins, arm)

    def proof(self, op: str, at: datetime, last: int) -> Proof:
        """Return what fresh connections were answered so far."""
        return self._hands.proof(op)

    def changes(self, at: datetime) -> tuple[Change, ...]:
        """Return what changed lately, newest first."""
        return self._news.changes()

    def harmed(self, at: datetime) -> int:
        """Return how many users were visibly harmed, where anybody can tell."""
        return self._eyes.harmed(at)

    def card(self, at: datetime) -> Mapping[str, str]:
        """Fill the 2 a.m. card: what is in force, what was there before, and who moved it when."""
        told: dict[str, str] = {}
        for name, options in self._live.levers.items():
            reading = self._news.reading(options.system, options.control)
            if reading is not None:
                by = f", by {reading.by}" if reading.by else ""
                when = f" since {reading.at:%d %b %H:%M}" if reading.at else ""
                told[f"{name} now"] = f"{in_words(reading)}{when}{by}"
            if good := self._last_good(name):
                told[f"{name}, last known good"] = good
        last = next(iter(self._news.changes()), None)
        if last:
            told["last change"] = f"{last.at:%d %b %H:%M} {last.what}: {last.before} → {last.after}, by {last.by}"
        for name, status in self._news.statuses().items():
            told[f"provider {name}"] = status.overall
        told["fallback"] = self._live.service.fallback or "not written down: [service] fallback in cockpit.toml"
        told["who approves"] = self._live.service.approver or "nobody named: [service] approver in cockpit.toml"
        return told

    def snapshot(self, at: datetime) -> Mapping[str, Any]:
        """Return the configuration in force, as it was at the last look."""
        values = {name: {"value": one.value, "version": one.version} for name, one in self._news.readings().items()}
        return {"service": self.service, "values": values, "problems": dict(self._news.problems())}

    def traces(self, since: datetime, until: datetime) -> Sequence[TraceRow]:
        """Return the traces that came to an end in (since, until]."""
        return self._eyes.traces(since, until)

    def verdicts(self, since: datetime, until: datetime) -> Sequence[tuple[int, str, tuple[float | None, ...]]]:
        """Return the judgements that arrived in (since, until]."""
        return self._eyes.verdicts(since, until)

    def trace(self, trace: int, at: datetime) -> TraceDetail | None:
        """Open one trace."""
        return self._eyes.trace(trace, at)

    def problems(self) -> Mapping[str, str]:
        """Return why a system did not answer at the last look."""
        return self._news.problems()

    def _view(self, name: str) -> LeverView:
        options = self._live.levers[name]
        problem = self._problem(options.system)
        reading = self._news.reading(options.system, options.control)
        current = in_words(reading) if reading else "…" if not problem else "unknown"
        targets = [one for one in (options.target, *options.choices) if one]
        return LeverView(name, current, tuple(targets), problem, self._practised.get(name))

    def _problem(self, system: str) -> str:
        try:
            self._fleet.controls(system)
        except WorldError as problem:
            return str(problem)
        return self._news.problems().get(system, "")

    def _last_good(self, lever: str) -> str:
        options = self._live.levers[lever]
        if options.target and options.target != PREVIOUS:
            return options.target
        return self._news.last_good(options.system, options.control)

    def _fresh(self, key: tuple[str, ...], make: Callable[[], LeverPlan]) -> LeverPlan:
        with self._lock:
            kept = self._plans.get(key)
            if kept and self._monotonic() - kept[0] < FRESH_S:
                return kept[1]
        try:
            plan = make()
        except WorldError as problem:
            plan = LeverPlan(key[1], "", {}, "unknown", "", 0.0, (0.0, 0.0), "", "", refused=f"{problem}")
        with self._lock:
            self._plans[key] = (self._monotonic(), plan)
        return plan


def _first_line(events: Sequence[Event], op: str) -> int:
    return next(event.seq for event in events if event.get("op") == op)
