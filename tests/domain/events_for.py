"""Events of small whole incidents, not yet in any journal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from cockpit.domain.events import Kind, NewEvent

AT = datetime(2026, 6, 12, 2, 14, tzinfo=UTC)


def leak_events(title: str) -> list[NewEvent]:
    """Return a live incident that was paged and classed."""

    def event(seconds: float, kind: Kind, **payload: Any) -> NewEvent:
        return NewEvent(kind, AT + timedelta(seconds=seconds), "ada", payload=payload)

    return [
        event(0, Kind.INCIDENT_OPENED, mode="live", title=title, service="support"),
        event(1, Kind.PAGED, text="answers quote another tenant's order history", signal="leaks_per_min"),
        event(60, Kind.CLASS_SET, **{"class": "pii_leak"}),
    ]
