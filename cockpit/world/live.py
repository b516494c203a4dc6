"""The live world: the team's own systems behind the port that drills have their simulator behind."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cockpit.domain.events import NewEvent
from cockpit.domain.expertise import Expertise
from cockpit.domain.levers import LeverOrder, LeverPlan, LeverPull, LeverView
from cockpit.errors import WorldError
from cockpit.world.card import card_of
from cockpit.world.eyes import Eyes
from cockpit.world.fleet import Fleet
from cockpit.world.hands import Hands
from cockpit.world.news import News
from cockpit.world.planner import Planner, in_words
from cockpit.world.plans import FreshPlans
from cockpit.world.port import Change, Proof, SignalFrame, TraceDetail, TraceRow

if TYPE_CHECKING:
    from cockpit.world.options import LiveOptions


class LiveWorld:
    """Levers, signals and changes of one service, as it really is.

    Attributes:
        hands: what carries orders out; `news`: what is known of changes and of systems that do not answer.
    """

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
        self.hands = hands
        self.news = news
        self._plans = FreshPlans(Planner(live, fleet), monotonic)
        self._practised = dict(practised or {})
        self.expertise: Expertise = live.service.expertise

    @property
    def service(self) -> str:
        """The name of the application."""
        return self._live.service.name

    @property
    def people(self) -> tuple[str, ...]:
        """Who can be handed a role."""
        return tuple(self._live.service.people)

    @property
    def pagers(self) -> tuple[str, ...]:
        """Who can be woken from here."""
        return tuple(self._live.pagers)

    def close(self) -> None:
        """Let go of every system; nothing that is in force is changed by it."""
        for part in (self.hands, self.news, self._eyes, self._fleet):
            part.close()

    def happenings(self, since: datetime, until: datetime) -> list[NewEvent]:
        """Return what became of orders and is not written yet, whenever it happened."""
        return self.hands.outbox()

    def levers(self, at: datetime) -> tuple[LeverView, ...]:
        """Return how every wired lever stood at the last look."""
        names = self._live.levers
        return tuple(view_of(name, self._live, self._fleet, self.news, self._practised.get(name)) for name in names)

    def plan(self, lever: str, target: str, scope: Mapping[str, Any], at: datetime) -> LeverPlan:
        """Plan a pull by asking the system; may take as long as its deadlines."""
        return self._plans.pull(lever, target, scope)

    def plan_undo(self, pull: LeverPull, at: datetime) -> LeverPlan:
        """Plan to put back exactly what was there."""
        return self._plans.undo(pull)

    def plan_canary(self, percent: float, at: datetime) -> LeverPlan:
        """Plan to give the re-opened feature to a share of users, in percent."""
        return self._plans.canary(percent)

    def pull(self, order: LeverOrder) -> None:
        """Forget plans made before it; the process that drives carries out what the journal asks for."""
        self._plans.forget()

    def signals(self, at: datetime, window_s: float, bins: int, arm: str = "") -> SignalFrame:
        """Return every signal as it was measured."""
        return self._eyes.frame(at, window_s, bins, arm)

    def proof(self, op: str, at: datetime, last: int) -> Proof:
        """Return what fresh connections were answered so far."""
        return self.hands.proof(op)

    def changes(self, at: datetime) -> tuple[Change, ...]:
        """Return what changed lately, newest first."""
        return self.news.changes()

    def harmed(self, at: datetime) -> int:
        """Return how many users were visibly harmed, where anybody can tell."""
        return self._eyes.harmed(at)

    def card(self, at: datetime) -> Mapping[str, str]:
        """Fill the 2 a.m. card: what is in force, what was there before, and who moved it when."""
        return card_of(self._live, self.news)

    def snapshot(self, at: datetime) -> Mapping[str, Any]:
        """Return the configuration in force, as it was at the last look."""
        values = {name: {"value": one.value, "version": one.version} for name, one in self.news.readings().items()}
        return {"service": self.service, "values": values, "problems": dict(self.news.problems())}

    def traces(self, since: datetime, until: datetime) -> Sequence[TraceRow]:
        """Return the traces that came to an end in (since, until]."""
        return self._eyes.traces(since, until)

    def verdicts(self, since: datetime, until: datetime) -> Sequence[tuple[int, str, tuple[float | None, ...]]]:
        """Return the judgements that arrived in (since, until]."""
        return self._eyes.verdicts(since, until)

    def trace(self, trace: int, at: datetime) -> TraceDetail | None:
        """Open one trace."""
        return self._eyes.trace(trace, at)


def view_of(name: str, live: LiveOptions, fleet: Fleet, news: News, practised_s: float | None) -> LeverView:
    """Return how one wired lever stood at the last look."""
    options = live.levers[name]
    problem = _problem(options.system, fleet, news)
    reading = news.reading(options.system, options.control)
    current = in_words(reading) if reading else "unknown" if problem else "…"
    targets = [one for one in (options.target, *options.choices) if one]
    looked_at = news.looked_at(options.system, options.control)
    value = reading.value if reading else None
    return LeverView(name, current, tuple(targets), problem, practised_s, value, looked_at)


def _problem(system: str, fleet: Fleet, news: News) -> str:
    try:
        fleet.controls(system)
    except WorldError as problem:
        return str(problem)
    return news.problems().get(system, "")
