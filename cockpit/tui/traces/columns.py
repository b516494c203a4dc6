"""The columns of the trace list: which ones fit, and what stands in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from cockpit.tui.text import fit
from cockpit.tui.traces.verdicts import word
from cockpit.world.port import TraceRow

TEXT_MIN = 18
"""Cells the text keeps before another column is dropped."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `width` in cells, and `rank` says which go first when room is short (0 never)."""

    name: str
    title: str
    width: int
    rank: int
    value: Callable[[TraceRow], str]
    right: bool = False


def _clock(row: TraceRow) -> str:
    return row.at.strftime("%H:%M:%S")


def _seconds(row: TraceRow) -> str:
    return f"{row.ttft_ms / 1000:.2f}s"


def _dollars(row: TraceRow) -> str:
    return f"{row.cost_micros / 1e6:.4f}".removeprefix("0")


COLUMNS = (
    Column("time", "time", 8, 0, _clock),
    Column("verdict", "verdict", 8, 0, lambda row: word(row.verdict)),
    Column("route", "route", 9, 2, lambda row: row.route),
    Column("prompt", "prompt", 7, 3, lambda row: row.prompt),
    Column("model", "model", 17, 6, lambda row: row.model),
    Column("tenant", "tenant", 10, 1, lambda row: row.tenant),
    Column("ttft", "ttft", 6, 5, _seconds, right=True),
    Column("tok", "tok", 5, 4, lambda row: str(row.tokens_out), right=True),
    Column("cost", "$", 7, 7, _dollars, right=True),
    Column("text", "text", 0, 0, lambda row: row.text),
)


@lru_cache(maxsize=16)
def layout(width: int) -> tuple[tuple[Column, int], ...]:
    """Choose the columns that fit into `width` cells and say how wide each is; the text takes what is left."""
    kept = list(COLUMNS)
    while _room(kept, width) < TEXT_MIN and any(column.rank for column in kept):
        kept.remove(max(kept, key=lambda column: column.rank))
    room = max(1, _room(kept, width))
    return tuple((column, column.width or room) for column in kept)


def cells(row: TraceRow, width: int) -> list[tuple[str, str]]:
    """Write one row as (column name, text of exact width) pairs; outside text is cleaned."""
    return [(column.name, fit(column.value(row), size, right=column.right)) for column, size in layout(width)]


def titles(width: int) -> str:
    """Write the heading line."""
    return " ".join(fit(column.title, size, right=column.right) for column, size in layout(width))


def _room(columns: list[Column], width: int) -> int:
    return width - sum(column.width + 1 for column in columns if column.width)
