"""GitHub in memory: one repository's issues and comments."""

from __future__ import annotations

import re
from typing import Any

from cockpit.world.specimen import Asked, Said

_ISSUE = re.compile(r"/issues/(\d+)(/comments)?$")


class FakeGitHub:
    """Makes an issue of whatever it is sent, also twice."""

    def __init__(self) -> None:
        self.issues: list[dict[str, Any]] = []
        self.comments: dict[int, list[dict[str, Any]]] = {}
        self.asked: list[Asked] = []
        self.repository = {
            "id": 1, "name": "ops", "full_name": "acme/ops", "has_issues": True, "archived": False,
            "permissions": {"push": True},
        }  # fmt: skip
        self.scopes = ""
        self.said: Said | None = None

    @property
    def applied(self) -> int:
        """How many issues there are."""
        return len(self.issues)

    def answer(self, asked: Asked) -> Said:
        """Answer one request."""
        self.asked.append(asked)
        if not asked.headers.get("authorization", "").lower().startswith(("bearer ", "token ")):
            return Said(401, {"message": "Bad credentials"})
        if self.said is not None:
            return self.said
        if asked.path == "/repos/acme/ops":
            return Said(200, self.repository, {"x-oauth-scopes": self.scopes})
        if asked.path == "/repos/acme/ops/issues":
            return self._make(asked) if asked.method == "POST" else self._list(asked)
        found = _ISSUE.search(asked.path)
        if found is None or not 0 < int(found[1]) <= len(self.issues):
            return Said(404, {"message": "Not Found"})
        number = int(found[1])
        return self._talk(number, asked) if found[2] else Said(200, self.issues[number - 1])

    def _make(self, asked: Asked) -> Said:
        number = len(self.issues) + 1
        url = f"https://github.example/acme/ops/issues/{number}"
        new = {"id": 900 + number, "number": number, "html_url": url, "state": "open", "state_reason": None}
        self.issues.append({**new, **asked.json()})
        return Said(201, self.issues[-1])

    def _list(self, asked: Asked) -> Said:
        size, page = (int(asked.query.get(name, [usual])[0]) for name, usual in (("per_page", "30"), ("page", "1")))
        newest = self.issues[::-1]
        return Said(200, newest[(page - 1) * size : page * size])

    def _talk(self, number: int, asked: Asked) -> Said:
        said = self.comments.setdefault(number, [])
        if asked.method != "POST":
            return Said(200, said)
        said.append({"id": 7000 + len(said), **asked.json()})
        return Said(201, said[-1])
