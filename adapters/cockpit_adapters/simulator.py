"""The simulator as an adapter: the system that drills are played against."""

from __future__ import annotations

from typing import Any

from cockpit.errors import BadInput
from cockpit.world.contract import Capability, How, Place, System, Tested
from cockpit.world.options import SystemOptions

OUTSIDE = {Capability.PROVIDER_FEED, Capability.CHANNEL, Capability.PAGER, Capability.TRACKER}
"""What only the world outside can do: a drill tells and wakes nobody."""


class SimulatorAdapter:
    """Describes the simulated world to whoever asks which systems the cockpit can act on.

    A drill makes its world itself, from the scenario in its journal, and can be given no other; this entry carries
    no connection and has nothing to configure.
    """

    name = "simulator"
    capabilities = frozenset(Capability) - OUTSIDE
    tested = (Tested(How.REAL, "the scenarios that ship with it"),)
    options = SystemOptions

    def connect(self, options: Any, place: Place) -> System:
        """Refuse: a drill makes its own."""
        raise BadInput(f"{place.name}: the simulator is no system to configure", hint="`cockpit drill` plays it.")
