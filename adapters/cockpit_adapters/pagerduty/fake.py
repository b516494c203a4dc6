"""PagerDuty in memory: one account with one service, by its REST API and its Events API v2."""

from __future__ import annotations

from typing import Any

from cockpit.world.specimen import Asked, Said
from cockpit_adapters.payloads import payload

NO = {"error": {"message": "Invalid Input Provided", "code": 2001}}


class FakePagerDuty:
    """Keeps incidents and their notes; an event's key is known again while its incident is open."""

    USER = "cockpit@example.com"

    def __init__(self) -> None:
        came_in = payload("pagerduty", "incident.json")
        self.paged: str = came_in["id"]
        self.incidents: dict[str, dict[str, Any]] = {self.paged: came_in}
        self.notes: dict[str, list[dict[str, Any]]] = {}
        self.asked: list[Asked] = []
        self.hidden = False
        self.applied = 0

    def answer(self, asked: Asked) -> Said:
        """Answer one request."""
        self.asked.append(asked)
        if asked.path == "/v2/enqueue":
            return self._event(asked.json())
        if not asked.headers.get("authorization", "").startswith("Token token="):
            return Said(401, {"error": {"message": "Invalid credentials", "code": 2006}})
        if asked.method != "GET" and asked.headers.get("from") != self.USER:
            return Said(400, {"error": {"message": "Requester User Not Found", "code": 1008}})
        return self._rest(asked)

    def add(self, key: str, title: str) -> dict[str, Any]:
        """Open an incident."""
        name = f"Q{len(self.incidents):013}"
        url = f"https://acme.pagerduty.com/incidents/{name}"
        made = {**payload("pagerduty", "incident.json"), "id": name, "incident_key": key, "title": title,
                "html_url": url, "status": "triggered"}  # fmt: skip
        self.incidents[name] = made
        self.applied += 1
        return made

    def _event(self, event: dict[str, Any]) -> Said:
        if not event.get("routing_key"):
            return Said(400, {"status": "invalid event", "message": "Event object is invalid", "errors": []})
        key, action = event["dedup_key"], event["event_action"]
        found = next((one for one in self._open() if one["incident_key"] == key), None)
        if action == "trigger" and found is None:
            self.add(key, event["payload"]["summary"])
        elif action != "trigger" and found is not None:
            self._set(found, {"acknowledge": "acknowledged", "resolve": "resolved"}[action])
        return Said(202, {"status": "success", "message": "Event processed", "dedup_key": key})

    def _open(self) -> list[dict[str, Any]]:
        return [one for one in self.incidents.values() if one["status"] != "resolved"]

    def _set(self, incident: dict[str, Any], status: str) -> None:
        if incident["status"] != status:
            incident["status"] = status
            self.applied += 1

    def _rest(self, asked: Asked) -> Said:
        parts = asked.path.strip("/").split("/")
        if parts[0] == "incidents" and len(parts) == 1:
            return self._create(asked) if asked.method == "POST" else self._list(asked)
        if parts[0] == "incidents":
            return self._one(asked, self.incidents.get(parts[1]), parts[2:])
        if asked.path == "/oncalls":
            return Said(200, payload("pagerduty", "oncalls.json"))
        if asked.path == "/users":
            return Said(200, {"users": [{"id": "PUSR009", "name": "Cockpit", "email": self.USER}], "more": False})
        if parts[0] == "services":
            policy = {"id": "PPOL001", "type": "escalation_policy_reference"}
            return Said(200, {"service": {"id": parts[1], "name": "Answer API", "escalation_policy": policy}})
        return Said(404, {"error": {"message": "Not Found", "code": 2100}})

    def _list(self, asked: Asked) -> Said:
        wanted = {"incident_key": asked.query.get("incident_key"), "status": asked.query.get("statuses[]")}
        asks = {name: allowed for name, allowed in wanted.items() if allowed}
        known = [] if self.hidden else self.incidents.values()
        found = [one for one in known if all(one[name] in allowed for name, allowed in asks.items())]
        return Said(200, {"incidents": found, "limit": 25, "offset": 0, "more": False})

    def _create(self, asked: Asked) -> Said:
        told = asked.json()["incident"]
        if any(one["incident_key"] == told["incident_key"] for one in self._open()):
            return Said(400, NO)
        return Said(201, {"incident": self.add(told["incident_key"], told["title"])})

    def _one(self, asked: Asked, incident: dict[str, Any] | None, rest: list[str]) -> Said:
        if incident is None:
            return Said(404, {"error": {"message": "Not Found", "code": 2100}})
        if rest == ["notes"]:
            return self._notes(asked, incident)
        if asked.method == "PUT":
            if incident["status"] == "resolved":
                return Said(400, NO)
            self._set(incident, asked.json()["incident"]["status"])
        return Said(200, {"incident": incident})

    def _notes(self, asked: Asked, incident: dict[str, Any]) -> Said:
        notes = self.notes.setdefault(incident["id"], [])
        if asked.method == "GET":
            return Said(200, {"notes": notes})
        made = {"id": f"PNOTE{len(notes)}", "content": asked.json()["note"]["content"]}
        notes.append(made)
        self.applied += 1
        return Said(200, {"note": made})
