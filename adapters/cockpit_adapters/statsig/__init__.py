"""Statsig: gates that switch the AI path off, and the share of users a rule lets through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cockpit.world.contract import Capability, How, Place, Tested
from cockpit.world.options import SystemOptions, Url

if TYPE_CHECKING:
    from cockpit_adapters.statsig.system import Statsig


class StatsigOptions(SystemOptions):
    """What a Statsig table of cockpit.toml may say."""

    url: Url = "https://statsigapi.net"
    respect_reviews: bool = False
    """Whether a gate that wants reviews is changed only through them: a kill would then wait for a reviewer."""


class StatsigAdapter:
    """Gates, their rules and the audit log of Statsig, over the Console API."""

    name = "statsig"
    capabilities = frozenset({Capability.FLAG, Capability.CANARY, Capability.CHANGES})
    tested = (Tested(How.SPECIFICATION, "Console API 20240601.0.0, statsig-io/docs capiopenapi.json of 2026-05-20"),)
    options = StatsigOptions

    def connect(self, options: Any, place: Place) -> Statsig:
        """Make the system; raises BadInput when the token is missing."""
        from cockpit.world.http import Line
        from cockpit_adapters.hosted import token_of
        from cockpit_adapters.statsig.system import Statsig

        token = token_of(options, place)
        headers = {"statsig-api-key": token, "statsig-api-version": "20240601"}
        if options.respect_reviews:
            headers["x-respect-review-settings"] = "true"
        line = Line(options, headers, secrets=(token,), monotonic=place.monotonic)
        return Statsig(line, respect_reviews=options.respect_reviews)
