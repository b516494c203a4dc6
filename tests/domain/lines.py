"""Writes lines of a journal for tests, chained as the real one chains them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from cockpit.domain.events import GENESIS, Event, Kind, Source, canonical, chain_hash, iso
from cockpit.domain.incident import IncidentState, fold

PAGE = datetime(2026, 6, 12, 2, 14, tzinfo=UTC)


class Lines:
    """A journal in memory; `seconds` are after the page throughout."""

    def __init__(self, incident: str = "INC-0001") -> None:
        self.incident = incident
        self.events: list[Event] = []

    def add(self, seconds: float, kind: Kind, actor: str = "ada", **payload: Any) -> Event:
        """Append one line by a person."""
        return self.write(PAGE + timedelta(seconds=seconds), kind, actor, payload)

    def write(
        self, at: datetime, kind: Kind, actor: str, payload: Mapping[str, Any], source: Source = Source.PERSON
    ) -> Event:
        """Append one line."""
        seq, prev = len(self.events) + 1, self.events[-1].hash if self.events else GENESIS
        stored = (iso(at), iso(at), actor, source.value, kind.value, canonical(payload), prev)
        digest = chain_hash(self.incident, seq, *stored)
        event = Event(self.incident, seq, at, at, actor, source, kind, payload, prev, digest)
        self.events.append(event)
        return event

    @property
    def state(self) -> IncidentState:
        """What the lines fold into."""
        return fold(self.events)


def opened(**payload: Any) -> Lines:
    """Return a drill that has been opened and paged."""
    lines = Lines()
    first = {"mode": "drill", "title": "Leak", "service": "support-assistant", "profile": "default", **payload}
    lines.write(PAGE - timedelta(seconds=5), Kind.INCIDENT_OPENED, "ada", first, Source.SYSTEM)
    lines.write(PAGE, Kind.PAGED, "quality alert", {"inject": "page", "text": "leaks"}, Source.WORLD)
    return lines


def state_of(*steps: tuple[float, Kind, Mapping[str, Any]]) -> IncidentState:
    """Return the state after some lines on top of an opened drill."""
    lines = opened()
    for seconds, kind, payload in steps:
        lines.add(seconds, kind, **dict(payload))
    return lines.state


def pulled(seconds: float, lever: str, op: str = "L1", **payload: Any) -> tuple[float, Kind, Mapping[str, Any]]:
    """Return a pull as a step."""
    title = lever.replace("_", " ").capitalize()
    return seconds, Kind.LEVER_PULLED, {"op": op, "lever": lever, "title": title, "target": "x", **payload}


def replay(events: Sequence[Event]) -> list[IncidentState]:
    """Return the state after every line, folded one by one."""
    states, state = [], IncidentState()
    for event in events:
        state = fold([event], state)
        states.append(state)
    return states
