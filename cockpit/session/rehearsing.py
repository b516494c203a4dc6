"""Worlds that can be asked the same again: the simulator can, real systems are asked over their endpoint."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, cast

from cockpit.domain.cases import Rehearsal
from cockpit.world.port import World


class Rehearses(Protocol):
    """What a world offers that can answer the same question again."""

    def rehearse(self, trace: int, neighbours: Sequence[int], at: datetime, samples: int) -> Rehearsal:
        """Ask a trace's question again of the configuration it met and of the one now, and others of the one now."""
        ...


def rehearser(world: World) -> Rehearses | None:
    """Return the world as one that can be asked again, or None when it can't."""
    return cast(Rehearses, world) if hasattr(world, "rehearse") else None
