"""A Braintrust project in memory: rows of its logs as the API reference and Braintrust's client show them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from cockpit.world.specimen import Asked, Said
from cockpit_adapters.braintrust.system import PROJECTS, QUERY
from cockpit_adapters.payloads import payload

_CLAUSES = re.compile(
    r"select: \* \| from: project_logs\('([^']+)'\) spans \| filter: created >= '([^']+)' and created < '([^']+)'"
    r" \| limit: (\d+)(?: \| cursor: '([^']+)')?"
)


class FakeBraintrust:
    """Keeps the rows of one project.

    Attributes:
        page: how many rows one answer holds at most.
    """

    applied = 0

    def __init__(self) -> None:
        self.page = 1_000
        self.projects: dict[str, Any] = payload("braintrust", "projects.json")
        self.rows: list[dict[str, Any]] = payload("braintrust", "logs.json")["data"]

    def answer(self, asked: Asked) -> Said:
        """Answer one request."""
        if not asked.headers.get("authorization", "").startswith("Bearer "):
            return Said(401, {"Message": "Unauthorized"})
        if asked.path == PROJECTS:
            named = [one for one in self.projects["objects"] if one["name"] in asked.query.get("project_name", ())]
            return Said(200, {"objects": named})
        if asked.path == QUERY and asked.method == "POST":
            return self._query(asked.json()["query"])
        return Said(404, {"Message": "Not found"})

    def _query(self, query: str) -> Said:
        found = _CLAUSES.fullmatch(query)
        if not found or found[1] != self.projects["objects"][0]["id"]:
            return Said(400, {"Message": "Invalid query"})
        since, until = datetime.fromisoformat(found[2]), datetime.fromisoformat(found[3])
        rows = [row for row in self.rows if since <= datetime.fromisoformat(row["created"]) < until]
        first = int(found[5] or "0")
        after = first + min(self.page, int(found[4]))
        return Said(200, {"data": rows[first:after], "cursor": str(after) if rows[after:] else None})
