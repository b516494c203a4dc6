"""PagerDuty's Events API v2: a page is known by its key, so a repeat changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cockpit.domain.events import iso
from cockpit.errors import Unsure
from cockpit.world.contract import Deadline
from cockpit.world.contract_channels import Receipt
from cockpit.world.contract_pager import Summons
from cockpit_adapters.paging import called, summary

if TYPE_CHECKING:
    from cockpit.world.http import Line

LONGEST_SUMMARY = 1024
URGENT = ("critical", "critical", "error", "warning", "info")
"""Severities of events, by how bad the incident is: SEV0 and SEV1 first."""


class Events:
    """One integration of one service."""

    def __init__(self, line: Line, key: str) -> None:
        self._line = line
        self._key = key

    def trigger(self, summons: Summons, deadline: Deadline) -> Receipt:
        """Page whom the service's escalation policy names."""
        payload: dict[str, Any] = {
            "summary": summary(summons, LONGEST_SUMMARY), "source": summons.service or "cockpit",
            "severity": called(summons.severity, URGENT), "timestamp": iso(summons.at),
            "custom_details": {"incident": summons.incident, "why": summons.text, "asked_by": summons.by},
        }  # fmt: skip
        return self._send("trigger", summons.key, deadline, client="cockpit", payload=payload)

    def tell(self, action: str, key: str, deadline: Deadline) -> Receipt:
        """Acknowledge or resolve the page of a key."""
        return self._send(action, key, deadline)

    def close(self) -> None:
        """Let go of connections."""
        self._line.close()

    def _send(self, action: str, key: str, deadline: Deadline, **more: Any) -> Receipt:
        event = {"routing_key": self._key, "event_action": action, "dedup_key": key, **more}
        answer = self._line.ask("POST", "/v2/enqueue", deadline, json=event)
        found = answer.table()
        if found.get("status") != "success" or found.get("dedup_key") != key:
            raise Unsure(f"that is no answer of PagerDuty's: {answer.beginning}")
        return Receipt(key)
