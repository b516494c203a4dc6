"""Apprise: one library that carries a message to more than a hundred services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from cockpit.world.contract import Capability, How, Place, Tested
from cockpit.world.options import SecretRef, SystemOptions

if TYPE_CHECKING:
    from cockpit_adapters.apprise.system import Broadcast


class AppriseOptions(SystemOptions):
    """What Apprise's table of cockpit.toml may say."""

    addresses: list[SecretRef] = Field(min_length=1, max_length=20)
    """Where Apprise's addresses are found, one secret each: they hold passwords and tokens."""


class AppriseAdapter:
    """Sends updates by Apprise, an extra: pip install 'llm-cockpit[apprise]'."""

    name = "apprise"
    capabilities = frozenset({Capability.CHANNEL})
    tested = (Tested(How.REAL, "apprise 2.2.0 to an HTTP receiver (json://) and to a mail server (mailto://)"),)
    options = AppriseOptions

    def connect(self, options: Any, place: Place) -> Broadcast:
        """Make the system; raises BadInput when Apprise is not installed, or does not understand an address."""
        from cockpit_adapters.apprise.system import Broadcast

        addresses = tuple(place.secret(one) for one in options.addresses)
        return Broadcast(addresses, options.deadline_s, allow_http=options.allow_http)
