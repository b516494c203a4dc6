"""Providers' RSS and Atom feeds: xAI, Azure, AWS, Together, Hugging Face, Modal, Mistral, Perplexity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from cockpit.world.contract import Capability, How, Place, Tested
from cockpit.world.options import SystemOptions

if TYPE_CHECKING:
    from cockpit_adapters.feed.system import Feed


class FeedOptions(SystemOptions):
    """What a feed's table of cockpit.toml may say."""

    components: list[str] = Field(default_factory=list)
    """Words of which an entry must hold one to matter to you, in any case: feeds have no ids; all by default."""
    recent_h: float = Field(default=24.0, gt=0, le=720)
    """How long an entry that does not say how it stands is held against the provider, in hours."""


class FeedAdapter:
    """Reads an RSS or Atom feed of a status page."""

    name = "feed"
    capabilities = frozenset({Capability.PROVIDER_FEED, Capability.CHANGES})
    tested = (Tested(How.CONTRACT, "RSS 2.0 and Atom 1.0 (RFC 4287); no live feed"),)
    options = FeedOptions

    def connect(self, options: Any, place: Place) -> Feed:
        """Make the system; raises BadInput when the address is missing."""
        from cockpit.world.http import Line
        from cockpit_adapters.feed.system import Feed

        line = Line(options, {}, monotonic=place.monotonic)
        return Feed(line, place.name, place.now, tuple(options.components), options.recent_h)
