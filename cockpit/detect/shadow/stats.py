"""Differences of pairs, with intervals: Newcombe and McNemar for rates, the paired bootstrap and t for numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from cockpit.detect.clusters.rates import LEVEL, normal, wilson

FEWEST = 5
"""Fewer pairs than this have no interval worth the name."""
BOOTSTRAP_FROM = 30
"""From so many pairs on the bootstrap is used; it is too sure with fewer, where Student's t does better."""
RESAMPLES = 4_000
POWER = 0.8416
"""Standard errors that go with finding a difference four times out of five."""
_BLOCK = 2_000_000


@dataclass(frozen=True, slots=True)
class Difference:
    """What changes from A to B in one rubric.

    Attributes:
        n: pairs that have it on both sides.
        a, b: the means; a rate's are shares.
        difference: B less A; `interval` holds together with those of the other rubrics at 95 %; None for few pairs.
        chance: how likely a difference this large is by chance, corrected for the other rubrics.
        sure: whether chance is ruled out and the interval leaves 0 out.
        needed: pairs it would take to be sure of a difference as large as the one seen, four times out of five;
            None where none was seen, and `n` or fewer where it is sure already.
        detectable: the smallest difference that this many pairs would have shown, four times out of five.
    """

    rubric: str
    rate: bool
    n: int
    a: float
    b: float
    difference: float
    interval: tuple[float, float] | None
    chance: float
    method: str
    sure: bool
    needed: int | None
    detectable: float | None

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "rubric": self.rubric,
            "kind": "rate" if self.rate else "number",
            "n": self.n,
            "a": self.a,
            "b": self.b,
            "difference": self.difference,
            "interval": list(self.interval) if self.interval else None,
            "p_corrected": float(f"{self.chance:.3g}"),
            "method": self.method,
            "sure": self.sure,
            "pairs_needed": self.needed,
            "detectable": self.detectable,
        }


def difference(rubric: str, pairs: Sequence[tuple[float, float]], *, rubrics: int = 1, seed: int = 0) -> Difference:
    """Measure one rubric over pairs (A, B); values that are all 0 or 1 are taken as a rate.

    Args:
        rubrics: how many are looked at together; the interval is widened for it, the chance corrected later.
    """
    level, n = LEVEL / max(1, rubrics), len(pairs)
    rate = all(value in (0.0, 1.0) for pair in pairs for value in pair)
    a, b = (math.fsum(pair[side] for pair in pairs) / n if n else 0.0 for side in (0, 1))
    moved = [there - here for here, there in pairs]
    spread = _deviation(moved)
    error = spread / math.sqrt(n) if n else 0.0
    reach = normal(level) + POWER
    if n < FEWEST:
        return Difference(rubric, rate, n, a, b, b - a, None, 1.0, "too few pairs", False, None, None)
    if rate:
        interval, chance, method = newcombe(pairs, level), mcnemar(pairs), "Newcombe, McNemar exact"
    elif n < BOOTSTRAP_FROM:
        half = student(level, n - 1) * error
        interval, chance, method = (b - a - half, b - a + half), flips(moved, seed), "paired t, sign flips"
    else:
        interval, chance, method = bootstrap(moved, level, seed), flips(moved, seed), "paired bootstrap, sign flips"
    needed = math.ceil((reach * spread / (b - a)) ** 2) if b != a else None
    return Difference(
        rubric, rate, n, a, b, b - a, interval, chance, method, False,
        max(FEWEST, needed) if needed is not None else None, reach * error,
    )  # fmt: skip


def decide(found: Sequence[Difference]) -> list[Difference]:
    """Correct the chances of all rubrics together by Holm's steps and say which differences are sure."""
    worst, done = 0.0, {}
    for place, one in enumerate(sorted(found, key=lambda each: each.chance)):
        worst = max(worst, min(1.0, one.chance * (len(found) - place)))
        away = one.interval is not None and not one.interval[0] <= 0.0 <= one.interval[1]
        done[one.rubric] = replace(one, chance=worst, sure=away and worst <= LEVEL)
    return [done[one.rubric] for one in found]


def newcombe(pairs: Sequence[tuple[float, float]], level: float = LEVEL) -> tuple[float, float]:
    """Return Newcombe's interval of a difference of paired shares (1998, method 10), B less A."""
    n = len(pairs)
    both, only_a, only_b, neither = _cells(pairs)
    a, b = (both + only_a) / n, (both + only_b) / n
    (low_a, high_a), (low_b, high_b) = wilson(both + only_a, n, level), wilson(both + only_b, n, level)
    product = (both + only_a) * (only_b + neither) * (both + only_b) * (only_a + neither)
    cross = float(both * neither - only_a * only_b)
    if cross > 0:
        cross = max(cross - n / 2, 0.0)
    phi = cross / math.sqrt(product) if product else 0.0
    down = (b - low_b) ** 2 - 2 * phi * (b - low_b) * (high_a - a) + (high_a - a) ** 2
    up = (high_b - b) ** 2 - 2 * phi * (high_b - b) * (a - low_a) + (a - low_a) ** 2
    return b - a - math.sqrt(max(0.0, down)), b - a + math.sqrt(max(0.0, up))


def mcnemar(pairs: Sequence[tuple[float, float]]) -> float:
    """Return McNemar's exact chance: pairs that differ, differ either way like a coin."""
    _, only_a, only_b, _ = _cells(pairs)
    n, k = only_a + only_b, min(only_a, only_b)
    if not n:
        return 1.0
    logs = (math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) - n * math.log(2) for i in range(k + 1))
    return min(1.0, 2 * math.fsum(math.exp(one) for one in logs))


def bootstrap(moved: Sequence[float], level: float = LEVEL, seed: int = 0) -> tuple[float, float]:
    """Return the percentile interval of the mean of paired differences."""
    import numpy as np

    chance, values = np.random.default_rng(seed), np.asarray(moved, dtype=float)
    step = max(1, _BLOCK // len(values))
    means = np.concatenate([
        values[chance.integers(len(values), size=(min(step, RESAMPLES - done), len(values)))].mean(axis=1)
        for done in range(0, RESAMPLES, step)
    ])  # fmt: skip
    low, high = np.quantile(means, [level / 2, 1 - level / 2])
    return float(low), float(high)


def flips(moved: Sequence[float], seed: int = 0) -> float:
    """Return the chance of a mean this far from 0 if every pair could as well be the other way round."""
    values = [one for one in moved if one]
    if not values:
        return 1.0
    import numpy as np

    sizes, seen = np.abs(np.asarray(values)), abs(math.fsum(values))
    if len(values) <= 12:
        signs = 1 - 2 * ((np.arange(2 ** len(values))[:, None] >> np.arange(len(values))) & 1)
        return float((np.abs(signs @ sizes) >= seen * (1 - 1e-12)).mean())
    chance, hits = np.random.default_rng(seed), 1
    step = max(1, _BLOCK // len(values))
    for done in range(0, RESAMPLES, step):
        signs = chance.integers(0, 2, size=(min(step, RESAMPLES - done), len(values))) * 2 - 1
        hits += int((np.abs(signs @ sizes) >= seen * (1 - 1e-12)).sum())
    return hits / (RESAMPLES + 1)


def student(level: float, freedom: int) -> float:
    """Return Student's two-sided quantile (Abramowitz and Stegun 26.7.5; within 2 % from 4 degrees on)."""
    z, v = normal(level), float(freedom)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    fourth = (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160
    return z + first / v + second / v**2 + third / v**3 + fourth / v**4


def _cells(pairs: Sequence[tuple[float, float]]) -> tuple[int, int, int, int]:
    both = sum(a == 1 and b == 1 for a, b in pairs)
    only_a, only_b = (sum(pair[side] == 1 for pair in pairs) - both for side in (0, 1))
    return both, only_a, only_b, len(pairs) - both - only_a - only_b


def _deviation(values: Sequence[float]) -> float:
    if len(values) < 2:
        return 0.0
    mean = math.fsum(values) / len(values)
    return math.sqrt(math.fsum((one - mean) ** 2 for one in values) / (len(values) - 1))
