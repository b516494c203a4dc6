"""Alertmanager in memory: alerts by their labels."""

from __future__ import annotations

from typing import Any

from cockpit.world.specimen import Asked, Said


class FakeAlertmanager:
    """Keeps the last word about each alert."""

    def __init__(self) -> None:
        self.alerts: dict[str, dict[str, Any]] = {}

    @property
    def applied(self) -> int:
        """How many alerts people see."""
        return len(self.alerts)

    def answer(self, asked: Asked) -> Said:
        """Answer one request."""
        if asked.path == "/api/v2/status":
            return Said(200, {"cluster": {"status": "ready"}, "versionInfo": {"version": "0.25.0"}})
        if asked.method == "POST" and asked.path == "/api/v2/alerts":
            for alert in asked.json():
                self.alerts[repr(sorted(alert["labels"].items()))] = alert
            return Said(200)
        return Said(404, "not found")
