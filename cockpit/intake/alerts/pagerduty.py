"""What PagerDuty's webhooks v3 send: one event of one of its incidents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cockpit.domain.alerts import FIRING, NEWS, RESOLVED
from cockpit.errors import BadInput
from cockpit.intake.alerts.model import LONGEST_TEXT, LONGEST_TITLE, Alert, Rules, Told, links, name, short, table
from cockpit.intake.values import moment

_FIRING = frozenset({"incident.triggered", "incident.reopened"})
_PING = "pagey.ping"
"""What its test button sends."""


def read_pagerduty(document: Mapping[str, Any], rules: Rules, digest: str) -> Told:
    """Read one event; what happens to an incident without opening or ending it is news.

    Raises:
        BadInput: it has no event with an id and a type, or names no incident.
    """
    event = _table(document, "event")
    kind, ident = short(event.get("event_type")), name(event.get("id"))
    if not kind or not ident:
        raise BadInput("there is no `event` with an id and an event_type", hint="Is this a PagerDuty webhook v3?")
    if kind == _PING or not kind.startswith("incident."):
        return Told()
    data = _table(event, "data")
    about = _table(data, "incident") or data
    key = name(about.get("id"))
    if not key:
        raise BadInput(f"the event {kind} names no incident")
    return Told((_alert(event, data, about, key, rules, digest),))


def _alert(
    event: Mapping[str, Any], data: Mapping[str, Any], about: Mapping[str, Any], key: str, rules: Rules, digest: str
) -> Alert:
    kind = short(event.get("event_type"))
    status = FIRING if kind in _FIRING else RESOLVED if kind == "incident.resolved" else NEWS
    title = short(about.get("title") or about.get("summary"), LONGEST_TITLE) or f"PagerDuty {key}"
    if status == NEWS:
        title = f"{kind.removeprefix('incident.').replace('_', ' ')}: {title}"[:LONGEST_TITLE]
    agent = short(_table(event, "agent").get("summary"))
    return Alert(
        source=rules.source,
        key=key,
        delivery=name(event.get("id")),
        status=status,
        title=title,
        service=rules.service_of(_table(about, "service").get("summary")),
        severity=short(_table(about, "priority").get("summary")) or short(about.get("urgency")),
        group=name(about.get("incident_key")) or key,
        text=short(data.get("content"), LONGEST_TEXT),
        started=moment(about.get("created_at")) or moment(event.get("occurred_at")),
        labels=table({"event": kind, "agent": agent, "number": about.get("number")}),
        links=links((about.get("html_url"),)),
        digest=digest,
    )


def _table(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = document.get(key)
    return found if isinstance(found, Mapping) else {}
