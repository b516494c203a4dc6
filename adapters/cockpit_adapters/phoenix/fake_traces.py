"""The traces of a Phoenix server in memory: recorded spans of one project, and what was annotated on them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from cockpit.world.specimen import Asked, Said
from cockpit_adapters.payloads import payload

_OF_PROJECT = re.compile(r"/v1/projects/([^/]+)/(spans|span_annotations|trace_annotations)")


class FakePhoenixTraces:
    """Keeps spans, newest first.

    Attributes:
        page: how many spans one answer holds at most.
    """

    def __init__(self) -> None:
        self.project = "support-bot"
        self.page = 1_000
        self.spans: list[dict[str, Any]] = payload("phoenix", "spans.json")["data"]
        self.annotations: dict[str, list[dict[str, Any]]] = {
            name: payload("phoenix", f"{name}.json")["data"] for name in ("span_annotations", "trace_annotations")
        }

    def answer(self, asked: Asked) -> Said | None:
        """Answer one request; None where it is about something else."""
        found = _OF_PROJECT.fullmatch(unquote(asked.path))
        if not found:
            return None
        if found[1] != self.project:
            return Said(404, b"Not Found", {"content-type": "text/plain"})
        return self._spans(asked) if found[2] == "spans" else self._annotated(found[2], asked)

    def _spans(self, asked: Asked) -> Said:
        rows = [row for row in self.spans if _within(asked, row["start_time"])]
        rows.sort(key=lambda row: str(row["start_time"]), reverse=True)
        first = int(next(iter(asked.query.get("cursor", ())), "0"))
        after = first + min(self.page, int(asked.query["limit"][0]))
        return Said(200, {"data": rows[first:after], "next_cursor": str(after) if rows[after:] else None})

    def _annotated(self, name: str, asked: Asked) -> Said:
        key = f"{name.partition('_')[0]}_id"
        ids = asked.query.get(f"{key}s")
        if not ids:
            return Said(422, {"detail": "ids or an identifier are needed"})
        limit = int(next(iter(asked.query.get("limit", ())), "10"))
        rows = [row for row in self.annotations[name] if row[key] in ids][:limit]
        return Said(200, {"data": rows, "next_cursor": None})


def _within(asked: Asked, start: str) -> bool:
    bounds = [next(iter(asked.query.get(name, ())), "") for name in ("start_time", "end_time")]
    moment = datetime.fromisoformat(start)
    since, until = (datetime.fromisoformat(bound) if bound else None for bound in bounds)
    return (since is None or moment >= since) and (until is None or moment < until)
