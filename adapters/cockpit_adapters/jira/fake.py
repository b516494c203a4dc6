"""Jira Cloud in memory: one project, its issues, comments and remote links."""

from __future__ import annotations

import re
from typing import Any

from cockpit.world.specimen import Asked, Said

_ISSUE = re.compile(r"/issue/(OPS-\d+)(?:/(comment|remotelink))?$")
_LABEL = re.compile(r'labels = "([^"]+)"')


class FakeJira:
    """Makes an issue of whatever it is sent, also twice; its search may lag behind."""

    def __init__(self) -> None:
        self.issues: dict[str, dict[str, Any]] = {}
        self.comments: dict[str, list[dict[str, Any]]] = {}
        self.links: dict[str, dict[str, Any]] = {}
        self.asked: list[Asked] = []
        self.permissions = {"BROWSE_PROJECTS": True, "CREATE_ISSUES": True, "ADD_COMMENTS": True}
        self.types = ["Task", "Bug"]
        self.lags = False

    @property
    def applied(self) -> int:
        """How many issues there are."""
        return len(self.issues)

    def answer(self, asked: Asked) -> Said:
        """Answer one request."""
        self.asked.append(asked)
        if not asked.headers.get("authorization", "").startswith(("Basic ", "Bearer ")):
            return Said(401, {"errorMessages": ["Client must be authenticated to access this resource."]})
        path = asked.path.removeprefix("/rest/api/3")
        if path == "/issue" and asked.method == "POST":
            return self._make(asked.json()["fields"])
        if path == "/search/jql":
            return self._search(asked)
        if path == "/mypermissions":
            told = {name: {"key": name, "havePermission": has} for name, has in self.permissions.items()}
            return Said(200, {"permissions": told})
        if path == "/issue/createmeta/OPS/issuetypes":
            return Said(200, {"issueTypes": [{"id": str(at), "name": one} for at, one in enumerate(self.types)]})
        found = _ISSUE.search(path)
        if found is None or found[1] not in self.issues:
            return Said(404, {"errorMessages": ["Issue does not exist or you do not have permission to see it."]})
        return self._one(found[1], found[2] or "", asked)

    def close_issue(self, key: str, status: str, resolution: str = "") -> None:
        """Close one, as somebody does in Jira."""
        fields = self.issues[key]["fields"]
        fields["status"] = {"name": status, "statusCategory": {"key": "done"}}
        fields["resolution"] = {"name": resolution} if resolution else None

    def _make(self, fields: dict[str, Any]) -> Said:
        if fields["issuetype"].get("name") not in self.types:
            return Said(400, {"errorMessages": [], "errors": {"issuetype": "Specify a valid issue type"}})
        number = len(self.issues) + 1
        key = f"OPS-{number}"
        status = {"name": "To Do", "statusCategory": {"key": "new"}}
        kept = {**fields, "status": status, "resolution": None}
        self.issues[key] = {"id": str(10_000 + number), "key": key, "fields": kept}
        return Said(201, {"id": str(10_000 + number), "key": key, "self": f"https://jira.example/{number}"})

    def _search(self, asked: Asked) -> Said:
        jql = asked.json()["jql"] if asked.method == "POST" else asked.query["jql"][0]
        found = _LABEL.search(jql)
        if found is None:
            return Said(400, {"errorMessages": ["Unbounded JQL queries are not allowed here."]})
        seen = [] if self.lags else [one for one in self.issues.values() if found[1] in one["fields"]["labels"]]
        return Said(200, {"issues": seen, "isLast": True})

    def _one(self, key: str, what: str, asked: Asked) -> Said:
        if what == "comment":
            said = self.comments.setdefault(key, [])
            if asked.method == "POST":
                said.append({"id": str(500 + len(said)), **asked.json()})
                return Said(201, said[-1])
            return Said(200, {"comments": said, "total": len(said)})
        if what == "remotelink":
            told = asked.json()
            known = told["globalId"] in self.links
            self.links[told["globalId"]] = {"issue": key, **told}
            return Said(200 if known else 201, {"id": 1, "self": "https://jira.example/link/1"})
        return Said(200, self.issues[key])
