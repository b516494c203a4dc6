"""One alert, whoever sent it, and the bounds of what is kept of its texts.

Texts are as they came from outside; they are made harmless where they are drawn or exported.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cockpit.domain.alerts import name_of
from cockpit.domain.events import iso

LONGEST_TITLE = 200
LONGEST_TEXT = 4_000
LONGEST_VALUE = 1_000
LONGEST_NAME = 120
"""Characters kept of a title, of what is told at length, of a label, and of a name or a key."""
MOST_LABELS = 64
MOST_LINKS = 8


@dataclass(frozen=True, slots=True)
class Alert:
    """What one system tells about one thing that is wrong, or is right again.

    Attributes:
        source: who tells it, by its name in cockpit.toml.
        key: what it is known by there for as long as it goes on.
        delivery: what two deliveries of the same news have in common, and no other.
        status: firing, resolved or news.
        severity: the sender's own word, a hint.
        group: what the sender puts together; empty where it does not say.
        session: the conversation whose trace is to be pulled; empty where none is named.
        digest: SHA-256 of the whole body it came in, hex.
        lasting: whether `delivery` stays the same news for ever; a complaint without an id is news again once the
            incident that it opened is over.
    """

    source: str
    key: str
    delivery: str
    status: str
    title: str
    service: str
    severity: str = ""
    group: str = ""
    session: str = ""
    text: str = ""
    started: datetime | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    links: tuple[str, ...] = ()
    digest: str = ""
    lasting: bool = True

    @property
    def name(self) -> str:
        """What it is called across sources: `SOURCE/KEY`."""
        return name_of(self.source, self.key)

    def payload(self) -> dict[str, Any]:
        """Return it as the journal keeps it."""
        return {
            "source": self.source, "key": self.key, "delivery": self.delivery, "status": self.status,
            "title": self.title, "service": self.service, "severity": self.severity, "group": self.group,
            "session": self.session, "text": self.text, "started": iso(self.started) if self.started else "",
            "labels": dict(self.labels), "annotations": dict(self.annotations), "links": list(self.links),
            "digest": self.digest,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rules:
    """How what one source sends is to be read.

    Attributes:
        source: its name in cockpit.toml.
        kind: alertmanager, grafana, pagerduty, unleash, escalation or json.
        service: the application an alert is about when it does not say.
        services: what the sender calls an application, and what it is called here.
        service_label: the label that names the application.
        opens: kinds of Unleash events that open an incident; the rest is news.
        fields: for json, where each part of an alert is found: dotted paths.
        each: for json, where the list of alerts is; empty where the body is one alert.
        resolved: for json, words that say an alert is over.
    """

    source: str
    kind: str
    service: str = "service"
    services: Mapping[str, str] = field(default_factory=dict)
    service_label: str = "service"
    opens: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    each: str = ""
    resolved: tuple[str, ...] = ("resolved", "ok", "closed", "recovered")

    def service_of(self, said: object) -> str:
        """Return the application that is meant, as it is called here."""
        found = name(said)
        return self.services.get(found, found) or self.service


@dataclass(frozen=True, slots=True)
class Told:
    """What was read of one body: the alerts, and why the rest could not be read."""

    alerts: tuple[Alert, ...] = ()
    unreadable: tuple[str, ...] = ()


def digest_of(*parts: object) -> str:
    """Return one short name for several values (SHA-256 of them as JSON, 32 hex digits)."""
    return hashlib.sha256(json.dumps([str(part) for part in parts]).encode("ascii")).hexdigest()[:32]


def short(value: object, most: int = LONGEST_VALUE) -> str:
    """Return a string or a number as text of bounded length; empty for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    try:
        return str(value).strip()[:most]
    except ValueError:  # a number of thousands of digits
        return ""


def name(value: object) -> str:
    """Return a name or a key: whole, or a digest of it where it is too long to be typed or compared by people."""
    found = short(value, LONGEST_NAME + 1)
    return found if len(found) <= LONGEST_NAME else digest_of(value)


def table(value: object) -> dict[str, str]:
    """Return labels or annotations, bounded in number and length; empty for anything but an object."""
    if not isinstance(value, Mapping):
        return {}
    pairs = ((short(key, LONGEST_NAME), short(one)) for key, one in list(value.items())[:MOST_LABELS])
    return {key: one for key, one in pairs if key and one}


def links(values: Iterable[object]) -> tuple[str, ...]:
    """Return web addresses; one with a user or a password in it is left out, for it may be a secret."""
    found = (short(value) for value in values)
    fine = (one for one in found if one.startswith(("https://", "http://")) and "@" not in one)
    return tuple(dict.fromkeys(fine))[:MOST_LINKS]
