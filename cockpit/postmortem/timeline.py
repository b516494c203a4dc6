"""The bitemporal timeline: when each thing happened, when it was known, who did it, and the ids it is found by."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby

from cockpit.domain.cases import FLAKY, NOT, PROVEN
from cockpit.domain.events import Event, Kind
from cockpit.drill.score.tell import tell
from cockpit.postmortem.record import Record, safe, stamp

LEFT_OUT = frozenset(
    {
        Kind.SPEED_CHANGED, Kind.DRILL_PAUSED, Kind.DRILL_RESUMED, Kind.DRILL_REATTACHED, Kind.DRILL_ENDED,
        Kind.RANGE_MEASURED, Kind.ACTION_ADDED, Kind.ACTION_DONE, Kind.TICKET_SENDING, Kind.TICKET_MADE,
        Kind.TICKET_FAILED, Kind.TICKET_UNKNOWN, Kind.TICKET_TOLD,
        Kind.PAGER_ASKED, Kind.UPDATE_SENDING, Kind.UPDATE_DELIVERED, Kind.UPDATE_RETRIED, Kind.RANGE_PREPARED,
        Kind.RANGE_PUT_BACK,
    }
)  # fmt: skip
"""Lines about the exercise, about what is still to do or about each step of a delivery, not about the incident."""

_OF_WEIGHT = frozenset(
    {
        "set_severity", "take_role", "take_over_role", "pull_lever", "undo_lever", "approve_lever", "open_canary",
        "widen_canary", "all_clear",
    }
)  # fmt: skip
"""Actions whose refusal is part of the incident; that of a mistyped clock or task is not."""

_MANY = (
    Kind.SIGNAL_FIRED,
    Kind.INJECT_DELIVERED,
    Kind.ALERT_RECEIVED,
    Kind.TRACE_PINNED,
    Kind.ACTION_REFUSED,
    Kind.FIXTURE_PROVEN,
)
TIMELINE_HEAD = ("| happened | known | who | what | ids |", "|---|---|---|---|---|")
_MOST_IN_A_ROW = 4
_IDS = ("trace", "session", "op", "change", "config_id", "digest", "case")
_LONGEST = 12


def timeline(record: Record) -> list[str]:
    """Return the timeline as a table; long runs of one kind are told by their first, last and number."""
    rows = ["All times UTC.", "", *TIMELINE_HEAD]
    firsts = {event.actor: event.seq for event in reversed(record.of(Kind.ATTACHED))}
    shown = [event for event in record.events if _matters(event) and not _again(event, firsts)]
    shown.sort(key=lambda event: (event.at, event.seq))
    for _, run in groupby(shown, key=lambda event: event.kind if event.kind in _MANY else event.seq):
        rows += _rows(record, list(run))
    return rows


def _again(event: Event, firsts: Mapping[str, int]) -> bool:
    """Tell whether somebody joins who has joined before, by another terminal or after a lost one."""
    return event.kind is Kind.ATTACHED and event.seq != firsts[event.actor]


def _matters(event: Event) -> bool:
    if event.kind is Kind.ACTION_REFUSED:
        return event.get("action") in _OF_WEIGHT
    if event.kind is Kind.UPDATE_DELIVERY_FAILED:
        return not event.get("next_try")
    return event.kind not in LEFT_OUT


def entry(record: Record, event: Event) -> str:
    """Return one line of the journal as a row."""
    happened, known = stamp(event.at), stamp(record.known[event.seq])
    then = "at once" if happened == known else known
    early = " (before the incident was opened)" if _before(record, event) else ""
    told = f"{safe(_words(record, event), 400)}{early}"
    return f"| {happened} | {then} | {safe(event.actor, 60)} | {told} | {_ids(event)} |"


def _rows(record: Record, run: Sequence[Event]) -> Iterator[str]:
    if len(run) <= _MOST_IN_A_ROW:
        yield from (entry(record, event) for event in run)
        return
    yield entry(record, run[0])
    between = f"… {len(run) - 2} more like these, until {stamp(run[-2].at)}"
    yield f"| {stamp(run[1].at)} | {stamp(record.known[run[-2].seq])} | – | {between} | – |"
    yield entry(record, run[-1])


def _before(record: Record, event: Event) -> bool:
    began = record.state.started_at
    return bool(began and event.at < began)


def _words(record: Record, event: Event) -> str:
    say = _SAY.get(event.kind)
    told = say(event) if say else _named(record, event) or tell(event)
    note = next((event.get(key) for key in _NOTES.get(event.kind, ()) if event.get(key)), "")
    return f"{told}: {note}" if note else told


_NOTES = {
    Kind.TRACE_PINNED: ("note",), Kind.QUESTION_ANSWERED: ("evidence",), Kind.SEVERITY_SET: ("reason",)
}  # fmt: skip
"""What people gave as their reason, by kind of line."""


def _named(record: Record, event: Event) -> str:
    """Tell a line by the names that the playbook has for what it says; empty where it has none."""
    if event.kind is Kind.QUESTION_ANSWERED:
        question = record.playbook.questions.get(str(event.get("question", "")))
        option = question.option(str(event.get("answer", ""))) if question else None
        return f"{question.text} {option.answer} ({option.label})" if question and option else ""
    if event.kind is Kind.CLASS_SET:
        found = record.profile.class_for(str(event.get("class", "")))
        return f"names the class: {found.title}" if found else ""
    op = str(event.get("op", ""))
    if event.kind in _OF_A_PULL and op in record.pulled:
        return f"{record.pulled[op]} {tell(event).removeprefix(f'{op} ')}"
    return ""


_OF_A_PULL = (
    Kind.LEVER_APPLIED, Kind.LEVER_REFUSED, Kind.LEVER_UNKNOWN, Kind.LEVER_PROVEN, Kind.LEVER_NOT_PROVEN,
)  # fmt: skip
_ROLES = {
    "ic": "incident commander", "operations": "the lead of operations",
    "communications": "the lead of communications",
}  # fmt: skip


def _role(event: Event) -> str:
    return _ROLES.get(str(event.get("role", "")), str(event.get("role", "")))


_VERDICTS = {PROVEN: "proven", NOT: "not proven", FLAKY: "not proven, can't tell yet"}


def _closed(event: Event) -> str:
    waived = [one for one in event.get("waivers") or () if isinstance(one, Mapping)]
    signed = "; ".join(f"{one.get('what', '')} waived by {one.get('by', '')}" for one in waived)
    return f"closes the incident{f', {signed}' if signed else ''}"


def _ids(event: Event) -> str:
    found = [f"{name} {_short(event.get(name))}" for name in _IDS if isinstance(event.get(name), str | int)]
    return ", ".join(safe(one, 80) for one in found if one.split(" ", 1)[1]) or "–"


def _short(value: object) -> str:
    text = str(value)
    return text[:_LONGEST] if len(text) == 64 else text


def _listed(table: Mapping[str, object]) -> str:
    told = {
        key: ", ".join(map(str, value)) if isinstance(value, list | tuple) else value for key, value in table.items()
    }
    return "; ".join(f"{key} {value}" for key, value in told.items() if value)


def _minute(moment: object) -> str:
    return str(moment)[:16].replace("T", " ")


def _alert(event: Event) -> str:
    return f"alert of {event.get('source', '')} ({event.get('status', '')}): {event.get('title', '')}"


_SAY: Mapping[Kind, Callable[[Event], str]] = {
    Kind.INCIDENT_OPENED: lambda event: f"opened: {event.get('title') or event.get('scenario') or 'an incident'}",
    Kind.TRACE_PINNED: lambda event: f"pins a trace {event.get('verdict', '')}".rstrip(),
    Kind.ALERT_RECEIVED: _alert,
    Kind.CHARACTERISED: lambda event: (
        "gauges: " + ", ".join(f"{key} {value}" for key, value in event.payload.items())
    ),
    Kind.HYPOTHESIS_SET: lambda event: f"hypothesis {event.get('status', '')}: {event.get('hypothesis', '')}",
    Kind.ROLE_TAKEN: lambda event: f"becomes {_role(event)}",
    Kind.ROLE_OFFERED: lambda event: f"offers to {event.get('to', '')} to be {_role(event)}",
    Kind.ROLE_ACCEPTED: lambda event: f"becomes {_role(event)}, after {event.get('giver', '')}",
    Kind.ROLE_RELEASED: lambda event: f"is not {_role(event)} any more",
    Kind.ATTACHED: lambda event: f"joins ({event.get('where') or 'from another terminal'})",
    Kind.ALERT_MOVED: lambda event: f"the alert {event.get('key', '')} goes on in {event.get('to', '')}",
    Kind.INCIDENT_MERGED: lambda event: f"goes on in {event.get('into', '')}",
    Kind.INCIDENT_ABSORBED: lambda event: f"{event.get('merged', '')} goes on here: {event.get('title', '')}",
    Kind.INCIDENT_CLOSED: _closed,
    Kind.LEVER_PROPOSED: lambda event: (
        f"proposes {event.get('title', '')}: {event.get('before', '')} → {event.get('target', '')}"
    ),
    Kind.LEVER_WITHDRAWN: lambda event: (
        f"withdraws {event.get('title') or event.get('lever', '')}, proposed by {event.get('proposer', '')}"
    ),
    Kind.UPDATE_SNOOZED: lambda event: (
        f"puts the reminder of the next update off until {_minute(event.get('until'))}"
    ),
    Kind.UPDATE_DELIVERY_FAILED: lambda event: (
        f"an update did not reach {event.get('channel', '')}: {event.get('reason', '')}"
    ),
    Kind.UPDATE_DELIVERY_UNKNOWN: lambda event: (
        f"nobody can tell whether an update reached {event.get('channel', '')}: {event.get('reason', '')}"
    ),
    Kind.FIXTURE_ADDED: lambda event: "makes a bad answer an eval case",
    Kind.FIXTURE_PROVEN: lambda event: f"tries the case: {_VERDICTS.get(str(event.get('verdict')), 'no verdict')}",
    Kind.FIXTURE_WAIVED: lambda event: f"waives the {event.get('what', '')}: {event.get('reason', '')}",
    Kind.ALERT_ADDED: lambda event: f"names a new alert: {event.get('name', '')}",
    Kind.SCOPE_SET: lambda event: f"scopes it: {_listed(event.payload)}",
    Kind.CLOCK_STARTED: lambda event: (
        f"starts the clock {event.get('title', '')}: {event.get('aware', '')} aware "
        f"at {_minute(event.get('anchor_at'))}"
    ),
    Kind.CLOCK_STOPPED: lambda event: f"stops the clock {event.get('clock', '')}: {event.get('reason', '')}",
    Kind.TASK_ADDED: lambda event: (
        f"gives {event.get('owner', '')} task {event.get('task', '')}: {event.get('text', '')}"
    ),
    Kind.TASK_ACKNOWLEDGED: lambda event: f"says yes to task {event.get('task', '')}",
    Kind.TASK_DONE: lambda event: f"has done task {event.get('task', '')}",
    Kind.LEVER_KEPT: lambda event: f"makes {event.get('op', '')} permanent, owner {event.get('owner', '')}",
}
