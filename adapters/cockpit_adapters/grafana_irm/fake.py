"""Grafana IRM in memory: one stack with one formatted webhook."""

from __future__ import annotations

import json
from typing import Any

from cockpit.world.specimen import Asked, Said
from cockpit_adapters.payloads import payload

WORDS = {"acknowledge": "acknowledged", "resolve": "resolved"}


class FakeIRM:
    """Keeps alert groups, their alerts and notes; an alert joins the open group of its `alert_uid`."""

    def __init__(self) -> None:
        came_in = payload("grafana_irm", "group.json")
        self.paged: str = came_in["id"]
        self.groups: dict[str, dict[str, Any]] = {self.paged: came_in}
        self.alerts: list[dict[str, Any]] = []
        self.notes: list[dict[str, Any]] = []
        self.asked: list[Asked] = []
        self.service_account = False
        self.hidden = False
        self.applied = 0

    def answer(self, asked: Asked) -> Said:
        """Answer one request."""
        self.asked.append(asked)
        if "/formatted_webhook/" in asked.path:
            return self._hook(asked.json())
        token = asked.headers.get("authorization", "")
        if not token or " " in token:
            return Said(403, {"detail": "Invalid token."})
        parts = asked.path.removeprefix("/api/v1/").strip("/").split("/")
        answers = {
            "alert_groups": self._groups, "alerts": self._alerts, "resolution_notes": self._notes,
            "escalation": self._escalate, "schedules": self._schedules, "users": self._users,
        }  # fmt: skip
        return answers[parts[0]](asked, parts[1:]) if parts[0] in answers else Said(404, {"detail": "Not found."})

    def add(self, about: dict[str, Any]) -> dict[str, Any]:
        """Make a group of one alert."""
        name = f"I{len(self.groups):012}"
        self.groups[name] = {**payload("grafana_irm", "group.json"), "id": name, "title": about["title"]}
        self.alerts.append({"id": f"A{len(self.alerts)}", "alert_group_id": name, "payload": about})
        self.applied += 1
        return self.groups[name]

    def _hook(self, alert: dict[str, Any]) -> Said:
        same = [one for one in self.alerts if one["payload"].get("alert_uid") == alert["alert_uid"]]
        found = [group for one in same if (group := self.groups[one["alert_group_id"]])["state"] != "resolved"]
        if alert["state"] == "ok":
            for group in found:
                self._set(group, "resolved")
        elif not found:
            self.add(alert)
        return Said(200, "Ok.")

    def _set(self, group: dict[str, Any], state: str) -> None:
        group["state"] = state
        self.applied += 1

    def _groups(self, asked: Asked, parts: list[str]) -> Said:
        if not parts:
            return _page(list(self.groups.values()))
        group = self.groups.get(parts[0])
        if group is None:
            return Said(404, {"detail": "Not found."})
        if asked.method == "GET":
            return Said(200, group)
        if self.service_account:
            return Said(403, {"detail": "Service accounts are not allowed to acknowledge alert groups"})
        if group["state"] in (WORDS[parts[1]], "resolved"):
            return Said(400, {"detail": "Can't acknowledge an acknowledged alert group"})
        self._set(group, WORDS[parts[1]])
        return Said(200, b"")

    def _alerts(self, asked: Asked, parts: list[str]) -> Said:
        wanted = asked.query.get("search", [""])[0]
        found = [one for one in self.alerts if wanted in json.dumps(one["payload"])]
        return _page([] if self.hidden else found)

    def _notes(self, asked: Asked, parts: list[str]) -> Said:
        if asked.method == "GET":
            return _page([one for one in self.notes if one["alert_group_id"] in asked.query["alert_group_id"]])
        told = asked.json()
        if told["alert_group_id"] not in self.groups:
            return Said(400, {"alert_group_id": ["Object does not exist"]})
        self.notes.append({"id": f"M{len(self.notes)}", "author": "U1", "source": "web", **told})
        self.applied += 1
        return Said(201, self.notes[-1])

    def _escalate(self, asked: Asked, parts: list[str]) -> Said:
        return Said(200, self.add(asked.json()))

    def _schedules(self, asked: Asked, parts: list[str]) -> Said:
        known = asked.query.get("name") == ["Nights"]
        return _page([{"id": "S1", "name": "Nights", "on_call_now": ["U4DNY931HHJS5"]}] if known else [])

    def _users(self, asked: Asked, parts: list[str]) -> Said:
        return Said(200, {"id": parts[0], "email": "ada@example.com", "username": "ada"})


def _page(rows: list[dict[str, Any]]) -> Said:
    return Said(200, {"count": len(rows), "next": None, "previous": None, "results": rows})
