"""The score of a drill, computed from its journal alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cockpit.domain.events import Event
    from cockpit.drill.score.model import Score


def score_run(events: Sequence[Event]) -> Score:
    """Score a drill from its journal; raises BadInput when it is no drill."""
    from cockpit.drill.score.run import score_run as score

    return score(events)
