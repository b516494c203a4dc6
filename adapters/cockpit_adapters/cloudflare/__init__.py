"""Cloudflare AI Gateway: which version of a dynamic route is deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cockpit.world.contract import Capability, How, Place, Tested
from cockpit.world.options import SystemOptions, Url

if TYPE_CHECKING:
    from cockpit_adapters.cloudflare.system import Cloudflare


class CloudflareOptions(SystemOptions):
    """What a Cloudflare table of cockpit.toml may say."""

    url: Url = "https://api.cloudflare.com/client/v4"


class CloudflareAdapter:
    """Dynamic routes of Cloudflare AI Gateway."""

    name = "cloudflare"
    capabilities = frozenset({Capability.ROUTING})
    tested = (Tested(How.SPECIFICATION, "cloudflare-python, generated from the vendor's OpenAPI, as of 278c5a94"),)
    options = CloudflareOptions

    def connect(self, options: Any, place: Place) -> Cloudflare:
        """Make the system; raises BadInput when the token is missing."""
        from cockpit.world.http import Line
        from cockpit_adapters.cloudflare.system import Cloudflare
        from cockpit_adapters.hosted import token_of

        token = token_of(options, place)
        line = Line(options, {"authorization": f"Bearer {token}"}, secrets=(token,), monotonic=place.monotonic)
        return Cloudflare(line)
