"""Opsgenie, and Jira Service Management Operations that takes its place: integrations, or its own REST API."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from pydantic import Field

from cockpit.world.contract import Capability, How, Place, Tested
from cockpit.world.options import SystemOptions, Url

if TYPE_CHECKING:
    from cockpit_adapters.opsgenie.system import Opsgenie

JSM = "/jsm/ops/integration"
OPSGENIE, JSM_API = "https://api.opsgenie.com", "https://api.atlassian.com/jsm/ops/api"


class OpsgenieOptions(SystemOptions):
    """What Opsgenie's table of cockpit.toml may say; `token` names an integration's key, or a user's API token."""

    url: Url = OPSGENIE
    """Its API: https://api.eu.opsgenie.com, or https://api.atlassian.com/jsm/ops/integration for JSM Operations."""
    cloud: str = Field(default="", pattern=r"^[A-Za-z0-9-]{0,64}$")
    """The id of an Atlassian site: JSM Operations' own REST API is asked then, not an integration."""
    user: str = ""
    """There: whose API token it is, the mail address of an account; empty for a token that is sent as Bearer."""
    schedule: str = ""
    """The schedule that says who is on call where no target says it; its id where `cloud` is named."""

    @property
    def reads(self) -> bool:
        """Whether alerts and notes can be read there: integrations of JSM Operations only take them."""
        return bool(self.cloud) or not self.url.endswith(JSM)

    @property
    def site(self) -> str:
        """Where JSM Operations' own API of that site is."""
        return f"{JSM_API if self.url == OPSGENIE else self.url}/{self.cloud}"


class OpsgenieAdapter:
    """Pages people by alerts, and acknowledges, notes and closes these."""

    name = "opsgenie"
    capabilities = frozenset({Capability.PAGER})
    tested = (
        Tested(
            How.CLIENT, "opsgenie-sdk 2.1.5 for Python: the same methods, URLs, headers and bodies; a local server"
        ),
        Tested(How.CONTRACT, "who is on call, and both ways into JSM Operations: Atlassian's references of 2026"),
    )
    options = OpsgenieOptions

    def connect(self, options: Any, place: Place) -> Opsgenie:
        """Make the system; raises BadInput when no token is named."""
        from cockpit.world.http import Line
        from cockpit_adapters.hosted import token_of
        from cockpit_adapters.opsgenie.alerts import Alerts
        from cockpit_adapters.opsgenie.jsm import JsmAlerts
        from cockpit_adapters.opsgenie.system import Opsgenie

        token = token_of(options, place)
        pair = b64encode(f"{options.user}:{token}".encode()).decode()
        if not options.cloud:
            headers = {"authorization": f"GenieKey {token}"}
            line = Line(options, headers, secrets=(token,), monotonic=place.monotonic)
            return Opsgenie(Alerts(line), reads=options.reads, schedule=options.schedule)
        site = options.model_copy(update={"url": options.site})
        headers = {"authorization": f"Basic {pair}" if options.user else f"Bearer {token}"}
        line = Line(site, headers, secrets=(token, pair), monotonic=place.monotonic)
        return Opsgenie(JsmAlerts(line), reads=True, schedule=options.schedule)
