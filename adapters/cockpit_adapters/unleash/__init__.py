"""Unleash, the feature flag server: its flags as kill switches and canaries, and its event log."""

from __future__ import annotations

from cockpit.world.contract import Capability, How, Place, System, Tested
from cockpit.world.options import SystemOptions


class UnleashOptions(SystemOptions):
    """What the table of an Unleash system may say."""

    project: str = "default"
    """The project whose flags are levers."""


class UnleashAdapter:
    """Flags of one project of an Unleash server."""

    name = "unleash"
    capabilities = frozenset({Capability.FLAG, Capability.CANARY, Capability.CHANGES})
    tested = (Tested(How.REAL, "unleash-server 8.2.0 (open source) on PostgreSQL 15"),)
    options = UnleashOptions

    def connect(self, options: UnleashOptions, place: Place) -> System:
        """Make a system; its token is read now, nothing is sent yet."""
        from cockpit_adapters.unleash.system import UnleashSystem

        return UnleashSystem(options, place)
