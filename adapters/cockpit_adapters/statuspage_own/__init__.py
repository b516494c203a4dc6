"""Your own status page at Atlassian Statuspage: updates become an incident there, in public."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from cockpit.world.contract import Capability, How, Place, Tested
from cockpit.world.options import SystemOptions, Url

if TYPE_CHECKING:
    from cockpit_adapters.statuspage_own.system import OwnPage

Health = Literal["degraded_performance", "partial_outage", "major_outage", "under_maintenance"]


class OwnPageOptions(SystemOptions):
    """What your own page's table of cockpit.toml may say."""

    url: Url = "https://api.statuspage.io/v1"
    """Statuspage's own address; another one only for a proxy."""
    page: str = Field(pattern=r"^[a-z0-9]{6,32}$")
    """The page's id, as its API info shows it."""
    incident_name: str = Field(default="Problem with {service}", min_length=1, max_length=200)
    """What an incident is called there; `{service}` is put in. The cockpit's own title is never shown."""
    components: dict[str, Health] = Field(default_factory=dict)
    """How components stand until the incident is resolved, by their ids; they are operational after that."""
    impact: Literal["", "none", "minor", "major", "critical"] = ""
    """The impact that is shown; left out, Statuspage works it out from the components."""
    notify: bool = True
    """Whether subscribers get mail for each update."""


class OwnPageAdapter:
    """Opens an incident on your own status page and brings it up to date."""

    name = "statuspage_own"
    capabilities = frozenset({Capability.CHANNEL})
    tested = (
        Tested(How.SPECIFICATION, "Statuspage API 1.0.0, OpenAPI of 2024: paths, fields and values; no live page"),
    )
    options = OwnPageOptions

    def connect(self, options: Any, place: Place) -> OwnPage:
        """Make the system; raises BadInput when no token is named."""
        from cockpit.world.http import Line
        from cockpit_adapters.hosted import token_of
        from cockpit_adapters.statuspage_own.system import OwnPage

        token = token_of(options, place)
        line = Line(options, {"authorization": f"OAuth {token}"}, secrets=(token,), monotonic=place.monotonic)
        return OwnPage(line, options, place.monotonic)
