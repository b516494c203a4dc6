"""Langfuse as a prompt registry and a source of traces: which version the label of a prompt stands on."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from pydantic import Field

from cockpit.world.contract import Capability, How, Place, Tested
from cockpit.world.options import SystemOptions

if TYPE_CHECKING:
    from cockpit_adapters.langfuse.traces import TracedLangfuse


class LangfuseOptions(SystemOptions):
    """What the table of a Langfuse project may say."""

    public_key: str = Field(pattern=r"^[!-9;-~]+$", max_length=200)
    """The project's public key, `pk-lf-…`; `token` names the secret key that belongs to it."""
    app_cache_s: float = Field(default=60.0, ge=0, le=86_400)
    """How long the application keeps a prompt that it has read: Langfuse's own client 60 seconds."""


class LangfuseAdapter:
    """Moves the labels of prompts in a Langfuse project."""

    name = "langfuse"
    capabilities = frozenset({Capability.PROMPT, Capability.CHANGES, Capability.TRACES})
    tested = (Tested(How.CLIENT, "langfuse 5.0.4 for Python: the same method, URL and body; no server was run"),)
    options = LangfuseOptions

    def connect(self, options: LangfuseOptions, place: Place) -> TracedLangfuse:
        """Make a system; opens no connection yet."""
        from cockpit.world.http import Line
        from cockpit_adapters.langfuse.traces import TracedLangfuse

        token = place.secret(options.token)
        pair = base64.b64encode(f"{options.public_key}:{token}".encode()).decode()
        line = Line(options, {"Authorization": f"Basic {pair}"}, secrets=(token, pair), monotonic=place.monotonic)
        return TracedLangfuse(line, options, place)
