"""Alerts of other systems on an incident: what each of them said last, and how incidents were joined and parted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cockpit.domain.events import Event, Kind

if TYPE_CHECKING:
    from cockpit.domain.incident import IncidentState

FIRING, RESOLVED, NEWS = "firing", "resolved", "news"
"""What an alert says: it holds, it does not any more, or something happened that is no alarm by itself."""


@dataclass(frozen=True, slots=True)
class AlertSeen:
    """One alert as it was last told.

    Attributes:
        source: who told it, by its name in cockpit.toml.
        key: what it is known by there for as long as it goes on.
        group: what the sender puts together; `session` the conversation whose trace is to be pulled.
        first, last: when it was first and last told here; `seq` is the line it was last told on.
        times: how often something new was told of it.
    """

    source: str
    key: str
    status: str
    title: str
    service: str
    severity: str
    group: str
    session: str
    first: datetime
    last: datetime
    seq: int
    times: int = 1
    labels: Mapping[str, str] = field(default_factory=dict)
    links: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What it is called across sources: `SOURCE/KEY`."""
        return name_of(self.source, self.key)


def name_of(source: object, key: object) -> str:
    """Return what an alert is called across sources."""
    return f"{source}/{key}"


def _received(state: IncidentState, event: Event) -> dict[str, Any]:
    text = {key: str(event.get(key) or "") for key in _TEXTS}
    labels, links = event.get("labels"), event.get("links")
    name = name_of(text["source"], text["key"])
    known = state.alerts.get(name)
    seen = AlertSeen(
        **text,
        first=known.first if known else event.at,
        last=event.at,
        seq=event.seq,
        times=known.times + 1 if known else 1,
        labels={str(key): str(value) for key, value in labels.items()} if isinstance(labels, Mapping) else {},
        links=tuple(map(str, links)) if isinstance(links, list | tuple) else (),
    )
    return {"alerts": {**state.alerts, name: seen}}


_TEXTS = ("source", "key", "status", "title", "service", "severity", "group", "session")


def _moved(state: IncidentState, event: Event) -> dict[str, Any]:
    gone = name_of(event.get("source", ""), event.get("key", ""))
    return {"alerts": {name: alert for name, alert in state.alerts.items() if name != gone}}


def _merged(state: IncidentState, event: Event) -> dict[str, Any]:
    into = str(event.get("into", ""))
    return {"merged_into": into, "ended": f"merged into {into}"}


def _absorbed(state: IncidentState, event: Event) -> dict[str, Any]:
    return {"absorbed": tuple(dict.fromkeys((*state.absorbed, str(event.get("merged", "")))))}


HANDLERS: Mapping[Kind, Callable[[IncidentState, Event], dict[str, Any]]] = {
    Kind.ALERT_RECEIVED: _received,
    Kind.ALERT_MOVED: _moved,
    Kind.INCIDENT_MERGED: _merged,
    Kind.INCIDENT_ABSORBED: _absorbed,
}
