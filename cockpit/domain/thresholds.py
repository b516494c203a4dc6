"""The lines of the detectors: what a profile may set, with this project's defaults."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When a movement becomes a page; spans in seconds, shares from 0 to 1, scores in points of 100.

    Attributes:
        quality_drop: points of a rubric's scale, taken as 100, by which its mean must fall.
        quality_window_s: how far back a fall is looked for; `quality_hold_s` how long it must have lasted.
        quality_least: scored answers that are needed after the fall, and before it.
        sure: standard errors by which something must differ; each look is one of thousands.
        cost_ratio: times the trailing average; `cost_record` times the tenant's own record besides.
        cost_share: the excess as a share of what the whole service usually costs, under which nobody is woken.
        rate_ratio: times the usual share of errors or refusals; `rate_rise` by how much it must differ besides.
        speed_ratio: times the usual p99, time to the first token, or time per token.
        drift: population stability index against the baseline; above 0.25 is usually called a shift.
        drift_answers: how many answers are compared at a time.
        again_s: how long a page of the same kind about the same thing is not repeated.
        loop_turns, loop_repeats, loop_age_s: what makes an agent's answer a loop.
    """

    quality_drop: float = 2.0
    quality_window_s: float = 3600.0
    quality_hold_s: float = 120.0
    quality_least: int = 30
    sure: float = 5.5
    cost_ratio: float = 3.0
    cost_record: float = 2.25
    cost_share: float = 1.0
    rate_ratio: float = 2.0
    rate_rise: float = 0.03
    speed_ratio: float = 2.0
    drift: float = 0.25
    drift_answers: int = 100
    again_s: float = 3600.0
    loop_turns: int = 25
    loop_repeats: int = 4
    loop_age_s: float = 1800.0
