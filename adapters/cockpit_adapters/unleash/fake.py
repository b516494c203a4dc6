"""A small Unleash in memory, made of answers recorded from unleash-server 8.2.0."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cockpit.world.specimen import Asked, Said

PAYLOADS = Path(__file__).parent / "payloads"
_FEATURE = re.compile(r"/api/admin/projects/default/features/([^/]+)(?:/environments/([^/]+)(/.*)?)?")
_BEGIN = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def payload(name: str) -> Any:
    """Return a recorded answer."""
    return json.loads((PAYLOADS / f"{name}.json").read_text("utf-8"))


class FakeUnleash:
    """Knows one flag, `answers`, in one environment, `development`: on, for everybody."""

    def __init__(self, user: str = "user-editor") -> None:
        self.user = user
        self.state: dict[str, Any] = payload("environment")
        self.events: list[dict[str, Any]] = []
        self.applied = 0
        self.archived = False
        self._pattern = payload("events")["events"][0]
        self._log("feature-environment-enabled", None, None, "ann")

    def answer(self, asked: Asked) -> Said:
        """Answer one request."""
        if not asked.headers.get("authorization"):
            return Said(401, payload("no-token"))
        plain = {"/api/admin/user": self.user, "/api/admin/ui-config": "ui-config"}
        plain["/api/admin/environments"] = "environments"
        if asked.path in plain:
            return Said(200, payload(plain[asked.path]))
        if asked.path == "/api/admin/search/events":
            return self._search(asked)
        found = _FEATURE.fullmatch(asked.path)
        if found is None or found[1] != "answers":
            return Said(404, payload("no-flag"))
        return self._environment(asked, found[2], found[3] or "") if found[2] else self._feature()

    def put(self, *, enabled: bool | None = None, rollout: int | None = None, by: str = "bob") -> None:
        """Change the flag as a colleague does in Unleash's own pages."""
        if rollout is not None and self._strategies():
            self._set(lambda one: one["parameters"].update(rollout=str(rollout)), by)
        if enabled is not None:
            self._switch(enabled, by)

    def archive(self) -> None:
        """Archive the flag as a colleague does: its environment still answers as before."""
        self.archived = True

    def _feature(self) -> Said:
        if self.archived:
            return Said(404, payload("archived"))
        told = payload("feature")
        told["environments"][0] |= {name: copy.deepcopy(self.state[name]) for name in ("enabled", "strategies")}
        return Said(200, told)

    def _environment(self, asked: Asked, environment: str, rest: str) -> Said:
        if environment != "development":
            return Said(404, payload("no-environment"))
        if asked.method == "GET" and not rest:
            return Said(200, copy.deepcopy(self.state))
        if self.archived:
            return Said(400, payload("archived-write"))
        if asked.method == "POST" and rest in ("/on", "/off"):
            self._switch(rest == "/on", "cockpit")
            return Said(200)
        if asked.method == "PATCH" and self._strategies() and rest == f"/strategies/{self._strategies()[0]['id']}":
            return self._patched(asked.json())
        return Said(404, payload("no-strategy"))

    def _strategies(self) -> list[dict[str, Any]]:
        return self.state["strategies"]  # type: ignore[no-any-return]

    def _switch(self, on: bool, by: str) -> None:
        if self.state["enabled"] == on:
            return
        self.state["enabled"] = on
        self.applied += 1
        self._log("feature-environment-enabled" if on else "feature-environment-disabled", None, None, by)

    def _patched(self, steps: Sequence[dict[str, str]]) -> Said:
        parameters = self._strategies()[0]["parameters"]
        for step in steps:
            if step["op"] == "test" and parameters.get(step["path"].rpartition("/")[2]) != step["value"]:
                return Said(500, payload("test-failed"))
        self._set(lambda one: _carry_out(one["parameters"], steps), "cockpit")
        return Said(200, copy.deepcopy(self._strategies()[0]))

    def _set(self, change: Any, by: str) -> None:
        before = copy.deepcopy(self._strategies()[0])
        change(self._strategies()[0])
        if self._strategies()[0] != before:
            self.applied += 1
            self._log("feature-strategy-update", before, copy.deepcopy(self._strategies()[0]), by)

    def _log(self, kind: str, before: Any, after: Any, by: str) -> None:
        number = len(self.events) + 1
        at = (_BEGIN + timedelta(minutes=number)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        told = {"id": number, "type": kind, "preData": before, "data": after, "createdBy": by, "createdAt": at}
        self.events.insert(0, {**self._pattern, **told})

    def _search(self, asked: Asked) -> Said:
        offset, limit = int(asked.query["offset"][0]), int(asked.query["limit"][0])
        wanted = asked.query.get("feature", ["IS:answers"])[0] == "IS:answers"
        found = self.events if wanted else []
        return Said(200, {"events": found[offset : offset + limit], "total": len(found)})


def _carry_out(parameters: dict[str, str], steps: Sequence[dict[str, str]]) -> None:
    for step in steps:
        name = step["path"].rpartition("/")[2]
        if step["op"] == "remove":
            parameters.pop(name, None)
        elif step["op"] in ("add", "replace"):
            parameters[name] = step["value"]
