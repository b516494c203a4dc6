"""The shape of a profile's `detect` table: the lines of the detectors."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from cockpit.domain.thresholds import Thresholds
from cockpit.playbooks.spans import Span

_D = Thresholds()
Number = Annotated[float, BeforeValidator(lambda value: float(value) if type(value) is int else value)]
Above1 = Annotated[Number, Field(gt=1.0, le=1000.0)]
Share = Annotated[Number, Field(gt=0.0, le=10.0)]


class DetectFile(BaseModel):
    """When a movement becomes a page; what is left out keeps its default."""

    model_config = ConfigDict(extra="forbid", strict=True)

    quality_drop: Annotated[Number, Field(gt=0.0, le=100.0)] = _D.quality_drop
    quality_window: Span = _D.quality_window_s
    quality_hold: Span = _D.quality_hold_s
    quality_least: Annotated[int, Field(ge=5, le=100_000)] = _D.quality_least
    sure: Annotated[Number, Field(ge=3.0, le=20.0)] = _D.sure
    cost_ratio: Above1 = _D.cost_ratio
    cost_record: Above1 = _D.cost_record
    cost_share: Share = _D.cost_share
    rate_ratio: Above1 = _D.rate_ratio
    rate_rise: Share = _D.rate_rise
    speed_ratio: Above1 = _D.speed_ratio
    drift: Share = _D.drift
    drift_answers: Annotated[int, Field(ge=20, le=10_000)] = _D.drift_answers
    again: Span = _D.again_s
    loop_turns: Annotated[int, Field(ge=2, le=10_000)] = _D.loop_turns
    loop_repeats: Annotated[int, Field(ge=2, le=1_000)] = _D.loop_repeats
    loop_age: Span = _D.loop_age_s

    def value(self) -> Thresholds:
        """Return the plain value."""
        spans = ("quality_window", "quality_hold", "again", "loop_age")
        given: dict[str, Any] = {
            f"{name}_s" if name in spans else name: value for name, value in self.model_dump().items()
        }
        return Thresholds(**given)
