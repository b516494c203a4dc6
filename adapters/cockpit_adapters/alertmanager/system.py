"""Alertmanager's API v2: an alert is known by its labels, so a repeat changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cockpit.domain.events import iso
from cockpit.errors import Unsure
from cockpit.world.contract import Deadline, Finding
from cockpit.world.contract_channels import Message, Receipt
from cockpit.world.http import excerpt
from cockpit_adapters.findings import tried
from cockpit_adapters.telling import headline, tame

if TYPE_CHECKING:
    from cockpit.world.http import Line

NAME = "CockpitIncident"


class Alertmanager:
    """One Alertmanager; implements `Channel`."""

    once = True
    """The same labels are the same alert."""

    def __init__(self, line: Line, labels: Mapping[str, str], lasts_h: float) -> None:
        self._line = line
        self._labels = labels
        self._lasts = timedelta(hours=lasts_h)

    def send(self, message: Message, deadline: Deadline) -> Receipt:
        """Post one alert for incident and audience; a resolved update ends it."""
        answer = self._line.ask("POST", "/api/v2/alerts", deadline, json=[self._alert(tame(message))])
        if answer.body.strip():
            raise Unsure(f"Alertmanager says nothing when it takes an alert, but this said {answer.beginning}")
        return Receipt(f"{NAME}/{message.incident}/{message.audience}")

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Ask for its status; no alert is posted."""

        def ask() -> str:
            info = self._line.read("/api/v2/status", deadline).table().get("versionInfo")
            if not isinstance(info, dict):
                raise Unsure("its status names no version")
            return f"version {excerpt(str(info.get('version', '?')), 40)}"

        return [tried("reached", ask, "Check the token.")]

    def close(self) -> None:
        """Let go of connections."""
        self._line.close()

    def _alert(self, message: Message) -> dict[str, Any]:
        over = message.state == "resolved" or message.test
        ends = message.at if over else message.at + self._lasts
        named = {
            "alertname": f"{NAME}Test" if message.test else NAME, "incident": message.incident,
            "audience": message.audience, "service": message.service, "severity": message.severity,
        }  # fmt: skip
        return {
            "labels": {name: value for name, value in {**self._labels, **named}.items() if value},
            "annotations": {"summary": headline(message), "description": message.text, "state": message.state},
            "startsAt": iso(min(message.since, message.at)),
            "endsAt": iso(ends),
        }
