"""Arize Phoenix as a prompt registry and a source of traces: which version the tag of a prompt stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from cockpit.world.contract import Capability, How, Place, Tested
from cockpit.world.options import SystemOptions

if TYPE_CHECKING:
    from cockpit_adapters.phoenix.traces import TracedPhoenix


class PhoenixOptions(SystemOptions):
    """What the table of a Phoenix server may say."""

    project: str = Field(default="", max_length=500)
    """The project whose traces are read; by default the one called `default`."""
    app_cache_s: float = Field(default=0.0, ge=0, le=86_400)
    """How long the application keeps a prompt that it has read, in seconds."""


class PhoenixAdapter:
    """Moves the tags of prompts on a Phoenix server."""

    name = "phoenix"
    capabilities = frozenset({Capability.PROMPT, Capability.CHANGES, Capability.TRACES})
    tested = (Tested(How.REAL, "Arize Phoenix 20.26.1, with and without authentication"),)
    options = PhoenixOptions

    def connect(self, options: PhoenixOptions, place: Place) -> TracedPhoenix:
        """Make a system; opens no connection yet."""
        from cockpit.world.http import Line
        from cockpit_adapters.phoenix.traces import TracedPhoenix

        token = place.secret(options.token)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return TracedPhoenix(Line(options, headers, secrets=(token,), monotonic=place.monotonic), options, place)
