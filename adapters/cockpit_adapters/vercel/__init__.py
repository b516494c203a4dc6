"""Vercel Global Config (formerly Edge Config): items that an app reads as switches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from cockpit.world.contract import Capability, How, Place, Tested
from cockpit.world.options import SystemOptions, Url

if TYPE_CHECKING:
    from cockpit_adapters.vercel.system import Vercel


class VercelOptions(SystemOptions):
    """What a Vercel table of cockpit.toml may say."""

    url: Url = "https://api.vercel.com"
    team: str = ""
    """The id of the team (`team_…`) that owns the config; empty for a personal account."""
    product: str = Field(default="global-config", pattern="^(global-config|edge-config)$")
    """The name in the path: `global-config`, or the older `edge-config`."""


class VercelAdapter:
    """Items of a Vercel Global Config."""

    name = "vercel"
    capabilities = frozenset({Capability.FLAG})
    tested = (
        Tested(How.CLIENT, "reads and answers: @vercel/sdk 1.28.21, source"),
        Tested(How.CONTRACT, "the write: Vercel REST API, Update Global Config items in batch, 2026-07-30"),
    )
    options = VercelOptions

    def connect(self, options: Any, place: Place) -> Vercel:
        """Make the system; raises BadInput when the token is missing."""
        from cockpit.world.http import Line
        from cockpit_adapters.hosted import token_of
        from cockpit_adapters.vercel.system import Vercel

        token = token_of(options, place)
        line = Line(options, {"authorization": f"Bearer {token}"}, secrets=(token,), monotonic=place.monotonic)
        return Vercel(line, product=options.product, team=options.team)
