"""A LaunchDarkly account in memory: one flag, semantic patches, an audit log."""

from __future__ import annotations

from typing import Any

from cockpit.world.specimen import Asked, Said
from cockpit_adapters.payloads import payload

SEMANTIC = "domain-model=launchdarkly.semanticpatch"


class FakeLaunchDarkly:
    """Answers as the recorded payloads do and keeps what it is told."""

    def __init__(self) -> None:
        self.flag: dict[str, Any] = payload("launchdarkly", "flag.json")
        self.log: list[dict[str, Any]] = []
        self.applied = 0

    @property
    def here(self) -> dict[str, Any]:
        """The flag in production."""
        found: dict[str, Any] = self.flag["environments"]["production"]
        return found

    def answer(self, asked: Asked) -> Said:
        """Answer one request."""
        if not asked.headers.get("authorization") or asked.headers["authorization"].startswith("Bearer"):
            return Said(401, {"code": "unauthorized", "message": "invalid access token"})
        if asked.path == "/api/v2/caller-identity":
            return Said(200, payload("launchdarkly", "caller_identity.json"))
        if asked.path == "/api/v2/auditlog":
            return Said(200, {"items": self._entries(asked), "_links": {}})
        if asked.path != "/api/v2/flags/shop/llm-answers":
            return Said(404, {"code": "not_found", "message": "Unknown flag key"})
        return self._patch(asked) if asked.method == "PATCH" else Said(200, self.flag)

    def tell(self, what: str, comment: str = "", at: int = 0) -> None:
        """Write a line of the audit log."""
        number = len(self.log) + 1
        entry = payload("launchdarkly", "auditlog_entry.json")
        date = at or entry["date"] + number
        self.log.insert(
            0, entry | {"_id": f"{number:016x}", "date": date, "shortDescription": what, "comment": comment}
        )

    def move(self, changed: dict[str, Any]) -> None:
        """Change the flag in production as somebody would, and count up its version."""
        if any(self.here.get(name) != value for name, value in changed.items()):
            self.here.update(changed)
            self.here["version"] += 1
            self.here["lastModified"] += 1000
            self.tell(f"Changed {', '.join(changed)}")

    def _patch(self, asked: Asked) -> Said:
        body = asked.json()
        if SEMANTIC not in asked.headers.get("content-type", ""):
            return Said(400, {"code": "invalid_request", "message": "a JSON patch is a list"})
        if body.get("environmentKey") != "production":
            return Said(400, {"code": "invalid_request", "message": "unknown environment"})
        before = self.here["version"]
        for order in body["instructions"]:
            if order["kind"] in ("turnFlagOn", "turnFlagOff"):
                self.move({"on": order["kind"] == "turnFlagOn"})
            elif order["kind"] == "updateFallthroughVariationOrRollout":
                self.move({"fallthrough": self._fallthrough(order)})
            else:
                return Said(400, {"code": "invalid_request", "message": "unknown instruction"})
        if self.here["version"] != before:
            self.applied += 1
            self.log[0]["comment"] = body.get("comment", "")
        return Said(200, self.flag)

    def _fallthrough(self, order: dict[str, Any]) -> dict[str, Any]:
        ids = [one["_id"] for one in self.flag["variations"]]
        if "variationId" in order:
            return {"variation": ids.index(order["variationId"])}
        weights = [{"variation": ids.index(one), "weight": weight} for one, weight in order["rolloutWeights"].items()]
        rollout = {"variations": sorted(weights, key=lambda one: one["variation"])}
        rollout["contextKind"] = order.get("rolloutContextKind", "user")
        if "rolloutBucketBy" in order:
            rollout["bucketBy"] = order["rolloutBucketBy"]
        return {"rollout": rollout}

    def _entries(self, asked: Asked) -> list[dict[str, Any]]:
        after = int(asked.query.get("after", ["0"])[0])
        before = int(asked.query.get("before", [str(10**15)])[0])
        limit = min(20, int(asked.query.get("limit", ["10"])[0]))
        return [one for one in self.log if after < one["date"] < before][:limit]
