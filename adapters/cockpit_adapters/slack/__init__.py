"""Slack: updates in a channel, those of one incident in one thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from cockpit.world.contract import Capability, How, Place, Tested
from cockpit.world.options import SystemOptions, Url

if TYPE_CHECKING:
    from cockpit_adapters.slack.system import Slack


class SlackOptions(SystemOptions):
    """What Slack's table of cockpit.toml may say."""

    url: Url = "https://slack.com/api"
    """Slack's own address; another one only for a proxy."""
    channel: str = Field(pattern=r"^[A-Z0-9]{2,30}$")
    """The channel's id, such as C0123456789: names change."""
    threads: bool = True
    """Whether later updates of an incident go into the thread of its first."""


class SlackAdapter:
    """Posts updates with a bot's token (chat:write)."""

    name = "slack"
    capabilities = frozenset({Capability.CHANNEL})
    tested = (Tested(How.CLIENT, "slack_sdk 3.47.0: the same method, URL, token and body, against a local server"),)
    options = SlackOptions

    def connect(self, options: Any, place: Place) -> Slack:
        """Make the system; raises BadInput when no token is named."""
        from cockpit.world.http import Line
        from cockpit_adapters.hosted import token_of
        from cockpit_adapters.slack.system import Slack

        token = token_of(options, place)
        line = Line(options, {"authorization": f"Bearer {token}"}, secrets=(token,), monotonic=place.monotonic)
        return Slack(line, options.channel, threads=options.threads)
