"""LiteLLM with its database: routes, models, keys, teams, caps, guardrails and prompts by its admin API."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from cockpit.world.contract import Capability, How, Place, System, Tested
from cockpit.world.options import SystemOptions


class LiteLLMOptions(SystemOptions):
    """How the proxy is run, as far as it does not tell by itself."""

    workers: int = Field(default=1, ge=1, le=1000)
    """How many processes answer, over all machines: each learns of a change in its own time."""
    reload_s: float = Field(default=30.0, gt=0)
    """PROXY_CONFIG_RELOAD_INTERVAL_SECONDS of the proxy: after so long all workers know routes and guardrails."""
    key_cache_s: float = Field(default=60.0, gt=0)
    """general_settings.user_api_key_cache_ttl of the proxy: after so long all workers know keys and teams."""


class LiteLLMAdapter:
    """Speaks to LiteLLM's admin API; nothing is opened before `connect`."""

    name = "litellm"
    capabilities = frozenset({
        Capability.ROUTING, Capability.MODEL_PIN, Capability.FLAG, Capability.CAPS, Capability.GUARDRAIL,
        Capability.PROMPT, Capability.CHANGES, Capability.SIGNALS,
    })  # fmt: skip
    tested = (Tested(How.REAL, "LiteLLM proxy 1.106.2 on PostgreSQL, one and two workers"),)
    options = LiteLLMOptions

    def connect(self, options: Any, place: Place) -> System:
        """Make the system; raises BadInput when the address or the token is missing."""
        from cockpit.errors import BadInput
        from cockpit.world.http import Line
        from cockpit_adapters.litellm.system import LiteLLMSystem

        if not options.token:
            raise BadInput(
                f"{place.name}: the admin key is missing", hint='Add a line: token = "env:LITELLM_ADMIN_KEY"'
            )
        token = place.secret(options.token)
        line = Line(options, {"Authorization": f"Bearer {token}"}, secrets=(token,))
        return LiteLLMSystem(line, options, place)
