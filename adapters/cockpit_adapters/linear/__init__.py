"""Linear: action items become issues of a team."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from cockpit.world.contract import Capability, How, Place, Tested
from cockpit.world.options import Url
from cockpit_adapters.ticketing import TrackerOptions

if TYPE_CHECKING:
    from cockpit_adapters.linear.system import Linear


class LinearOptions(TrackerOptions):
    """What Linear's table of cockpit.toml may say; `people` and `labels` hold ids."""

    url: Url = "https://api.linear.app/graphql"
    """Linear's own address; another one only for a proxy."""
    team: str = Field(pattern=r"^[A-Z][A-Z0-9]{0,9}$")
    """The team's key: the letters before the number of its issues, such as OPS."""


class LinearAdapter:
    """Makes issues with an API key."""

    name = "linear"
    capabilities = frozenset({Capability.TRACKER})
    tested = (
        Tested(How.SPECIFICATION, "GraphQL schema as of linear/linear 8335e09a: every operation and its variables"),
    )
    options = LinearOptions

    def connect(self, options: Any, place: Place) -> Linear:
        """Make the system; raises BadInput when no token is named."""
        from cockpit.world.http import Line
        from cockpit_adapters.hosted import token_of
        from cockpit_adapters.linear.system import Linear

        token = token_of(options, place)
        # A key of a person or of a workspace is sent as it is, a token of an OAuth application as Bearer.
        shown = f"Bearer {token}" if token.startswith("lin_oauth_") else token
        line = Line(options, {"authorization": shown}, secrets=(token,), monotonic=place.monotonic)
        return Linear(line, options)
