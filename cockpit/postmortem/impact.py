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
    first = f"**{safe(worst) or 'No severity called'}, {named}**, on {safe(state.service or 'the service')}: "
    lines = [f"{first}{safe(state.title or 'an incident').rstrip('.')}.{exercise}", ""]
    lines.append(_course(record))
    lines += _stopping(record)
    sure, _ = certainty(record)
    lines.append(
        "The root cause is not known yet." if sure == UNKNOWN else f"The root cause is {sure}: {_cause(record)}."
    )
    lines.append(
        f"All-clear at {stamp(state.all_clear_at)}." if state.all_clear_at else "No all-clear has been given."
    )
    lines += [f"It goes on in {safe(state.merged_into)}."] if state.merged_into else []
    lines += _overrides(record)
    if state.learning.proven:
        cases = ", ".join(safe(one.id) for one in state.learning.proven)
        lines.append(f"Proven eval case{'s' if len(state.learning.proven) > 1 else ''}: {cases}.")
    return lines


def _overrides(record: Record) -> list[str]:
    """Say which points of its checklist were open when the all-clear was given, and why they might stay so."""
    given = record.state.clearance
    if given is None or not given.overrides:
        return []
    told = "; ".join(f"{safe(one.words)} (because: {safe(one.reason)})" for one in given.overrides)
    return [f"It was given over open points by {safe(given.actor)}: {told}."]


def _course(record: Record) -> str:
    began, _ = record.onset
    page, quiet = record.state.page_at, record.quiet_since
    paged = "people were paged" if record.paged else "the incident was opened"
    told = f"It began at {stamp(began)} UTC, {paged} at {stamp(page)}, and harm "
    return told + (f"was over by {stamp(quiet)}, as measured." if quiet else "was never measured to have stopped.")


def _stopping(record: Record) -> list[str]:
    """Say which levers stood when harm stopped, and how soon after the page they were pulled."""
    quiet, page = record.quiet_since, record.state.page_at
    pulls = [
        one for one in record.state.pulls if not one.undoes and one.proven_at and quiet and one.pulled_at <= quiet
    ]
    words = [f"{safe(one.title or one.lever)} ({span(page, one.pulled_at)} after the page)" for one in pulls]
    return [f"Contained by: {', '.join(words)}."] if words else []


def _cause(record: Record) -> str:
    """Name component, change and kind, each once: a change is often called after its component."""
    triage, sort = record.state.triage, kind(record)
    component, change = safe(triage.component), safe(triage.change)
    told = component and change.rpartition(":")[2] in component
    found = [component, f"change {change}" if change and not told else ""]
    words = ", ".join(one for one in found if one)
    return f"{words} ({sort})" if words else sort


def impact(record: Record) -> list[str]:
    """Say who was hit, how many, and for how long."""
    return [f"- {line}" for line in (*_who(record), *_how_many(record), *_how_long(record))]


def detection(record: Record) -> list[str]:
    """Say how long it went on unseen, and who saw it first."""
    state = record.state
    began, source = record.onset
    signal, page = (state.milestones.get(name) for name in ("signal", "page"))
    return [
        f"- Began: {stamp(began)} ({source})",
        f"- First signal: {stamp(signal)}"
        + (", taken as its beginning" if signal and signal == began else f", {_gap(began, signal)}"),
        f"- {'Page' if record.paged else 'Opened'}: {stamp(page)}"
        + (f", {_gap(began, page)}" if page != began else ", taken as its beginning"),
        f"- Acknowledged: {_acknowledged(record)}",
        f"- **Detection gap:** {_until_paged(record)}",
        f"- Told first by: {_first_teller(record)}",
    ]


def _acknowledged(record: Record) -> str:
    page, ack = (record.state.milestones.get(name) for name in ("page", "ack"))
    if ack is None:
        return "by nobody"
    return f"{stamp(ack)}, {_gap(page, ack, 'the page')}" if record.paged else "by whoever opened it"


def _until_paged(record: Record) -> str:
    began, page = record.onset[0], record.state.milestones.get("page")
    if began == page:
        return f"{OPEN}when it began was not gauged"
    return f"{span(began, page)} from its beginning to {'the page' if record.paged else 'its opening'}"


def _gap(start: datetime | None, end: datetime | None, what: str = "it began") -> str:
    if start and end and end < start:
        return f"before {what}"
    return f"{span(start, end)} after {what}" if start and end else "not on record"


def _first_teller(record: Record) -> str:
    told = record.of(Kind.SIGNAL_FIRED, Kind.PAGED, Kind.ALERT_RECEIVED, Kind.INJECT_DELIVERED)
    if not told:
        opened = next(iter(record.of(Kind.INCIDENT_OPENED)), None)
        by_hand = f"a person ({safe(opened.actor, 120)}), who opened it" if opened else ""
        return by_hand or f"{OPEN}who told first is not on record"
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
    count = f"{users} users, measured" if isinstance(users, int) else _seen(record)
    known = ", ".join(one for one in (share, count) if one)
    yield f"**How many:** {known}" if known else f"**How many:** {OPEN}the share of requests was not gauged"
    complaints = [one for one in record.of(Kind.INJECT_DELIVERED) if one.get("channel") == "email"]
    if complaints:
        yield f"**Mails that came in:** {len(complaints)}"
    if worst := _worst_signal(record):
        yield f"**First signals beyond their line:** {worst}"
    yield f"**Told:** {_told(record) or 'nobody'}"


def _seen(record: Record) -> str:
    """Say how many users were visibly harmed when harm had stopped: flagged, judged or complained about."""
    told = [one for one in record.of(Kind.CONTAINED) if isinstance(one.get("harmed"), int)]
    return f"{told[-1].get('harmed')} users seen to be harmed by {told[-1].at:%H:%M:%S}" if told else ""


def _told(record: Record) -> str:
    """Say whom updates went to, how soon and how often."""
    groups: dict[str, list[Update]] = {}
    for one in record.state.updates:
        groups.setdefault(one.audience, []).append(one)
    page, called = record.state.page_at, "the page" if record.paged else "its opening"
    return "; ".join(
        f"{safe(name)} {span(page, them[0].at)} after {called}, {len(them)} update{'s' if len(them) > 1 else ''}, "
        f"the last {safe(them[-1].state)}"
        for name, them in groups.items()
    )


def _worst_signal(record: Record) -> str:
    seen: dict[str, str] = {}
    for event in record.of(Kind.SIGNAL_FIRED):
        seen.setdefault(str(event.get("signal", "")), str(event.get("text") or event.get("label") or ""))
    return safe("; ".join(text for text in seen.values() if text))


def _how_long(record: Record) -> Iterator[str]:
    began, source = record.onset
    since = f"from its beginning ({source})"
    if record.quiet_since:
        yield f"**How long:** {span(began, record.quiet_since)} {since} until harm had stopped"
    else:
        end = record.end or record.state.last_at
        yield f"**How long:** at least {span(began, end)}, {since} until the end of this record"
    if lost := record.state.containment.lost:
        yield f"Harm came back {lost} time{'s' if lost > 1 else ''} after it had stopped."
    calls = record.state.severities
    ends = [*(call.at for call in calls[1:]), record.end or record.state.last_at]
    for call, end in zip(calls, ends, strict=False):
        yield f"**In {safe(call.severity)}:** {span(call.at, end)}"
