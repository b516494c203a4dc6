"""A LangSmith project in memory: runs and feedback as LangSmith's own client reads them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from cockpit.world.specimen import Asked, Said
from cockpit_adapters.langsmith.system import FEEDBACK, PROJECTS, RUNS
from cockpit_adapters.payloads import payload

_BEFORE = re.compile(r'lt\(start_time, "([^"]+)"\)')


class FakeLangSmith:
    """Keeps the runs of one project.

    Attributes:
        page: how many runs or pieces of feedback one answer holds at most.
    """

    applied = 0

    def __init__(self) -> None:
        self.page = 100
        self.project: dict[str, Any] = payload("langsmith", "project.json")
        self.runs: list[dict[str, Any]] = payload("langsmith", "runs.json")["runs"]
        self.feedback: list[dict[str, Any]] = payload("langsmith", "feedback.json")["feedback"]

    def answer(self, asked: Asked) -> Said:
        """Answer one request."""
        if not asked.headers.get("x-api-key"):
            return Said(401, {"detail": "Invalid token"})
        if asked.path == PROJECTS:
            named = self.project["name"] in asked.query.get("name", ())
            return Said(200, [self.project] if named else [])
        if asked.path == RUNS and asked.method == "POST":
            return self._query(asked.json())
        if asked.path == FEEDBACK:
            first, limit = int(asked.query["offset"][0]), int(asked.query["limit"][0])
            rows = [one for one in self.feedback if one["run_id"] in asked.query["run"]]
            return Said(200, rows[first : first + limit])
        return Said(404, {"detail": "Not Found"})

    def _query(self, body: Any) -> Said:
        before = _BEFORE.fullmatch(body["filter"])
        if not before or body["session"] != [self.project["id"]] or body["limit"] > 100:
            return Said(422, {"detail": "Invalid request"})
        since, until = datetime.fromisoformat(body["start_time"]), datetime.fromisoformat(before[1])
        runs = [run for run in self.runs if since <= _utc(run["start_time"]) < until]
        runs.sort(key=lambda run: str(run["start_time"]), reverse=body["order"] != "asc")
        first = int(body.get("cursor", "0"))
        after = first + min(self.page, body["limit"])
        shown = [{name: run[name] for name in body["select"] if name in run} for run in runs[first:after]]
        return Said(200, {"runs": shown, "cursors": {"next": str(after) if runs[after:] else None}})


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
