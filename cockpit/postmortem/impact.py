"""Summary, impact and detection gap, from what was counted and told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from cockpit.domain.events import Event, Kind
from cockpit.domain.parts import Update
from cockpit.postmortem.cause import UNKNOWN, certainty, kind
from cockpit.postmortem.record import OPEN, Record, safe, span, stamp


def summary(record: Record) -> list[str]:
    """Say in a few sentences what happened, to whom it was told how bad, and how it ended."""
    state = record.state
    worst = _worst(record)
    found = record.profile.class_for(state.triage.incident_class)
    named = safe(found.title if found else state.triage.incident_class or "not classified")
    exercise = "" if state.live else " This was a drill." if state.simulated else " This was a drill on staging."
    first = f"{safe(state.title or 'An incident')} on {safe(state.service or 'the service')}: {named}, "
    first += f"{safe(worst)}." if worst else "no severity called."
    began, _ = record.onset
    lines = [first + exercise, ""]
    stopped = record.contained_at
    lines.append(
        f"It began at {stamp(began)} UTC, people were paged at {stamp(state.page_at)}, and harm "
        + (f"was measured to have stopped at {stamp(stopped)}." if stopped else "was never measured to have stopped.")
    )
    sure, _ = certainty(record)
    lines.append(
        "The root cause is not known yet." if sure == UNKNOWN else f"The root cause is {sure}: {kind(record)}."
    )
    lines.append(
        f"All-clear at {stamp(state.all_clear_at)}." if state.all_clear_at else "No all-clear has been given."
    )
    if state.learning.proven:
        cases = ", ".join(safe(one.id) for one in state.learning.proven)
        lines.append(f"Proven eval case: {cases}.")
    return lines


def impact(record: Record) -> list[str]:
    """Say who was hit, how many, and for how long."""
    return [f"- {line}" for line in (*_who(record), *_how_many(record), *_how_long(record))]


def detection(record: Record) -> list[str]:
    """Say how long it went on unseen, and who saw it first."""
    state = record.state
    began, source = record.onset
    signal, page, ack = (state.milestones.get(name) for name in ("signal", "page", "ack"))
    return [
        f"- Began: {stamp(began)} ({source})",
        f"- First signal: {stamp(signal)}, {_gap(began, signal)}",
        f"- Page: {stamp(page)}, {_gap(began, page)}",
        f"- Acknowledged: {stamp(ack)}, {_gap(page, ack, 'the page')}",
        f"- **Detection gap:** {span(began, page)} from its beginning to the page",
        f"- Told first by: {_first_teller(record)}",
    ]


def _gap(start: datetime | None, end: datetime | None, what: str = "it began") -> str:
    if start and end and end < start:
        return f"before {what}"
    return f"{span(start, end)} after {what}" if start and end else "not on record"


def _first_teller(record: Record) -> str:
    told = record.of(Kind.SIGNAL_FIRED, Kind.PAGED, Kind.ALERT_RECEIVED, Kind.INJECT_DELIVERED)
    if not told:
        return f"{OPEN}nobody is on record"
    first = min(told, key=lambda event: (event.at, event.seq))
    by = {Kind.SIGNAL_FIRED: "a signal", Kind.PAGED: "a page", Kind.ALERT_RECEIVED: "an alert"}
    return f"{by.get(first.kind, 'a person')} ({safe(_name(first), 120)})"


def _name(event: Event) -> str:
    return str(event.get("label") or event.get("title") or event.get("sender") or event.actor)


def _worst(record: Record) -> str:
    called = [call.severity for call in record.state.severities if call.severity in record.profile.scale]
    return min(called, key=record.profile.scale.index) if called else record.state.severity


def _who(record: Record) -> Iterator[str]:
    scope = {key: value for key, value in record.state.triage.scope.items() if value}
    words = "; ".join(f"{key} {_listed(value)}" for key, value in scope.items())
    service = safe(record.state.service or "the service")
    yield f"**Who:** users of {service}" + (f": {safe(words)}" if words else f". {OPEN}no scope is on record")


def _listed(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _how_many(record: Record) -> Iterator[str]:
    fraction = record.state.triage.characterised.get("fraction")
    share = f"{fraction:.1%} of requests, as gauged" if isinstance(fraction, float | int) else ""
    measured = record.of(Kind.RANGE_MEASURED)
    users = measured[-1].get("users") if measured else None
    count = f"{users} users, measured" if isinstance(users, int) else ""
    known = ", ".join(one for one in (share, count) if one)
    yield f"**How many:** {known}" if known else f"**How many:** {OPEN}nobody has gauged the share of requests"
    complaints = [one for one in record.of(Kind.INJECT_DELIVERED) if one.get("channel") == "email"]
    if complaints:
        yield f"**Mails that came in:** {len(complaints)}"
    if worst := _worst_signal(record):
        yield f"**First signals over their line:** {worst}"
    if told := _told_last(record):
        yield f"**Told to {safe(told.audience)} last:** {safe(told.text)}"


def _told_last(record: Record) -> Update | None:
    return record.state.updates[-1] if record.state.updates else None


def _worst_signal(record: Record) -> str:
    seen: dict[str, str] = {}
    for event in record.of(Kind.SIGNAL_FIRED):
        seen.setdefault(str(event.get("signal", "")), str(event.get("text") or event.get("label") or ""))
    return safe(", ".join(text for text in seen.values() if text))


def _how_long(record: Record) -> Iterator[str]:
    began, source = record.onset
    yield f"**How long:** {span(began, record.contained_at)} from its beginning ({source}) until harm had stopped"
    if lost := record.state.containment.lost:
        yield f"Harm came back {lost} time{'s' if lost > 1 else ''} after it had stopped."
    calls = record.state.severities
    ends = [*(call.at for call in calls[1:]), record.end or record.state.last_at]
    for call, end in zip(calls, ends, strict=False):
        yield f"**In {safe(call.severity)}:** {span(call.at, end)}"
