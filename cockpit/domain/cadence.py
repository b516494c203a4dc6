"""How updates keep time, measured both ways: words that came too late, and words that came too soon."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from cockpit.domain.comms import asked_at, cadence_start, next_due
from cockpit.domain.events import Event, Kind, from_iso
from cockpit.domain.parts import Snooze, Update
from cockpit.domain.playbook import Cadence

if TYPE_CHECKING:
    from cockpit.domain.incident import IncidentState

TOO_SOON = 0.25
"""An update is too soon within this part of the cadence after the last to the same people in the same state."""

SLACK_S = 1e-6
"""So much longer may a gap be for the sake of how moments are rounded."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How updates kept time so far.

    Attributes:
        in_time: the share of the time in which nobody waited longer than promised, from 0 to 1.
        late_s: seconds by which gaps were too long, all together; `gaps` counts them, `longest_s` is the longest gap.
        too_soon: the lines of updates that came too soon after the last one.
    """

    in_time: float
    late_s: float
    gaps: int
    longest_s: float
    too_soon: tuple[int, ...] = ()


def rhythm(state: IncidentState, cadence: Cadence, now: datetime) -> Rhythm | None:
    """Measure the cadence up to now or the all-clear; None while nobody waits for news, or none is asked for."""
    start = cadence_start(state)
    if start is None or not asked_at(cadence, state.severity):
        return None
    return measured(state, cadence, start, min(state.all_clear_at or now, now))


def measured(state: IncidentState, cadence: Cadence, start: datetime, end: datetime) -> Rhythm:
    """Measure the cadence between two moments."""
    end = max(start, end)
    moments = [(update.at - start).total_seconds() for update in state.updates]
    waited = waits(moments, (end - start).total_seconds())
    over = overruns(waited, cadence.every_s, cadence.first_s)
    soon = tuple(update.seq for update in too_soon(state.updates, cadence))
    return Rhythm(
        share_in_time(over, sum(waited)),
        sum(over),
        sum(one > SLACK_S for one in over),
        max(waited, default=0.0),
        soon,
    )


def waits(moments: Sequence[float], end: float) -> list[float]:
    """Return how long people waited for each word, from 0 to the end; words outside are no words."""
    points = [0.0, *sorted(moment for moment in moments if 0 <= moment <= end), max(0.0, end)]
    return [after - before for before, after in pairwise(points)]


def overruns(waited: Sequence[float], every: float, first: float) -> list[float]:
    """Return by how much each wait was longer than promised; the first word is promised sooner."""
    return [max(0.0, wait - (first if number == 0 else every)) for number, wait in enumerate(waited)]


def share_in_time(over: Sequence[float], whole: float) -> float:
    """Return the share of the whole time in which nobody waited too long."""
    return min(1.0, max(0.0, 1.0 - sum(over) / whole)) if whole > 0 else 1.0


def too_soon(updates: Sequence[Update], cadence: Cadence) -> list[Update]:
    """Return the updates that follow one to the same people, in the same state, too closely."""
    last: dict[str, Update] = {}
    found = []
    for update in updates:
        before = last.get(update.audience)
        if before and before.state == update.state and update.at - before.at < closest(cadence):
            found.append(update)
        last[update.audience] = update
    return found


def closest(cadence: Cadence) -> timedelta:
    """Return how soon after the last an update with nothing new comes too soon."""
    return timedelta(seconds=cadence.every_s * TOO_SOON)


def soon_after(state: IncidentState, cadence: Cadence, audience: str, status: str, now: datetime) -> timedelta | None:
    """Return how long ago these people were told the same state, where another word would come too soon."""
    told = next((update for update in reversed(state.updates) if update.audience == audience), None)
    if told is None or told.state != status or now - told.at >= closest(cadence):
        return None
    return now - told.at


def reminder(state: IncidentState, cadence: Cadence, now: datetime) -> datetime | None:
    """Return when the reminder came that stands now: at the moment an update was due, or when a snooze ended."""
    due = next_due(state, cadence)
    if due is None or now < due or put_off(state, now):
        return None
    return max(due, state.snooze.until) if state.snooze else due


def put_off(state: IncidentState, now: datetime) -> Snooze | None:
    """Return who has put the reminder off until when, while that lasts."""
    return state.snooze if state.snooze and state.snooze.until > now else None


def _snoozed(state: IncidentState, event: Event) -> dict[str, Any]:
    try:
        until = from_iso(str(event.get("until", "")))
    except ValueError:
        return {}
    return {"snooze": Snooze(until, event.at, event.actor, str(event.get("reason", "")))}


HANDLERS: Mapping[Kind, Callable[[IncidentState, Event], dict[str, Any]]] = {Kind.UPDATE_SNOOZED: _snoozed}
