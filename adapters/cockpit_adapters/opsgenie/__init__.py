"""Opsgenie, and the integrations of Jira Service Management Operations that have taken its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cockpit.world.contract import Capability, How, Place, Tested
from cockpit.world.options import SystemOptions, Url

if TYPE_CHECKING:
    from cockpit_adapters.opsgenie.system import Opsgenie

JSM = "/jsm/ops/integration"


class OpsgenieOptions(SystemOptions):
    """What Opsgenie's table of cockpit.toml may say; `token` names the key of an API integration."""

    url: Url = "https://api.opsgenie.com"
    """Its API: https://api.eu.opsgenie.com, or https://api.atlassian.com/jsm/ops/integration for JSM Operations."""
    schedule: str = ""
    """The schedule that says who is on call where a page has no target that says it."""

    @property
    def reads(self) -> bool:
        """Whether alerts and notes can be read there: integrations of JSM Operations only take them."""
        return not self.url.endswith(JSM)


class OpsgenieAdapter:
    """Pages people by alerts, and acknowledges, notes and closes these."""

    name = "opsgenie"
    capabilities = frozenset({Capability.PAGER})
    tested = (
        Tested(
            How.CLIENT, "opsgenie-sdk 2.1.5 for Python: the same methods, URLs, headers and bodies; a local server"
        ),
        Tested(How.CONTRACT, "who is on call, and JSM Operations: Atlassian's references of 2026"),
    )
    options = OpsgenieOptions

    def connect(self, options: Any, place: Place) -> Opsgenie:
        """Make the system; raises BadInput when no token is named."""
        from cockpit.world.http import Line
        from cockpit_adapters.hosted import token_of
        from cockpit_adapters.opsgenie.alerts import Alerts
        from cockpit_adapters.opsgenie.system import Opsgenie

        token = token_of(options, place)
        headers = {"authorization": f"GenieKey {token}"}
        line = Line(options, headers, secrets=(token,), monotonic=place.monotonic)
        return Opsgenie(Alerts(line), reads=options.reads, schedule=options.schedule)
