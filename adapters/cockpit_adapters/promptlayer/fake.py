"""A PromptLayer workspace in memory, made from the vendor's documentation: one template, two versions, two labels."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from cockpit.world.specimen import Asked, Said
from cockpit_adapters.payloads import payload

_MOVE = re.compile(r"/prompt-labels/(\d+)")
_NOT_FOUND = Said(404, {"success": False, "message": "Not Found"})


class FakePromptLayer:
    """Keeps the release labels of one template.

    Attributes:
        applied: how many times a request really moved a label.
    """

    def __init__(self) -> None:
        self.applied = 0
        self.labels: list[dict[str, Any]] = payload("promptlayer", "labels.json")["release_labels"]
        newest: dict[str, Any] = payload("promptlayer", "template.json")
        first = {**newest, "version": 1, "commit_message": "Refuses refunds", "created_at": "2026-11-18T09:30:00Z"}
        self.rows = [newest, first]

    def put(self, version: int, label: str = "prod") -> None:
        """Move a label, as a colleague does at PromptLayer's own screen."""
        row = next(row for row in self.labels if row["release_label"] == label)
        row.update(prompt_version_number=version, prompt_version_id=107 + version)

    def answer(self, asked: Asked) -> Said:
        """Answer one request."""
        path = unquote(asked.path)
        if not asked.headers.get("x-api-key"):
            return Said(401, {"success": False, "message": "Unauthorized"})
        if path == "/prompt-templates":
            return Said(200, payload("promptlayer", "templates.json"))
        if asked.method == "PATCH" and (found := _MOVE.fullmatch(path)):
            return self._move(int(found[1]), asked.json())
        if path == "/prompt-templates/support-response/labels":
            return Said(200, {"release_labels": self.labels})
        if path == "/prompt-templates/support-response":
            return self._template(asked)
        return _NOT_FOUND

    def _template(self, asked: Asked) -> Said:
        wanted = next(iter(asked.query.get("version", ())), str(self.rows[0]["version"]))
        row = next((row for row in self.rows if str(row["version"]) == wanted), None)
        return Said(200, row) if row else _NOT_FOUND

    def _move(self, label: int, body: Any) -> Said:
        row = next((row for row in self.labels if row["release_label_id"] == label), None)
        version = body["prompt_version_number"]
        if row is None or not any(one["version"] == version for one in self.rows):
            return _NOT_FOUND
        self.applied += row["prompt_version_number"] != version
        self.put(version, row["release_label"])
        told = {"id": label, "name": row["release_label"], "prompt_version_id": row["prompt_version_id"]}
        return Said(200, payload("promptlayer", "moved.json") | told)
