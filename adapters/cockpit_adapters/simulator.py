"""The simulator as an adapter: the system that drills are played against."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.world.adapters import Capability


@dataclass(frozen=True, slots=True)
class SimulatorAdapter:
    """Describes the simulated world to whoever asks which systems the cockpit can act on.

    A drill makes its world itself, from the scenario in its journal, and can be given no other; this entry carries
    no connection and has nothing to configure.
    """

    name: str = "simulator"
    capabilities: frozenset[Capability] = frozenset(Capability)
    tested: tuple[str, ...] = ("the scenarios that ship with it, by this project's own tests",)
    production: bool = False
