"""A Langfuse project in memory: one prompt in a folder, two versions, labels as the server moves them."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from cockpit.world.specimen import Asked, Said
from cockpit_adapters.langfuse.fake_traces import FakeLangfuseTraces
from cockpit_adapters.langfuse.system import PROMPTS
from cockpit_adapters.payloads import payload

_VERSION = re.compile(rf"{PROMPTS}/(.+)/versions/(\d+)")


class FakeLangfuse:
    """Keeps the labels of one prompt.

    Attributes:
        applied: how many times a request really moved a label.
    """

    def __init__(self) -> None:
        self.applied = 0
        self.traces = FakeLangfuseTraces()
        self.meta: dict[str, Any] = payload("langfuse", "prompts.json")["data"][0]
        self.rows: list[dict[str, Any]] = payload("langfuse", "versions.json")

    def put(self, version: int, label: str = "production") -> dict[str, Any]:
        """Put a label on a version and take it off all others, as the server does: nothing else is removed."""
        for row in self.rows:
            kept = [one for one in row["labels"] if one != label]
            row["labels"] = [label, *kept] if row["version"] == version else kept
        return next(row for row in self.rows if row["version"] == version)

    def answer(self, asked: Asked) -> Said:
        """Answer one request."""
        path = unquote(asked.path)
        if path == "/api/public/health":
            return Said(200, payload("langfuse", "health.json"))
        if not asked.headers.get("authorization", "").startswith("Basic "):
            return Said(401, {"message": "No authorization header", "error": "UnauthorizedError"})
        if (said := self.traces.answer(asked)) is not None:
            return said
        if path == "/api/public/projects":
            return Said(200, payload("langfuse", "projects.json"))
        if asked.method == "PATCH" and (found := _VERSION.fullmatch(path)):
            return self._label(found[1], int(found[2]), asked.json())
        if asked.method == "POST" and path == PROMPTS:
            return self._create(asked.json())
        if path == PROMPTS:
            return self._list(asked)
        return self._get(path.removeprefix(f"{PROMPTS}/"), asked)

    def _get(self, name: str, asked: Asked) -> Said:
        version = next(iter(asked.query.get("version", ())), "")
        label = next(iter(asked.query.get("label", ())), "production")
        for row in self.rows:
            if row["name"] == name and (str(row["version"]) == version if version else label in row["labels"]):
                return Said(200, row)
        return Said(404, payload("langfuse", "not_found.json"))

    def _list(self, asked: Asked) -> Said:
        names = asked.query.get("name", (self.meta["name"],))
        since = next(iter(asked.query.get("fromUpdatedAt", ())), "")
        shown = [self.meta] if self.meta["name"] in names and self.meta["lastUpdatedAt"] >= since else []
        listed = [{**row, "versions": sorted(one["version"] for one in self.rows)} for row in shown]
        count = len(listed)
        return Said(
            200, {"data": listed, "meta": {"page": 1, "limit": 100, "totalItems": count, "totalPages": count}}
        )

    def _label(self, name: str, version: int, body: Any) -> Said:
        wanted = [row for row in self.rows if row["name"] == name and row["version"] == version]
        if "latest" in body["newLabels"]:
            return Said(400, {"message": "Invalid request data", "error": "InvalidRequestError"})
        if not wanted:
            return Said(404, payload("langfuse", "not_found.json"))
        self.applied += any(label not in wanted[0]["labels"] for label in body["newLabels"])
        for label in body["newLabels"]:
            self.put(version, label)
        return Said(200, wanted[0])

    def _create(self, body: Any) -> Said:
        number = max(row["version"] for row in self.rows) + 1
        made = {**self.rows[0], **body, "version": number, "labels": []}
        self.rows.insert(0, made)
        for label in [*body.get("labels", ()), "latest"]:
            self.put(number, label)
        return Said(201, made)
