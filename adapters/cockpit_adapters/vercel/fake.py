"""A Vercel account in memory: one Global Config with two items."""

from __future__ import annotations

from typing import Any

from cockpit.world.specimen import Asked, Said
from cockpit_adapters.payloads import payload

_GONE = object()


class FakeVercel:
    """Answers as the vendor's SDK reads it, and keeps what it is told."""

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = payload("vercel", "items.json")
        self.applied = 0
        self.clock = 1_763_600_000_000

    def answer(self, asked: Asked) -> Said:
        """Answer one request."""
        if not asked.headers.get("authorization", "").startswith("Bearer "):
            return Said(403, {"error": {"code": "forbidden", "message": "Not authorized"}})
        path = asked.path.replace("/v1/edge-config", "/v1/global-config")
        if path == "/v1/global-config":
            return Said(200, payload("vercel", "configs.json"))
        if path != "/v1/global-config/ecfg_abc123/items":
            return Said(404, {"error": {"code": "not_found", "message": "The config was not found"}})
        if asked.method == "GET":
            return Said(200, self.items)
        before = self.clock
        for order in asked.json()["items"]:
            if order["operation"] not in ("upsert", "delete"):
                return Said(400, {"error": {"code": "bad_request", "message": "Invalid operation"}})
            self.move(order["key"], order["value"] if order["operation"] == "upsert" else _GONE)
        self.applied += self.clock != before
        return Said(200, {"status": "ok"})

    def move(self, key: str, value: Any) -> None:
        """Store or delete an item as somebody would."""
        found = next((one for one in self.items if one["key"] == key), None)
        if value is _GONE or value is None:
            if found is not None:
                self.items.remove(found)
                self.clock += 1000
            return
        if found is not None and found["value"] == value and type(found["value"]) is type(value):
            return
        self.clock += 1000
        if found is None:
            found = {"key": key, "edgeConfigId": "ecfg_abc123", "createdAt": self.clock}
            self.items.append(found)
        found |= {"value": value, "updatedAt": self.clock}
