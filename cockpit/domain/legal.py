"""Clocks that law or regulation may set: what they ask for, and those that somebody has started.

Nothing here judges whether a clock applies: a person starts it from its own anchor, and a person stops it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from cockpit.domain.events import Event, Kind, from_iso

if TYPE_CHECKING:
    from cockpit.domain.incident import IncidentState


@dataclass(frozen=True, slots=True)
class Duty:
    """What is to be done by when after the anchor."""

    what: str
    hours: float = 0.0
    business_days: int = 0
    months: int = 0

    def due(self, anchor: datetime) -> datetime:
        """Return when it is due; business days leave out weekends, but know no public holidays."""
        moment = _months_after(anchor, self.months) + timedelta(hours=self.hours)
        left = self.business_days
        while left:
            moment += timedelta(days=1)
            left -= moment.weekday() < 5
        return moment


@dataclass(frozen=True, slots=True)
class LegalClock:
    """One clock as data: its anchor in words, whom it concerns, its duties, and where and when that was read."""

    id: str
    title: str
    anchor: str
    who: str
    duties: tuple[Duty, ...]
    source: str
    checked: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Running:
    """One duty of a clock that was started; `over` says why it runs no more, and `by` who said so."""

    clock: str
    title: str
    what: str
    due: datetime
    anchor: datetime
    aware: str
    starter: str
    source: str = ""
    over: str = ""
    by: str = ""


def running(state: IncidentState) -> tuple[Running, ...]:
    """Return the duties that still run, the next due first."""
    return tuple(sorted((one for one in state.clocks if not one.over), key=lambda one: one.due))


def _months_after(moment: datetime, months: int) -> datetime:
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


def _started(state: IncidentState, event: Event) -> dict[str, Any]:
    clock, anchor = str(event.get("clock", "")), _moment(event.get("anchor_at"), event.at)
    new = [
        Running(
            clock, str(event.get("title", "")), str(duty.get("what", "")), _moment(duty.get("due"), event.at), anchor,
            str(event.get("aware", "")), event.actor, str(event.get("source", "")),
        )
        for duty in event.get("duties", ())
    ]  # fmt: skip
    others = tuple(one for one in state.clocks if one.clock != clock)
    return {"clocks": (*others, *new)}


def _stopped(state: IncidentState, event: Event) -> dict[str, Any]:
    clock, what = str(event.get("clock", "")), str(event.get("duty", ""))
    reason = str(event.get("reason", "")) or "stopped"

    def after(one: Running) -> Running:
        meant = one.clock == clock and what in ("", one.what) and not one.over
        return replace(one, over=reason, by=event.actor) if meant else one

    return {"clocks": tuple(map(after, state.clocks))}


def _moment(told: object, otherwise: datetime) -> datetime:
    try:
        return from_iso(str(told))
    except ValueError:
        return otherwise


HANDLERS: Mapping[Kind, Callable[[IncidentState, Event], dict[str, Any]]] = {
    Kind.CLOCK_STARTED: _started,
    Kind.CLOCK_STOPPED: _stopped,
}
