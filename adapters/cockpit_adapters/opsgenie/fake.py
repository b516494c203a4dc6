"""Opsgenie in memory: one account whose writes are carried out a little after they were taken."""

from __future__ import annotations

from typing import Any

from cockpit.world.specimen import Asked, Said
from cockpit_adapters.opsgenie import JSM
from cockpit_adapters.payloads import payload


class FakeOpsgenie:
    """Keeps alerts and notes; an alias is known again while its alert is open."""

    def __init__(self) -> None:
        came_in = payload("opsgenie", "alert.json")
        self.paged: str = came_in["id"]
        self.alerts: dict[str, dict[str, Any]] = {self.paged: came_in}
        self.notes: dict[str, list[str]] = {}
        self.requests: dict[str, dict[str, Any]] = {}
        self.looked: dict[str, int] = {}
        self.asked: list[Asked] = []
        self.slow = 1
        self.applied = 0

    def answer(self, asked: Asked) -> Said:
        """Answer one request."""
        self.asked.append(asked)
        if not asked.headers.get("authorization", "").startswith("GenieKey "):
            return Said(401, {"message": "Key format is not valid!", "took": 0.001, "requestId": "r"})
        parts = asked.path.removeprefix(JSM).strip("/").split("/")[1:]
        if parts[0] == "schedules":
            return Said(200, {"data": {"_parent": {"name": parts[1]}, "onCallRecipients": ["ada@example.com"]}})
        if parts[1:2] == ["requests"]:
            return self._status(parts[2])
        if asked.method == "POST":
            return self._taken(self._create(asked) if len(parts) == 1 else self._act(asked, *parts[1:]))
        return self._read(asked, parts[1:])

    def find(self, asked: Asked, name: str) -> dict[str, Any] | None:
        """Return the alert that a request names by id or alias; an alias is that of the one that is open."""
        if asked.query.get("identifierType") == ["alias"]:
            same = [one for one in self.alerts.values() if one["alias"] == name]
            return next((one for one in same if one["status"] == "open"), same[-1] if same else None)
        return self.alerts.get(name)

    def _create(self, asked: Asked) -> dict[str, Any]:
        told = asked.json()
        for alert in self.alerts.values():
            if alert["alias"] == told["alias"] and alert["status"] == "open":
                alert["count"] += 1
                return {"isSuccess": True, "status": "Deduplicated alert", "alertId": alert["id"]}
        name = f"alert-{len(self.alerts)}"
        self.alerts[name] = {**payload("opsgenie", "alert.json"), **told, "id": name}
        self.applied += 1
        return {"isSuccess": True, "alertId": name}

    def _act(self, asked: Asked, name: str, action: str) -> dict[str, Any]:
        alert = self.find(asked, name)
        if alert is None:
            return {"isSuccess": False, "success": False, "status": "Alert does not exist"}
        if action == "notes":
            self.notes.setdefault(alert["id"], []).append(asked.json()["note"])
            self.applied += 1
        elif action == "acknowledge" and not alert["acknowledged"]:
            alert["acknowledged"] = True
            self.applied += 1
        elif action == "close" and alert["status"] != "closed":
            alert["status"] = "closed"
            self.applied += 1
        return {"isSuccess": True, "alertId": alert["id"]}

    def _taken(self, became: dict[str, Any]) -> Said:
        request = f"request-{len(self.requests)}"
        self.requests[request] = became
        return Said(202, {"result": "Request will be processed", "took": 0.3, "requestId": request})

    def _status(self, request: str) -> Said:
        self.looked[request] = self.looked.get(request, 0) + 1
        if request not in self.requests or self.looked[request] <= self.slow:
            return Said(404, {"message": "Request not found. It might not be processed, yet.", "requestId": request})
        told = payload("opsgenie", "request.json")
        return Said(200, {**told, "data": {**told["data"], **self.requests[request]}, "requestId": request})

    def _read(self, asked: Asked, parts: list[str]) -> Said:
        if not parts:
            return Said(200, {"data": list(self.alerts.values()), "took": 0.1, "requestId": "r"})
        alert = self.find(asked, parts[0])
        if alert is None:
            return Said(404, {"message": "Alert does not exist", "requestId": "r"})
        if parts[1:] == ["notes"]:
            notes = [{"note": one, "owner": "cockpit"} for one in self.notes.get(alert["id"], [])]
            return Said(200, {"data": notes, "requestId": "r"})
        return Said(200, {"data": alert, "requestId": "r"})
