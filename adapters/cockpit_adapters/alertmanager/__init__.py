"""Prometheus Alertmanager: an update as an alert, which is routed as all others are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from cockpit.world.contract import Capability, How, Place, Tested
from cockpit.world.options import SystemOptions

if TYPE_CHECKING:
    from cockpit_adapters.alertmanager.system import Alertmanager


class AlertmanagerOptions(SystemOptions):
    """What Alertmanager's table of cockpit.toml may say."""

    labels: dict[str, str] = Field(default_factory=dict)
    """More labels, to route by."""
    lasts_h: float = Field(default=12.0, gt=0, le=168)
    """How long the alert of an update stays when no other follows, in hours."""


class AlertmanagerAdapter:
    """Posts alerts, and resolves them when an incident is."""

    name = "alertmanager"
    capabilities = frozenset({Capability.CHANNEL})
    tested = (Tested(How.REAL, "Prometheus Alertmanager 0.25.0 of Debian 12"),)
    options = AlertmanagerOptions

    def connect(self, options: Any, place: Place) -> Alertmanager:
        """Make the system; raises BadInput when the address is missing."""
        from cockpit.world.http import Line
        from cockpit_adapters.alertmanager.system import Alertmanager

        token = place.secret(options.token)
        headers = {"authorization": f"Bearer {token}"} if token else {}
        line = Line(options, headers, secrets=(token,) if token else (), monotonic=place.monotonic)
        return Alertmanager(line, options.labels, options.lasts_h)
