"""A Cloudflare account in memory: one gateway with one route of two versions."""

from __future__ import annotations

from typing import Any

from cockpit.world.specimen import Asked, Said
from cockpit_adapters.payloads import payload

ROUTE = "/accounts/0d37909e38d3e99c29fa2cd343ac421a/ai-gateway/gateways/shop/routes/54442216"


class FakeCloudflare:
    """Answers as the vendor's specification says, and keeps what it is told."""

    def __init__(self) -> None:
        self.route: dict[str, Any] = payload("cloudflare", "route.json")
        self.listed: dict[str, Any] = payload("cloudflare", "versions.json")
        self.applied = 0
        self.count = 2

    @property
    def deployed(self) -> dict[str, Any]:
        """The deployment in force."""
        found: dict[str, Any] = self.route["result"]["deployment"]
        return found

    def answer(self, asked: Asked) -> Said:
        """Answer one request."""
        if not asked.headers.get("authorization", "").startswith("Bearer "):
            return Said(401, {"success": False, "errors": [{"code": 10000, "message": "Authentication error"}]})
        if asked.path.endswith("/user/tokens/verify"):
            return Said(200, payload("cloudflare", "token.json"))
        rest = asked.path.partition(ROUTE)[2] if ROUTE in asked.path else "/nowhere"
        if asked.method == "GET" and rest in ("", "/versions"):
            return Said(200, self.listed if rest else self.route)
        if asked.method == "POST" and rest == "/deployments":
            return self._deploy(asked.json()["version_id"])
        return Said(404, {"success": False, "errors": [{"code": 7003, "message": "Could not route"}]})

    def move(self, version: str) -> None:
        """Deploy a version as somebody would."""
        self.count += 1
        self.deployed.update({"deployment_id": f"dep-{self.count}", "version_id": version, "comment": ""})
        for one in self.listed["data"]["versions"]:
            one["active"] = "true" if one["version_id"] == version else "false"

    def _deploy(self, version: str) -> Said:
        if version not in [one["version_id"] for one in self.listed["data"]["versions"]]:
            return Said(400, {"success": False, "errors": [{"message": "Version not found"}], "result": {}})
        # What is deployed can be deployed again: that makes another deployment, but changes no value.
        self.applied += version != self.deployed["version_id"]
        self.move(version)
        return Said(200, {"success": True, "result": {**self.route["result"]}})
