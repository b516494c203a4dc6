"""PagerDuty: pages by its Events API v2, everything else about them by its REST API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from cockpit.errors import BadInput
from cockpit.world.contract import Capability, How, Place, Tested
from cockpit.world.options import SecretRef, SystemOptions, Url

if TYPE_CHECKING:
    from cockpit_adapters.pagerduty.system import PagerDuty

VENDOR = "https://api."


class PagerDutyOptions(SystemOptions):
    """What PagerDuty's table of cockpit.toml may say; `token` names a REST API key."""

    url: Url = "https://api.pagerduty.com"
    """PagerDuty's REST API; https://api.eu.pagerduty.com in Europe."""
    events_url: Url = ""
    """Where events go; by default where `url` says, with events in the place of api."""
    routing_key: SecretRef = ""
    """Where the integration key (Events API v2) is found by which pages without a target are sent."""
    user: str = Field(default="", pattern=r"^([^@\s]+@[^@\s]+)?$")
    """The mail address of the PagerDuty user whom acknowledgements and notes are from; needed with a token."""
    service: str = Field(default="", pattern=r"^[A-Z0-9]*$")
    """The id of the service that pages with a target are opened on."""

    @property
    def events(self) -> str:
        """Where events go."""
        return self.events_url or self.url.replace(VENDOR, "https://events.", 1)


class PagerDutyAdapter:
    """Pages people, and acknowledges, notes and resolves what they were paged for."""

    name = "pagerduty"
    capabilities = frozenset({Capability.PAGER})
    tested = (
        Tested(How.CLIENT, "pagerduty 7.2.0 for Python: the same methods, URLs, headers and bodies; a local server"),
    )
    options = PagerDutyOptions

    def connect(self, options: Any, place: Place) -> PagerDuty:
        """Make the system; raises BadInput when no key is named, or a token without a user."""
        from cockpit.world.http import Line
        from cockpit_adapters.pagerduty.events import Events
        from cockpit_adapters.pagerduty.rest import Rest
        from cockpit_adapters.pagerduty.system import PagerDuty

        if not (options.token or options.routing_key):
            raise BadInput(f"{place.name}: it has neither token nor routing_key", hint="Name one of them, or both.")
        if options.token and not options.user:
            raise BadInput(f"{place.name}: it has a token and no user", hint="Name the mail address of a user there.")
        token, key = place.secret(options.token), place.secret(options.routing_key)
        secrets = tuple(one for one in (token, key) if one)
        there = options.model_copy(update={"url": options.events})
        events = Line(there, {}, secrets=secrets, monotonic=place.monotonic)
        headers = {
            "authorization": f"Token token={token}", "accept": "application/vnd.pagerduty+json;version=2",
        }  # fmt: skip
        rest = Line(options, headers, secrets=secrets, monotonic=place.monotonic)
        return PagerDuty(
            Events(events, key) if key else None, Rest(rest, options.user, options.service) if token else None
        )
