"""LaunchDarkly: flags that switch the AI path off, and the share of users on a new variation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cockpit.world.contract import Capability, How, Place, Tested
from cockpit.world.options import SystemOptions, Url

if TYPE_CHECKING:
    from cockpit_adapters.launchdarkly.system import LaunchDarkly


class LaunchDarklyOptions(SystemOptions):
    """What a LaunchDarkly table of cockpit.toml may say."""

    url: Url = "https://app.launchdarkly.com"
    """https://app.launchdarkly.com, or https://app.eu.launchdarkly.com, https://app.launchdarkly.us."""
    project: str = ""
    """Only changes of this project go on the what-changed board; all of the account's by default."""
    context_kind: str = "user"
    """By which kind of context a share is drawn."""


class LaunchDarklyAdapter:
    """Flags, fallthrough rollouts and the audit log of LaunchDarkly."""

    name = "launchdarkly"
    capabilities = frozenset({Capability.FLAG, Capability.CANARY, Capability.CHANGES})
    tested = (Tested(How.CLIENT, "launchdarkly-api 25.0.1: the same requests, answers its models accept"),)
    options = LaunchDarklyOptions

    def connect(self, options: Any, place: Place) -> LaunchDarkly:
        """Make the system; raises BadInput when the token is missing."""
        from cockpit.world.http import Line
        from cockpit_adapters.hosted import token_of
        from cockpit_adapters.launchdarkly.system import API_VERSION, LaunchDarkly

        token = token_of(options, place)
        headers = {"authorization": token, "ld-api-version": API_VERSION}
        return LaunchDarkly(
            Line(options, headers, secrets=(token,), monotonic=place.monotonic),
            project=options.project,
            context_kind=options.context_kind,
        )
