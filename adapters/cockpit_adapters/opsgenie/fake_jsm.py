"""JSM Operations' REST API in memory: alerts are known by id, answers are flat, and a note is there at once."""

from __future__ import annotations

from typing import Any

from cockpit.world.specimen import Asked, Said
from cockpit_adapters.opsgenie.fake import FakeOpsgenie
from cockpit_adapters.payloads import payload

CLOUD = "35273b54-3f06-40d2-880f-dd28cf8daafa"


class FakeJsm(FakeOpsgenie):
    """The same alerts, asked for as Atlassian describes it."""

    def answer(self, asked: Asked) -> Said:
        """Answer one request."""
        self.asked.append(asked)
        if not asked.headers.get("authorization", "").startswith("Basic "):
            return Said(401, {"message": "Unauthorized", "code": 401})
        cloud, _, *parts = asked.path.strip("/").split("/")
        if cloud != CLOUD:
            return Said(404, {"message": "No tenant", "code": 404})
        if parts[0] == "schedules":
            return Said(200, {"onCallParticipants": [], "onCallUsers": ["5b10a2844c20165700ede21g"]})
        if parts[1:2] == ["requests"]:
            return self._status(parts[2])
        return self._changed(asked, parts[1:]) if asked.method == "POST" else self._read(asked, parts[1:])

    def _changed(self, asked: Asked, parts: list[str]) -> Said:
        if not parts:
            return self._taken(self._create(asked))
        if parts[0] not in self.alerts:
            return _missing(parts[0])
        if parts[1] != "notes":
            return self._taken(self._act(asked, *parts))
        self._act(asked, *parts)
        return Said(201, {**payload("opsgenie", "jsm_note.json"), "note": asked.json()["note"]})

    def _status(self, request: str) -> Said:
        said = super()._status(request)
        if said.status != 200:
            return said
        return Said(200, {**payload("opsgenie", "jsm_request.json"), **self.requests[request]})

    def _read(self, asked: Asked, parts: list[str]) -> Said:
        if not parts:
            return Said(200, {"values": list(self.alerts.values()), "count": len(self.alerts)})
        found = self._named(asked, parts[0])
        if found is None:
            return _missing(parts[0])
        if parts[1:] == ["notes"]:
            notes = [{**payload("opsgenie", "jsm_note.json"), "note": one} for one in self.notes.get(found["id"], [])]
            return Said(200, {"values": notes, "links": {}})
        return Said(200, found)

    def _named(self, asked: Asked, name: str) -> dict[str, Any] | None:
        if name != "alias":
            return self.alerts.get(name)
        same = [one for one in self.alerts.values() if [one["alias"]] == asked.query.get("alias")]
        return next((one for one in same if one["status"] == "open"), same[-1] if same else None)


def _missing(name: str) -> Said:
    return Said(404, {"message": f"No alert exists with id [{name}]", "code": 404})
