"""Shares and what sets two of them apart, with intervals: never said to be surer than the counts allow.

Wilson (1927) for one share, Walters' half-added log ratio for two, Fisher's exact test, Holm (1979) for many at once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Any

LEVEL = 0.05
"""The chance, for everything said together, that anything of it is said to be sure and is not."""
MOST_COMPARED = 400
"""Values compared at most, the commonest first: each one more makes all others less sure."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of a whole, with a 95 % interval."""

    part: int
    whole: int

    @property
    def share(self) -> float:
        """The share, 0 to 1; 0 of nothing is 0."""
        return self.part / self.whole if self.whole else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval; from 0 to 1 where there is nothing to go by."""
        return wilson(self.part, self.whole)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        low, high = self.interval
        return {
            "n": self.part,
            "of": self.whole,
            "share": round(self.share, 4),
            "interval": [round(low, 4), round(high, 4)],
        }


@dataclass(frozen=True, slots=True)
class Shared:
    """How often one fact holds among some traces, against how often among others.

    Attributes:
        fact, value: such as `prompt` and `v41`; the value is as it came from outside.
        among, against: how many of them it holds for.
        lift: how many times as common it is, half a trace added to each count; read its lower end where one is 0.
        interval: of the lift; all intervals of one comparison hold together at 95 %.
        chance: how likely counts this far apart are by chance, corrected for everything compared.
        sure: whether chance is ruled out at 5 % and the interval leaves 1 out.
    """

    fact: str
    value: str
    among: Rate
    against: Rate
    lift: float
    interval: tuple[float, float]
    chance: float
    sure: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "fact": self.fact,
            "value": self.value,
            "among": self.among.to_json(),
            "against": self.against.to_json(),
            "lift": round(self.lift, 3),
            "lift_interval": [round(one, 3) for one in self.interval],
            "p_corrected": float(f"{self.chance:.3g}"),
            "sure": self.sure,
        }


def wilson(part: int, whole: int, level: float = LEVEL) -> tuple[float, float]:
    """Return Wilson's interval of a share."""
    if whole <= 0:
        return 0.0, 1.0
    z = normal(level)
    share, spread = part / whole, z * z / whole
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * math.sqrt(share * (1 - share) / whole + spread / (4 * whole))
    return max(0.0, middle - half), min(1.0, middle + half)


def normal(level: float) -> float:
    """Return how many standard errors a two-sided interval of this level takes."""
    return NormalDist().inv_cdf(1 - level / 2)


def lift_of(among: Rate, against: Rate, level: float = LEVEL) -> tuple[float, tuple[float, float]]:
    """Return how many times as common something is, and the interval of that; half a trace is added to each count."""
    ratio = (among.part + 0.5) / (among.whole + 0.5) / ((against.part + 0.5) / (against.whole + 0.5))
    spread = 1 / (among.part + 0.5) - 1 / (among.whole + 0.5) + 1 / (against.part + 0.5) - 1 / (against.whole + 0.5)
    width = math.exp(normal(level) * math.sqrt(max(0.0, spread)))
    return ratio, (ratio / width, ratio * width)


def fisher(among: Rate, against: Rate) -> float:
    """Return Fisher's exact chance, doubled from one side, of counts as far apart as these or farther."""
    if not among.whole or not against.whole:
        return 1.0
    if among.share < against.share:
        among, against = against, among
    total, hits, drawn = among.whole + against.whole, among.part + against.part, among.whole
    term = math.exp(_choose(hits, among.part) + _choose(total - hits, drawn - among.part) - _choose(total, drawn))
    tail, k = term, among.part
    while k < min(hits, drawn) and term > tail * 1e-15:
        term *= (hits - k) * (drawn - k) / ((k + 1) * (total - hits - drawn + k + 1))
        tail, k = tail + term, k + 1
    return min(1.0, 2 * tail)


def differences(
    among: Sequence[Iterable[tuple[str, str]]], against: Sequence[Iterable[tuple[str, str]]], *, least: int = 2
) -> list[Shared]:
    """Compare how often each fact holds among some traces and against others; uncorrected.

    Args:
        least: a value that holds for fewer among them is not looked at.
    """
    here, there = _counts(among), _counts(against)
    ranked = sorted((one for one in here if here[one] >= least), key=lambda one: (-here[one], one))[:MOST_COMPARED]
    level = LEVEL / max(1, len(ranked))
    found = []
    for fact in ranked:
        one, other = Rate(here[fact], len(among)), Rate(there.get(fact, 0), len(against))
        lift, interval = lift_of(one, other, level)
        found.append(Shared(*fact, one, other, lift, interval, fisher(one, other)))
    return found


def compare(among: Sequence[Iterable[tuple[str, str]]], against: Sequence[Iterable[tuple[str, str]]]) -> list[Shared]:
    """Compare how often each fact holds among some traces and against others, corrected; the surest come first."""
    return corrected(differences(among, against))


def corrected(found: Sequence[Shared], comparisons: int = 0) -> list[Shared]:
    """Correct the chances of everything compared together, by Holm's steps.

    Args:
        comparisons: how many were made, where those found here are not all of them.
    """
    many = max(comparisons, len(found))
    level, worst, done = LEVEL / max(1, many), 0.0, []
    for place, one in enumerate(sorted(found, key=lambda shared: (shared.chance, shared.fact, shared.value))):
        worst = max(worst, min(1.0, one.chance * (many - place)))
        _, (low, high) = lift_of(one.among, one.against, level)
        done.append(replace(one, chance=worst, interval=(low, high), sure=worst <= LEVEL and not low <= 1.0 <= high))
    return sorted(done, key=lambda one: (not one.sure, one.chance, -one.among.part, one.fact, one.value))


def _counts(traces: Iterable[Iterable[tuple[str, str]]]) -> Mapping[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = {}
    for facts in traces:
        for fact in set(facts):
            counts[fact] = counts.get(fact, 0) + 1
    return counts


def _choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
