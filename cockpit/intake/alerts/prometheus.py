"""What Alertmanager (webhook version 4) and Grafana Alerting send: the same shape, Grafana's with more in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cockpit.domain.alerts import FIRING, RESOLVED
from cockpit.errors import BadInput
from cockpit.intake.alerts.model import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    Alert,
    Rules,
    Told,
    digest_of,
    links,
    name,
    short,
    table,
)
from cockpit.intake.values import moment

MOST_ALERTS = 500
"""Alerts read of one body; the sender repeats the others."""
_LINKS = ("generatorURL", "dashboardURL", "panelURL", "silenceURL")
_SEVERITIES = ("severity", "priority", "level")


def read_groups(document: Mapping[str, Any], rules: Rules, digest: str) -> Told:
    """Read the alerts of one group.

    Raises:
        BadInput: there is no list of alerts.
    """
    listed = document.get("alerts")
    if not isinstance(listed, list):
        raise BadInput("there is no list `alerts`", hint="Is this an Alertmanager or Grafana webhook?")
    read = [_alert(one, document, rules, digest) for one in listed[:MOST_ALERTS]]
    faults = [f"alerts[{place}]: {one}" for place, one in enumerate(read) if isinstance(one, str)]
    if len(listed) > MOST_ALERTS:
        faults.append(f"{len(listed) - MOST_ALERTS} alerts after the first {MOST_ALERTS}")
    return Told(tuple(one for one in read if isinstance(one, Alert)), tuple(faults))


def _alert(told: object, group: Mapping[str, Any], rules: Rules, digest: str) -> Alert | str:
    """Read one alert, or say why it can't be read."""
    if not isinstance(told, Mapping):
        return "no object"
    labels, notes = table(told.get("labels")), table(told.get("annotations"))
    status = told.get("status")
    if status not in (FIRING, RESOLVED):
        return "its status is neither firing nor resolved"
    key = name(told.get("fingerprint")) or (digest_of(*sorted(labels.items())) if labels else "")
    if not key:
        return "neither a fingerprint nor labels"
    group_key = name(group.get("groupKey"))
    began = told.get("startsAt")
    title = notes.get("summary") or notes.get("title") or labels.get("alertname") or "an alert without a name"
    return Alert(
        source=rules.source,
        key=key,
        delivery=digest_of(group_key, key, status, short(began)),
        status=status,
        title=title[:LONGEST_TITLE],
        service=rules.service_of(labels.get(rules.service_label, "")),
        severity=next((labels[one] for one in _SEVERITIES if one in labels), ""),
        group=group_key,
        session=labels.get("session_id") or notes.get("session_id", ""),
        text=short(notes.get("description") or told.get("valueString"), LONGEST_TEXT),
        started=_real(began),
        labels=labels,
        annotations=notes,
        links=links((notes.get("runbook_url"), *(told.get(one) for one in _LINKS))),
        digest=digest,
    )


def _real(began: object) -> Any:
    """Read a moment; the year 1 is how Go writes none."""
    found = moment(began)
    return found if found and found.year > 1 else None
