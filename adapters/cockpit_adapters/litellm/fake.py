"""A LiteLLM proxy in memory: recorded answers that change when they are written to, as LiteLLM's do."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from cockpit.world.specimen import Asked, Said
from cockpit_adapters.litellm.fake_writes import WRITES
from cockpit_adapters.payloads import payload

NAMES = (
    "router_settings", "model_info", "key_list", "team_info", "budget_info", "guardrails", "policies", "attachments",
    "prompts", "prompt_versions", "readiness", "readiness_details", "key_info", "user_info",
)  # fmt: skip


class FakeLiteLLM:
    """One worker and its database."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {name: payload("litellm", f"{name}.json") for name in NAMES}
        self.page: bytes = payload("litellm", "metrics.txt")
        self.role = "proxy_admin"
        self.master = False
        self._applied = 0

    @property
    def applied(self) -> int:
        """How many times a value was really changed."""
        return self._applied

    @property
    def aliases(self) -> dict[str, str]:
        """The alias map as it is stored."""
        found: dict[str, str] = self.kept["router_settings"]["current_values"]["model_group_alias"]
        return found

    def answer(self, asked: Asked) -> Said:
        """Answer one request."""
        if not asked.headers.get("authorization", "").startswith("Bearer "):
            return failed(401, "No api key passed in.")
        for method, form, write in WRITES:
            match = re.fullmatch(form, asked.path)
            if method == asked.method and match:
                return self._written(write, asked, tuple(unquote(part) for part in match.groups()))
        return self._read(asked)

    def _written(self, write: Callable[..., Said], asked: Asked, parts: tuple[str, ...]) -> Said:
        before = copy.deepcopy(self.kept)
        said = write(self.kept, asked.json() or {}, *parts)
        self._applied += self.kept != before
        return said

    def _read(self, asked: Asked) -> Said:
        path, kept = asked.path, self.kept
        wanted = {name: values[0] for name, values in asked.query.items()}
        if path == "/metrics/":
            return Said(200, self.page)
        if path == "/budget/info":
            known = [one for one in kept["budget_info"] if one["budget_id"] in asked.json()["budgets"]]
            return Said(200, known)
        if path == "/key/list":
            return Said(200, self._keys(wanted.get("key_alias")))
        if path == "/key/info" and self.master:
            return failed(404, "Key not found in database")
        if path == "/user/info":
            return Said(
                200, {**kept["user_info"], "user_info": {**kept["user_info"]["user_info"], "user_role": self.role}}
            )
        if path == "/team/info" and wanted.get("team_id") != kept["team_info"]["team_id"]:
            return failed(404, f"Team not found, passed team id: {wanted.get('team_id')}.")
        if match := re.fullmatch(r"/prompts/([^/]+)/versions", path):
            return self._versions(unquote(match[1]))
        if path == "/v1/model/info":
            return Said(200, {**kept["model_info"], "data": self._deployments()})
        name = PAGES.get(path)
        return Said(200, kept[name]) if name else failed(404, "Not Found")

    def _deployments(self) -> list[dict[str, Any]]:
        """Every deployment, and once more under each alias that leads to it."""
        own: list[dict[str, Any]] = self.kept["model_info"]["data"]
        more = [{**one, "model_name": name} for name, target in self.aliases.items()
                for one in own if one["model_name"] == target]  # fmt: skip
        return [*own, *more]

    def _keys(self, alias: str | None) -> dict[str, Any]:
        found = [one for one in self.kept["key_list"]["keys"] if alias in (None, one["key_alias"])]
        return {**self.kept["key_list"], "keys": found, "total_count": len(found)}

    def _versions(self, ident: str) -> Said:
        found = [one for one in self.kept["prompt_versions"]["prompts"] if one["prompt_id"] == ident]
        return Said(200, {"prompts": found}) if found else failed(404, f"No versions found for prompt ID {ident}")


PAGES = {
    "/router/settings": "router_settings",
    "/v1/model/info": "model_info",
    "/team/info": "team_info",
    "/v2/guardrails/list": "guardrails",
    "/policies/list": "policies",
    "/policies/attachments/list": "attachments",
    "/prompts/list": "prompts",
    "/budget/list": "budget_info",
    "/health/readiness": "readiness",
    "/health/readiness/details": "readiness_details",
    "/key/info": "key_info",
}


def failed(status: int, message: str) -> Said:
    """Answer with an error as LiteLLM words it."""
    return Said(status, {"error": {"message": message, "type": "auth_error", "param": None, "code": str(status)}})
