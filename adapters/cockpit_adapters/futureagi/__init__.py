"""Agent Command Center of Future AGI (formerly Prism): routes, guardrails, caps and keys of its gateway."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from cockpit.world.contract import Capability, How, Place, Tested
from cockpit.world.options import SecretRef, SystemOptions

if TYPE_CHECKING:
    from cockpit_adapters.futureagi.system import FutureAGI


class FutureAGIOptions(SystemOptions):
    """What an Agent Command Center table of cockpit.toml may say."""

    provider_keys: dict[str, SecretRef] = Field(default_factory=dict)
    """The providers' own keys, by provider (`openai`) or by provider and field (`bedrock.aws_secret_access_key`).

    The gateway shows them masked and takes the document back whole: without them a change would store the mask.
    """


class FutureAGIAdapter:
    """The admin API of the Agent Command Center gateway."""

    name = "futureagi"
    capabilities = frozenset({Capability.ROUTING, Capability.GUARDRAIL, Capability.CAPS, Capability.TOOLS})
    tested = (
        Tested(
            How.SPECIFICATION, "future-agi/future-agi at 5dc9ff23, agentcc-gateway: source of handlers and schema"
        ),
    )
    options = FutureAGIOptions

    def connect(self, options: Any, place: Place) -> FutureAGI:
        """Make the system; raises BadInput when the token or a provider's key is missing."""
        from cockpit.world.http import Line
        from cockpit_adapters.futureagi.system import FutureAGI
        from cockpit_adapters.hosted import token_of

        token = token_of(options, place)
        keys = {name: place.secret(reference) for name, reference in options.provider_keys.items()}
        headers = {"authorization": f"Bearer {token}"}
        line = Line(options, headers, secrets=(token, *keys.values()), monotonic=place.monotonic)
        return FutureAGI(line, keys)
