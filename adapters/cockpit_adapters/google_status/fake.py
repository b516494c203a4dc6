"""Google's dashboard in memory."""

from __future__ import annotations

from typing import Any

from cockpit.world.specimen import Asked, Said
from cockpit_adapters.payloads import payload


class FakeGoogleStatus:
    """Answers with one list of incidents."""

    def __init__(self) -> None:
        self.incidents: list[Any] = payload("google_status", "incidents.json")
        self.applied = 0

    def answer(self, asked: Asked) -> Said:
        """Answer one request."""
        return Said(200, self.incidents) if asked.path.endswith("/incidents.json") else Said(404, b"<html></html>")
