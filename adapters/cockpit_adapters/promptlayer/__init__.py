"""PromptLayer as a prompt registry: which version the release label of a prompt template stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from cockpit.world.contract import Capability, How, Place, Tested
from cockpit.world.options import SystemOptions, Url

if TYPE_CHECKING:
    from cockpit_adapters.promptlayer.system import PromptLayer


class PromptLayerOptions(SystemOptions):
    """What the table of a PromptLayer workspace may say."""

    url: Url = "https://api.promptlayer.com"
    app_cache_s: float = Field(default=0.0, ge=0, le=86_400)
    """How long the application keeps a template that it has read: `cache_ttl_seconds` of PromptLayer's own client."""


class PromptLayerAdapter:
    """Moves the release labels of prompt templates in a PromptLayer workspace."""

    name = "promptlayer"
    capabilities = frozenset({Capability.PROMPT})
    tested = (Tested(How.CONTRACT, "PromptLayer's REST reference of 2026: nothing was sent to PromptLayer itself"),)
    options = PromptLayerOptions

    def connect(self, options: PromptLayerOptions, place: Place) -> PromptLayer:
        """Make a system; opens no connection yet."""
        from cockpit.world.http import Line
        from cockpit_adapters.promptlayer.system import PromptLayer

        token = place.secret(options.token)
        # Without this header the templates come from PromptLayer's cache.
        headers = {"X-API-KEY": token, "Cache-Control": "no-cache"}
        return PromptLayer(Line(options, headers, secrets=(token,), monotonic=place.monotonic), options, place)
