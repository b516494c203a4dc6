"""An Agent Command Center gateway in memory: one organisation, one key; masks and leaves out as the real one does."""

from __future__ import annotations

import copy
from typing import Any

from cockpit.world.specimen import Asked, Said
from cockpit_adapters.futureagi.document import mask
from cockpit_adapters.payloads import payload

SECTIONS = {
    *("providers", "guardrails", "routing", "cache", "rate_limiting", "budgets", "cost_tracking", "ip_acl"),
    *("alerting", "privacy", "tool_policy", "mcp", "audit", "a2a", "model_database", "model_map"),
}
"""The parts of a document, as the vendor's schema lists them."""

ALWAYS = {"enabled", "api_key", "limit"}
"""Fields the gateway never leaves out."""


class FakeFutureAGI:
    """Answers as the vendor's source does, and keeps what it is told."""

    prefix = "x-agentcc-"

    def __init__(self) -> None:
        self.org: dict[str, Any] = payload("futureagi", "org_config.json")
        self.key: dict[str, Any] = payload("futureagi", "key.json")
        self.applied = 0
        self.ticks = 0

    def answer(self, asked: Asked) -> Said:
        """Answer one request."""
        headers = {f"{self.prefix}request-id": "r1"}
        if asked.path == "/healthz":
            return Said(200, {"status": "ok"}, headers)
        if not asked.headers.get("authorization", "").startswith("Bearer "):
            return Said(401, {"error": "unauthorized - admin token required"}, headers)
        if asked.path == "/-/orgs/org1/config":
            return self._org(asked)
        if asked.path == "/-/keys":
            return Said(200, {"object": "list", "data": [self.key]})
        if asked.path == "/-/keys/key_1a2b3c":
            return self._key(asked)
        return Said(404, {"error": "org config not found"}, headers)

    def answer_org(self) -> bytes:
        """Return the organisation as the gateway shows it."""
        return Said(200, _shown(self.org)).content()

    def move(self, *path: str, value: Any) -> None:
        """Change a field of the organisation as somebody would."""
        place = self.org
        for name in path[:-1]:
            place = place[name]
        place[path[-1]] = value

    def route(self, provider: str) -> None:
        """Send `support` to a provider as somebody would."""
        for name, one in self.org["providers"].items():
            kept = [model for model in one["models"] if model != "support"]
            one["models"] = [*kept, "support"] if name == provider else kept

    def allow(self, models: list[str]) -> None:
        """Set the key's models as somebody would."""
        self.ticks += 1
        self.key |= {"allowed_models": models, "updated_at": f"2026-11-20T09:00:{self.ticks:02}.123456789Z"}
        if not models:
            del self.key["allowed_models"]

    def _org(self, asked: Asked) -> Said:
        if asked.method == "GET":
            return Said(200, _shown(self.org))
        body = asked.json()
        if body.keys() - SECTIONS:
            return Said(400, {"error": {"type": "bad_request", "message": "Invalid JSON: unknown field"}})
        self.applied += _shown(body) != _shown(self.org)
        self.org = body
        return Said(200, {"org_id": "org1", "status": "ok"})

    def _key(self, asked: Asked) -> Said:
        models = asked.json().get("models") if asked.method == "PUT" else None
        if models is not None:
            self.applied += models != self.key.get("allowed_models", [])
            self.allow(models)
        return Said(200, self.key)


def _shown(org: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = _left_out(copy.deepcopy(org))
    for provider in shown.get("providers", {}).values():
        if provider["api_key"]:
            provider["api_key"] = mask(provider["api_key"])
    return shown


def _left_out(value: Any) -> Any:
    """Leave out what is empty, as `omitempty` does; sections that are there keep their `enabled`."""
    if not isinstance(value, dict):
        return value
    empty: tuple[Any, ...] = (0, "", [], {}, None, False)
    return {name: _left_out(one) for name, one in value.items() if name in ALWAYS or one not in empty}
