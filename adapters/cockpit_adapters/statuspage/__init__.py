"""Providers' status pages of Atlassian Statuspage, and those of incident.io that answer alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from cockpit.world.contract import Capability, How, Place, Tested
from cockpit.world.options import SystemOptions

if TYPE_CHECKING:
    from cockpit_adapters.statuspage.system import Statuspage


class StatuspageOptions(SystemOptions):
    """What a status page's table of cockpit.toml may say."""

    components: list[str] = Field(default_factory=list)
    """The ids of the components that matter to you; all by default."""


class StatuspageAdapter:
    """Reads a provider's status page: Anthropic, OpenAI, Cohere, Groq, GitHub and many more."""

    name = "statuspage"
    capabilities = frozenset({Capability.PROVIDER_FEED, Capability.CHANGES})
    tested = (Tested(How.CONTRACT, "the public shape of Statuspage and of incident.io's pages, 2026; no live page"),)
    options = StatuspageOptions

    def connect(self, options: Any, place: Place) -> Statuspage:
        """Make the system; raises BadInput when the address is missing."""
        from cockpit.world.http import Line
        from cockpit_adapters.statuspage.system import Statuspage

        line = Line(options, {}, monotonic=place.monotonic)
        return Statuspage(line, place.name, place.now, frozenset(options.components))
