"""Portkey's gateway: the file of the config that an application sends with each request."""

from __future__ import annotations

from pydantic import Field

from cockpit.world.contract import Capability, How, Place, System, Tested
from cockpit.world.options import SystemOptions


class PortkeyOptions(SystemOptions):
    """What the table of a Portkey config may say."""

    file: str = ""
    """The JSON file that the application sends as x-portkey-config."""
    reload_s: float = Field(default=5.0, ge=0, le=3600)
    """How long the application may go on with what it read before, in seconds."""


class PortkeyAdapter:
    """Values of one config file."""

    name = "portkey"
    capabilities = frozenset({Capability.ROUTING, Capability.MODEL_PIN, Capability.GUARDRAIL})
    tested = (Tested(How.REAL, "@portkey-ai/gateway 1.15.2"),)
    options = PortkeyOptions

    def connect(self, options: PortkeyOptions, place: Place) -> System:
        """Make a system; the file is read when it is asked about."""
        from cockpit_adapters.portkey.system import PortkeySystem

        return PortkeySystem(options, place)
