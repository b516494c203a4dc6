"""What scoring asks of the world's truth, whatever simulates it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cockpit.domain.levers import LeverOrder
from cockpit.drill.score.model import Toll


@dataclass(frozen=True, slots=True)
class Curve:
    """Harm per minute over a run; `start_s` is the first bin's beginning in seconds after the page."""

    start_s: float
    bin_s: float
    values: tuple[float, ...]


class Truth(Protocol):
    """One scenario on one seed: what any lever timeline would have done to people."""

    @property
    def unit(self) -> str:
        """What harm is counted in."""
        ...

    @property
    def onset_s(self) -> float | None:
        """Seconds after the page (so negative) at which harm began, or None when there was none."""
        ...

    def reference(self) -> tuple[LeverOrder, ...]:
        """Return what the scenario's own best response asks of the world."""
        ...

    def toll(self, orders: Sequence[LeverOrder]) -> Toll:
        """Return what a lever timeline costs from the page to the end."""
        ...

    def contained_s(self, orders: Sequence[LeverOrder]) -> float | None:
        """Return the seconds after the page at which harm stopped for good measure, or None."""
        ...

    def curve(self, orders: Sequence[LeverOrder]) -> Curve:
        """Return harm per minute."""
        ...

    def choices(self) -> tuple[tuple[str, str], ...]:
        """Return every (lever, target) that could have been pulled."""
        ...

    def j_from(self, before: Sequence[LeverOrder], orders: Sequence[LeverOrder], since: datetime) -> float:
        """Return J of a timeline that is the same as `before` until a moment; quicker than `toll`."""
        ...
