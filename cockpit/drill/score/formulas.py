"""The formulas of the score as plain functions of numbers; docs/scoring.md explains each."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from cockpit.domain.cadence import overruns, share_in_time, waits

TOO_MILD, TOO_SEVERE = 2.0, 0.5
"""How much calling an incident too mild, or too severe, costs per level."""

HARMFUL = 0.85
"""What every harmful lever multiplies the lever score by."""

CREDITS: Mapping[str, float] = {"best": 1.0, "acceptable": 0.7, "inert": 0.3, "harmful": 0.0}

SPAM = 0.05
"""What every update too soon after the last one costs."""


def outcome(j: float, j_nothing: float, j_reference: float) -> float:
    """Place a run between doing nothing (0) and the reference (1)."""
    gain = j_nothing - j_reference
    if gain <= 0:
        return 1.0 if j <= j_reference else 0.0
    return clamp((j_nothing - j) / gain)


def time(seconds: float, target: float, halving: float | None = None) -> float:
    """Score a time: 1 up to the target, then halved every `halving` seconds (the target again by default)."""
    if seconds <= target:
        return 1.0
    pace = target if halving is None else halving
    return float(2.0 ** (-(seconds - target) / pace)) if pace > 0 else 0.0


def severity(called: int, true: int, levels: int) -> float:
    """Score a severity; levels count from 0, the worst. Too mild costs four times what too severe does."""
    if levels < 2:
        return 1.0 if called == true else 0.0
    off = called - true
    return max(0.0, 1.0 - (TOO_MILD if off > 0 else TOO_SEVERE) * abs(off) / (levels - 1))


def average(pieces: Sequence[tuple[float, float]]) -> float | None:
    """Average values by the time each lasted, (seconds, value); None when no time passed."""
    whole = sum(seconds for seconds, _ in pieces)
    return sum(seconds * value for seconds, value in pieces) / whole if whole > 0 else None


def cadence(updates: Sequence[float], start: float, end: float, every: float, first: float) -> float:
    """Score the gaps between updates: the share of the time in which nobody waited longer than promised."""
    over = overruns(waits([update - start for update in updates], end - start), every, first)
    return share_in_time(over, end - start)


def told_in_time(in_time: float, too_soon: int) -> float:
    """Take off what updates cost that came too soon after the last one with nothing new."""
    return clamp(in_time - SPAM * too_soon)


def f1(named: AbstractSet[Hashable], true: AbstractSet[Hashable]) -> float:
    """Return the harmonic mean of precision and recall of what was named."""
    if not named and not true:
        return 1.0
    return 2.0 * len(named & true) / (len(named) + len(true))


def levers(first_credit: float | None, harmful: int) -> float:
    """Score the levers: the credit of the first that counts, less for every harmful one."""
    return (first_credit or 0.0) * HARMFUL**harmful


def order(met: Sequence[bool]) -> float | None:
    """Return the share of order pairs that were kept; None when there are none."""
    return sum(met) / len(met) if met else None


def command(without: float, with_two: float, duration: float) -> float:
    """Score command: every second without a commander costs once, every second with two costs twice."""
    return clamp(1.0 - (without + 2.0 * with_two) / duration) if duration > 0 else 1.0


def weighted(parts: Sequence[tuple[float, float | None]]) -> float | None:
    """Average (weight, value); a value of None leaves the denominator. None when nothing is left."""
    known = [(weight, value) for weight, value in parts if value is not None and weight > 0]
    whole = sum(weight for weight, _ in known)
    return sum(weight * value for weight, value in known) / whole if known else None


def clamp(value: float) -> float:
    """Keep a value between 0 and 1."""
    return min(1.0, max(0.0, value))
