"""Grafana IRM: pages by an integration's formatted webhook, everything else by the OnCall API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from cockpit.errors import BadInput
from cockpit.world.contract import Capability, How, Place, Tested
from cockpit.world.options import SecretRef, SystemOptions, Url

if TYPE_CHECKING:
    from cockpit_adapters.grafana_irm.system import GrafanaIRM


class GrafanaIRMOptions(SystemOptions):
    """What Grafana IRM's table of cockpit.toml may say; `url` and `token` are those of the OnCall API."""

    stack: Url = ""
    """The Grafana stack, where the token is a service account's; an OnCall API key knows its own."""
    integration_url: Url = ""
    """The address of a formatted webhook integration without the key at its end; by default below `url`."""
    integration_key: SecretRef = ""
    """Where the key at the end of that address is found: pages without a target are sent there."""
    schedule: str = Field(default="", max_length=200)
    """The schedule that says who is on call."""

    @property
    def integration(self) -> str:
        """Where pages without a target are sent, without the key."""
        return self.integration_url or f"{self.url}/integrations/v1/formatted_webhook"


class GrafanaIRMAdapter:
    """Pages people by alert groups, and acknowledges, notes and resolves these."""

    name = "grafana_irm"
    capabilities = frozenset({Capability.PAGER})
    tested = (
        Tested(How.SPECIFICATION, "grafana/oncall as archived in 2026: the API's reference, and its views' source"),
    )
    options = GrafanaIRMOptions

    def connect(self, options: Any, place: Place) -> GrafanaIRM:
        """Make the system; raises BadInput when neither a token nor an integration's key is named."""
        from cockpit.world.http import Line
        from cockpit_adapters.grafana_irm.groups import Groups
        from cockpit_adapters.grafana_irm.integration import Integration
        from cockpit_adapters.grafana_irm.system import GrafanaIRM

        if not (options.token or options.integration_key):
            raise BadInput(
                f"{place.name}: it has neither token nor integration_key", hint="Name one of them, or both."
            )
        token, key = place.secret(options.token), place.secret(options.integration_key)
        secrets = tuple(one for one in (token, key) if one)
        there = options.model_copy(update={"url": options.integration})
        headers = {"authorization": token, **({"x-grafana-url": options.stack} if options.stack else {})}
        api = Line(options, headers, secrets=secrets, monotonic=place.monotonic) if token else None
        hook = Line(there, {}, secrets=secrets, monotonic=place.monotonic) if key else None
        return GrafanaIRM(Integration(hook, key) if hook else None, Groups(api) if api else None, options.schedule)
