"""Where each pane stands, as a pure function of the terminal's size and of what was looked at last.

Wide terminals get three columns, medium ones two, narrow ones one. A column shows as many of its panes as have room
for `PANE_ROWS`, those that were looked at last; the others wait behind their number key.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from textual.geometry import Region

WIDE, MEDIUM = 120, 76
"""Columns from which on three, and two, columns of panes stand side by side."""

PANE_ROWS = 12
"""Rows a pane needs before another one stands with it in a column."""

COLUMNS_WIDE = ((1, 2), (3, 4), (5, 6))
COLUMNS_MEDIUM = ((1, 2, 5), (3, 4, 6))
COLUMNS_NARROW = ((1, 2, 3, 4, 5, 6),)
PANES = tuple(range(1, 7))

_WEIGHTS = {1: 5, 2: 9, 3: 8, 4: 10, 5: 9, 6: 8}
"""How a column's rows are shared; the decision tree and the traces have most to show."""


def columns(width: int) -> tuple[tuple[int, ...], ...]:
    """Return which panes share a column at this width."""
    return COLUMNS_WIDE if width >= WIDE else COLUMNS_MEDIUM if width >= MEDIUM else COLUMNS_NARROW


def arrange(width: int, height: int, recent: Sequence[int]) -> dict[int, Region]:
    """Place the panes that have room; `recent` lists pane numbers, the one looked at last first."""
    regions: dict[int, Region] = {}
    groups = columns(width)
    for (left, size), group in zip(_widths(width, len(groups)), groups, strict=True):
        capacity = 1 if len(groups) == 1 else max(1, height // PANE_ROWS)
        chosen = sorted(sorted(group, key=lambda pane: _rank(pane, recent))[:capacity])
        for pane, (top, rows) in zip(chosen, _heights(height, chosen), strict=True):
            regions[pane] = Region(left, top, size, rows)
    return regions


def _rank(pane: int, recent: Sequence[int]) -> int:
    return recent.index(pane) if pane in recent else len(PANES) + pane


def _widths(width: int, count: int) -> list[tuple[int, int]]:
    if count == 1:
        return [(0, width)]
    if count == 2:
        left = max(34, width * 43 // 100)
        return [(0, left), (left, width - left)]
    left = max(31, width * 22 // 100)
    right = max(42, width * 255 // 1000)
    return [(0, left), (left, width - left - right), (width - right, right)]


def _heights(height: int, panes: Sequence[int]) -> list[tuple[int, int]]:
    total = sum(_WEIGHTS[pane] for pane in panes)
    tops = [height * sum(_WEIGHTS[one] for one in panes[:index]) // total for index in range(len(panes) + 1)]
    return [(top, below - top) for top, below in pairwise(tops)]
