"""Linear in memory: one team, its issues, comments and attachments."""

from __future__ import annotations

import re
from typing import Any

from cockpit.world.specimen import Asked, Said

TEAM = "9cfb482a-81e3-4154-b5b9-2c805e70a02d"
_OPERATION = re.compile(r"(?:query|mutation) (\w+)")


class FakeLinear:
    """Refuses a second issue, or comment, of the same id."""

    def __init__(self) -> None:
        self.issues: dict[str, dict[str, Any]] = {}
        self.sent: list[dict[str, Any]] = []
        self.comments: dict[str, dict[str, Any]] = {}
        self.attachments: dict[tuple[str, str], dict[str, Any]] = {}
        self.asked: list[Asked] = []
        self.error = ""

    @property
    def applied(self) -> int:
        """How many issues there are."""
        return len(self.issues)

    def answer(self, asked: Asked) -> Said:
        """Answer one operation."""
        self.asked.append(asked)
        if not asked.headers.get("authorization"):
            return _wrong("authentication error", 401)
        if self.error:
            return _wrong(self.error)
        told = asked.json()
        name = _OPERATION.match(told["query"])
        work = getattr(self, f"_{name[1].lower()}", None) if name else None
        return work(told["variables"]) if work else _wrong("graphql error", 400)

    def _who(self, given: dict[str, Any]) -> Said:
        nodes = [{"id": TEAM}] if given["team"] == "OPS" else []
        return _right({"viewer": {"name": "cockpit"}, "teams": {"nodes": nodes}})

    def _find(self, given: dict[str, Any]) -> Said:
        found = self.issues.get(given["id"])
        return _right({"issues": {"nodes": [found] if found else []}})

    def _read(self, given: dict[str, Any]) -> Said:
        key = given["id"]
        found = next((one for one in self.issues.values() if key in (one["id"], one["identifier"])), None)
        return _right({"issue": found}) if found else _wrong("invalid input")

    def _create(self, given: dict[str, Any]) -> Said:
        told = given["input"]
        if told["id"] in self.issues:
            return _wrong("invalid input")
        name = f"OPS-{len(self.issues) + 1}"
        self.sent.append(told)
        self.issues[told["id"]] = {
            "id": told["id"], "identifier": name, "url": f"https://linear.example/{name}", "trashed": None,
            "state": {"name": "Todo", "type": "unstarted"},
        }  # fmt: skip
        return _right({"issueCreate": {"success": True, "issue": self.issues[told["id"]]}})

    def _said(self, given: dict[str, Any]) -> Said:
        return _right({"comments": {"nodes": [{"id": given["id"]}] if given["id"] in self.comments else []}})

    def _say(self, given: dict[str, Any]) -> Said:
        told = given["input"]
        if told["id"] in self.comments:
            return _wrong("invalid input")
        self.comments[told["id"]] = told
        return _right({"commentCreate": {"success": True}})

    def _link(self, given: dict[str, Any]) -> Said:
        told = given["input"]
        self.attachments[told["issueId"], told["url"]] = told
        return _right({"attachmentCreate": {"success": True}})


def _right(data: dict[str, Any]) -> Said:
    return Said(200, {"data": data})


def _wrong(kind: str, status: int = 200) -> Said:
    return Said(status, {"errors": [{"message": kind.capitalize(), "extensions": {"type": kind}}], "data": None})
