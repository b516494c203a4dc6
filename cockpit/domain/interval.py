"""How sure a share is that was counted in a few tries."""

from __future__ import annotations

from math import sqrt

Z95 = 1.959963984540054
"""Standard errors of a 95 % interval."""


def wilson(passed: int, of: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson's, which holds for few tries and near 0 and 1)."""
    if of <= 0:
        return 0.0, 1.0
    share, square = passed / of, Z95 * Z95
    centre = (share + square / (2 * of)) / (1 + square / of)
    half = Z95 * sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return max(0.0, centre - half), min(1.0, centre + half)
