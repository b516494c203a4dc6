"""A status page in memory, in either of its two kinds."""

from __future__ import annotations

from typing import Any

from cockpit.world.specimen import Asked, Said
from cockpit_adapters.payloads import payload


class FakeStatuspage:
    """Atlassian's kind: the summary carries its incidents."""

    def __init__(self) -> None:
        self.summary: dict[str, Any] = payload("statuspage", "summary.json")
        self.incidents: dict[str, Any] = {name: self.summary[name] for name in ("page", "incidents")}
        self.applied = 0

    def answer(self, asked: Asked) -> Said:
        """Answer one request."""
        answers = {"/api/v2/summary.json": self.summary, "/api/v2/incidents.json": self.incidents}
        found = next((one for path, one in answers.items() if asked.path.endswith(path)), None)
        return Said(404, b"<html><title>Not Found</title></html>") if found is None else Said(200, found)


class FakeIncidentIo(FakeStatuspage):
    """incident.io's kind: the summary leaves the incidents out, and they name no components."""

    def __init__(self) -> None:
        super().__init__()
        self.summary = payload("statuspage", "summary_incident_io.json")
        self.incidents = payload("statuspage", "incidents_incident_io.json")
