"""A Statsig project in memory: one gate with one rule."""

from __future__ import annotations

import re
from typing import Any

from cockpit.world.specimen import Asked, Said
from cockpit_adapters.payloads import payload

BASE = "38ttpCpzrQFTMKcqFKk02l"


class FakeStatsig:
    """Answers as the examples of the vendor's specification do, and keeps what it is told."""

    def __init__(self) -> None:
        self.gate: dict[str, Any] = payload("statsig", "gate.json")["data"]
        self.log: list[dict[str, Any]] = payload("statsig", "audit_logs.json")["data"]
        self.applied = 0

    @property
    def rule(self) -> dict[str, Any]:
        """The gate's only rule."""
        found: dict[str, Any] = self.gate["rules"][0]
        return found

    def answer(self, asked: Asked) -> Said:
        """Answer one request."""
        if not asked.headers.get("statsig-api-key"):
            return Said(401, {"status": 401, "message": "This endpoint only accepts an active CONSOLE key."})
        if asked.path == "/console/v1/gates":
            return Said(200, {"message": "Gates listed successfully.", "data": [self.gate], "pagination": {}})
        if asked.path == "/console/v1/audit_logs":
            return Said(200, self._logs(asked))
        gate, _, rest = asked.path.removeprefix("/console/v1/gates/").partition("/")
        if gate != self.gate["id"]:
            return Said(404, {"status": 404, "message": "Not Found. The requested resource could not be found."})
        return self._gate(asked, rest)

    def move(self, on: bool | None = None, share: float | None = None) -> None:
        """Change the gate as somebody would."""
        if on is not None and on != self.gate["isEnabled"]:
            self.gate |= {"isEnabled": on, "status": "In Progress" if on else "Disabled"}
            self._count()
        if share is not None and share != self.rule["passPercentage"]:
            self.rule.update({"passPercentage": share, "id": f"{BASE}:{share:.2f}:{self.gate['version']}"})
            self._count()

    def _count(self) -> None:
        self.gate["version"] += 1
        self.gate["lastModifiedTime"] += 1000

    def _gate(self, asked: Asked, rest: str) -> Said:
        before = self.gate["version"]
        if asked.method == "PUT" and rest in ("enable", "disable"):
            self.move(on=rest == "enable")
        elif asked.method == "PATCH" and (found := re.fullmatch(r"rules/(.+)", rest)):
            if found[1].replace("%3A", ":") not in (self.rule["id"], BASE):
                return Said(404, {"status": 404, "message": "Rule not found"})
            self.move(share=asked.json()["passPercentage"])
        elif asked.method != "GET" or rest:
            return Said(404, {"status": 404, "message": "Not Found"})
        self.applied += self.gate["version"] != before
        return Said(200, {"message": "Gate read successfully.", "data": self.gate})

    def _logs(self, asked: Asked) -> dict[str, Any]:
        size, page = (int(asked.query.get(name, ["1"])[0]) for name in ("limit", "page"))
        rows = self.log[(page - 1) * size : page * size]
        more = f"/console/v1/audit_logs?page={page + 1}" if len(self.log) > page * size else None
        pagination = {"itemsPerPage": size, "pageNumber": page, "nextPage": more, "previousPage": None}
        return {"message": "Audit logs listed successfully.", "data": rows, "pagination": pagination}
