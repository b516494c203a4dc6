"""Google's status dashboards: Google Cloud with Vertex AI, and Workspace with the Gemini app."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from cockpit.world.contract import Capability, How, Place, Tested
from cockpit.world.options import SystemOptions, Url

if TYPE_CHECKING:
    from cockpit_adapters.google_status.system import GoogleStatus


class GoogleStatusOptions(SystemOptions):
    """What a Google dashboard's table of cockpit.toml may say."""

    url: Url = "https://status.cloud.google.com"
    """The dashboard; `https://www.google.com/appsstatus/dashboard` for Workspace and the Gemini app."""
    components: list[str] = Field(default_factory=list)
    """The ids of the products that matter to you (Vertex Gemini API: Z0FZJAMvEB4j3NbCJs6B); all by default."""


class GoogleStatusAdapter:
    """Reads Google's incidents.json."""

    name = "google_status"
    capabilities = frozenset({Capability.PROVIDER_FEED, Capability.CHANGES})
    tested = (Tested(How.CONTRACT, "the published shape of incidents.json, 2026; no live dashboard"),)
    options = GoogleStatusOptions

    def connect(self, options: Any, place: Place) -> GoogleStatus:
        """Make the system."""
        from cockpit.world.http import Line
        from cockpit_adapters.google_status.system import GoogleStatus

        line = Line(options, {}, monotonic=place.monotonic)
        return GoogleStatus(line, place.name, place.now, frozenset(options.components))
