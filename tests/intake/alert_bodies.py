"""Bodies as the systems send them, and one line to read them."""

from __future__ import annotations

import json
from typing import Any

from cockpit.intake.alerts.model import Alert, Rules
from cockpit.intake.alerts.read import read_alerts

GROUP_KEY = '{}:{alertname="LeakRate", service="answers"}'


def alertmanager(*alerts: Any, **extra: Any) -> dict[str, Any]:
    """Return a group as Alertmanager 0.25 sends it."""
    return {
        "receiver": "cockpit", "status": "firing", "alerts": list(alerts or (leak(),)), "groupLabels": {},
        "commonLabels": {}, "commonAnnotations": {}, "externalURL": "http://am:9093", "version": "4",
        "groupKey": GROUP_KEY, "truncatedAlerts": 0, **extra,
    }  # fmt: skip


def leak(status: str = "firing", fingerprint: str = "a1b2c3d4e5f60718", **labels: str) -> dict[str, Any]:
    """Return one alert of a group."""
    named = {"alertname": "LeakRate", "service": "answers", "severity": "critical", **labels}
    return {
        "status": status, "labels": named,
        "annotations": {"summary": "answers leak", "description": "2 % of answers name another tenant"},
        "startsAt": "2026-11-21T02:16:00.123456789Z", "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "http://prometheus/graph?g0.expr=leaks", "fingerprint": fingerprint,
    }  # fmt: skip


def pagerduty(event_type: str = "incident.triggered", ident: str = "5ac64822", **data: Any) -> dict[str, Any]:
    """Return an event of PagerDuty's webhooks v3."""
    about = {
        "id": "PGR0VU2", "type": "incident", "html_url": "https://acme.pagerduty.com/incidents/PGR0VU2", "number": 2,
        "status": "triggered", "incident_key": "d3640fbd", "created_at": "2026-11-21T02:16:27Z",
        "title": "Answers leak", "service": {"id": "PF9KMXH", "summary": "Answer API"},
        "priority": {"summary": "P1"}, "urgency": "high",
    }  # fmt: skip
    return {"event": {"id": ident, "event_type": event_type, "resource_type": "incident",
                      "occurred_at": "2026-11-21T02:16:28Z", "agent": {"summary": "Ada"},
                      "data": {**about, **data}}}  # fmt: skip


def unleash(kind: str = "feature-environment-disabled") -> dict[str, Any]:
    """Return an event of Unleash 8's webhook integration."""
    return {"id": 17, "type": kind, "createdBy": "ada", "createdAt": "2026-11-21T02:16:28.000Z", "data": None,
            "preData": None, "tags": [], "featureName": "llm-answers", "project": "default",
            "environment": "production", "groupType": None, "groupId": None}  # fmt: skip


def read(document: Any, kind: str, **rules: Any) -> tuple[Alert, ...]:
    """Read a body of one kind."""
    return read_alerts(json.dumps(document).encode(), Rules("here", kind, **rules)).alerts


def read_one(document: Any, kind: str, **rules: Any) -> Alert:
    """Read a body that holds one alert."""
    (alert,) = read(document, kind, **rules)
    return alert
