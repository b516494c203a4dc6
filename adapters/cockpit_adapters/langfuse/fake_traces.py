"""The traces of a Langfuse project in memory: observations and scores, as its specification has them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cockpit.world.specimen import Asked, Said
from cockpit_adapters.langfuse.traces import OBSERVATIONS, SCORES
from cockpit_adapters.payloads import payload


class FakeLangfuseTraces:
    """Keeps observations and scores.

    Attributes:
        page: how many one answer lists at most.
        scores: None on a server that knows no third version of them.
    """

    def __init__(self) -> None:
        self.page = 1_000
        self.observations: list[dict[str, Any]] = payload("langfuse", "observations.json")["data"]
        self.scores: list[dict[str, Any]] | None = payload("langfuse", "scores.json")["data"]

    def answer(self, asked: Asked) -> Said | None:
        """Answer one request; None where it is about something else."""
        if asked.path == OBSERVATIONS:
            if int(asked.query["limit"][0]) > 1_000:
                return Said(400, {"message": "Invalid request data", "error": "InvalidRequestError"})
            return self._page(asked, self.observations, "startTime", ("fromStartTime", "toStartTime"))
        if asked.path == SCORES and self.scores is not None:
            if int(asked.query["limit"][0]) > 100:
                return Said(400, {"message": "Invalid request data", "error": "InvalidRequestError"})
            return self._page(asked, self.scores, "timestamp", ("fromTimestamp", "toTimestamp"))
        return None

    def _page(self, asked: Asked, rows: list[dict[str, Any]], at: str, bounds: tuple[str, str]) -> Said:
        since, until = (datetime.fromisoformat(asked.query[name][0]) for name in bounds)
        found = [row for row in rows if since <= datetime.fromisoformat(row[at]) < until]
        first = int(next(iter(asked.query.get("cursor", ())), "0"))
        after = first + min(self.page, int(asked.query["limit"][0]))
        meta = {"limit": self.page} | ({"cursor": str(after)} if found[after:] else {})
        return Said(200, {"data": found[first:after], "meta": meta})
