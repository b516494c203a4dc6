"""What somebody who joins has to know: what, how bad, who, what is in force, what was last said, what is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from cockpit.domain.cadence import put_off, rhythm
from cockpit.domain.clock import mmss
from cockpit.domain.comms import next_due
from cockpit.domain.deliveries import Delivery, unsettled
from cockpit.domain.errands import errand_words, place_of
from cockpit.domain.incident import IncidentState
from cockpit.domain.legal import running
from cockpit.domain.levers import LeverPull
from cockpit.domain.parts import ROLES, Override
from cockpit.domain.playbook import Cadence
from cockpit.domain.tasks import Task, open_tasks
from cockpit.domain.text import clean

LONGEST = 400
"""Characters of the last update and of any name that are quoted."""


def catch_up(state: IncidentState, cadence: Cadence, now: datetime) -> list[tuple[str, str]]:
    """Return the pack as (name, words), every word clean and on one line; from the journal alone."""
    told = [
        ("what", _what(state)),
        ("severity", _severity(state)),
        ("stands", _stands(state)),
        ("who", _who(state)),
        *(
            ("offered", f"{_named(offer.role)} to {offer.to} by {offer.giver}")
            for offer in state.command.offers.values()
        ),
        *(("lever", _lever(pull)) for pull in state.pulls if pull.in_force),
        ("debt", ", ".join(pull.title or pull.lever for pull in state.debt) or "none"),
        *(("task", _task(one, now)) for one in open_tasks(state)),
        ("last update", _last(state)),
        ("next due", _due(state, cadence, now)),
        ("kept time", _kept(state, cadence, now)),
        *(("not arrived", _missing(one)) for one in unsettled(state.deliveries)),
        *(("not done", _not_done(one)) for one in unsettled(state.errands)),
        *(("overridden", f"{one.words}, because: {one.reason}") for one in _overrides(state)),
        *(("waived", one.words) for one in state.learning.waivers),
        *(("clock", f"{one.title}: {one.what} by {_at(one.due)}") for one in running(state)),
    ]
    return [(name, clean(words, multiline=False, limit=LONGEST)) for name, words in told]


def markdown(incident: str, pack: list[tuple[str, str]]) -> str:
    """Write the pack as Markdown, with whatever came from outside as plain words."""
    lines = [f"# {_plain(incident)}: catch-up", ""]
    lines += [f"- **{name}**: {_plain(words)}" for name, words in pack]
    return "\n".join(lines) + "\n"


def _plain(words: str) -> str:
    return "".join(f"\\{char}" if char in "\\`*_[]<>|#!" else char for char in words)


def _what(state: IncidentState) -> str:
    named = [part for part in (state.triage.incident_class, state.triage.layer, state.triage.component) if part]
    return f"{state.title or 'an incident'} on {state.service or 'an unnamed service'}" + (
        f" ({', '.join(named)})" if named else ", not classified yet"
    )


def _severity(state: IncidentState) -> str:
    if not state.severities:
        return "not called yet"
    call = state.severities[-1]
    return f"{call.severity}, called by {call.actor} at {_at(call.at)}"


def _stands(state: IncidentState) -> str:
    return "; ".join(_reached(state)) or "nobody has been paged"


def _reached(state: IncidentState) -> Iterator[str]:
    for name in ("page", "ack", "declare", "all_clear"):
        if name in state.milestones:
            yield f"{name.replace('_', '-')} {_at(state.milestones[name])}"
    if state.containment.since:
        yield f"contained since {_at(state.containment.since)}"
    elif state.page_at:
        yield "not contained"
    if state.canary and state.canary.open:
        yield f"canary at {state.canary.percent:g} %"
    if state.learning.closed_at:
        yield f"closed {_at(state.learning.closed_at)}"


def _who(state: IncidentState) -> str:
    return ", ".join(f"{_named(role)} {state.command.holders.get(role, 'nobody')}" for role in ROLES)


def _named(role: str) -> str:
    return "IC" if role == "ic" else role


def _lever(pull: LeverPull) -> str:
    return f"{pull.title or pull.lever} → {pull.target}: {pull.stage}"


def _task(task: Task, now: datetime) -> str:
    yes = "" if task.acknowledged_at else ", who has not said yes"
    return f"{task.task} {task.text}: {task.owner}{yes}, by {_at(task.due)}{', OVERDUE' if task.overdue(now) else ''}"


def _last(state: IncidentState) -> str:
    if not state.updates:
        return "none yet"
    update = state.updates[-1]
    return f"{_at(update.at)} to {update.audience}, {update.state}, by {update.actor}: {update.text}"


def _due(state: IncidentState, cadence: Cadence, now: datetime) -> str:
    due = next_due(state, cadence)
    if due is None:
        return "no update is due"
    late = (now - due).total_seconds()
    snooze = put_off(state, now)
    off = f"; the reminder is off until {_at(snooze.until)} by {snooze.actor}" if snooze else ""
    return f"update at {_at(due)}, " + (f"OVERDUE by {mmss(late)}" if late > 0 else f"in {mmss(-late)}") + off


def _kept(state: IncidentState, cadence: Cadence, now: datetime) -> str:
    seen = rhythm(state, cadence, now)
    if seen is None:
        return "no cadence is asked for"
    late = f", {_many(seen.gaps, 'gap')} too long by {mmss(seen.late_s)}" if seen.gaps else ""
    soon = f", {_many(len(seen.too_soon), 'update')} too soon" if seen.too_soon else ""
    return f"{seen.in_time:.0%} of the time{late}{soon}"


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _missing(one: Delivery) -> str:
    again = f", tried again at {_at(one.next_try)}" if one.next_try else ""
    why = f", {one.reason}" if one.reason else ""
    return f"update of line {one.update} on {one.channel}: {one.stage}{why}{again}"


def _not_done(one: Delivery) -> str:
    again = f", tried again at {_at(one.next_try)}" if one.next_try else ""
    why = f", {one.reason}" if one.reason else ""
    return f"{place_of(one)}, {errand_words(one)}: {one.stage}{why}{again}"


def _overrides(state: IncidentState) -> tuple[Override, ...]:
    return state.clearance.overrides if state.clearance else ()


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
