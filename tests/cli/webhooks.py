"""A receiver of alerts in this process, and requests to it."""

from __future__ import annotations

import http.client
import json
from argparse import Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cockpit.cli.alerts.gates import gates_of
from cockpit.cli.alerts.serve import door_of
from cockpit.cli.places import open_journal
from cockpit.domain.events import Event
from cockpit.domain.incident import IncidentState, fold
from cockpit.live.webhooks.door import Door
from cockpit.live.webhooks.server import WebhookServer
from cockpit.settings import read_settings

SETTINGS = """
[service]
name = "answers"

[webhooks]
max_kb = 64

[webhooks.sources.am]
kind = "alertmanager"
secret = "env:AM_TOKEN"
per_minute = 600

[webhooks.sources.pd]
kind = "pagerduty"
secret = "env:PD_SECRET"
services = { "Answer API" = "answers" }

[webhooks.sources.escalation]
kind = "escalation"
open = true

[webhooks.sources.flags]
kind = "unleash"
open = true

[webhooks.sources.slow]
kind = "escalation"
open = true
per_minute = 2
"""
TOKEN, SECRET = "am-token-7", "pd-secret-7"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back."""

    status: int
    body: Any
    headers: Mapping[str, str]


@dataclass(slots=True)
class Receiver:
    """A running receiver on a data folder."""

    given: Namespace
    server: WebhookServer
    door: Door
    lines: list[Mapping[str, Any]] = field(default_factory=list)

    def send(self, path: str, body: Any, headers: Mapping[str, str] | None = None, method: str = "POST") -> Answered:
        """Send a request; `body` is JSON unless it is bytes."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        told = {"Content-Type": "application/json", **(headers or {})}
        connection = http.client.HTTPConnection(self.server.url.removeprefix("http://"), timeout=20)
        try:
            connection.request(method, path, content, told)
            answer = connection.getresponse()
            found = answer.read()
            return Answered(answer.status, json.loads(found) if found else None, dict(answer.headers))
        finally:
            connection.close()

    def alert(self, body: Any) -> Any:
        """Send what Alertmanager would, and return what was made of it."""
        answered = self.send("/am", body, BEARER)
        assert answered.status == 202, answered
        return answered.body

    def events(self, incident: str) -> list[Event]:
        """Return an incident's journal."""
        with open_journal(self.given, read_only=True) as journal:
            return journal.events(incident)

    def state(self, incident: str) -> IncidentState:
        """Return how an incident stands."""
        return fold(self.events(incident))

    def incidents(self) -> list[str]:
        """Return the incidents there are, the oldest first."""
        with open_journal(self.given, read_only=True) as journal:
            return sorted(line.id for line in journal.incidents())


@contextmanager
def receiving(data: Path, text: str = SETTINGS) -> Iterator[Receiver]:
    """Receive alerts into a data folder."""
    given, settings = Namespace(data=str(data)), read_settings(text, Path("cockpit.toml"))
    lines: list[Mapping[str, Any]] = []
    with open_journal(given) as journal:
        gates = gates_of(settings, "127.0.0.1:0")
        door = door_of(given, settings, journal, gates, lines.append)
        server = WebhookServer("127.0.0.1:0", door, longest_s=3).start()
        try:
            yield Receiver(given, server, door, lines)
        finally:
            server.close()
