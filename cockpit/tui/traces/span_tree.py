"""The steps of a trace as a tree of lines on one axis of time, without a screen."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from textual.content import Content

from cockpit.domain.calls import Span, SpanKind
from cockpit.tui.panes.rows import Row, row
from cockpit.tui.panes.words import BAD, DIM
from cockpit.tui.text import Part, fit, line

WHOLE = "whole"
"""The key of the line that stands for the whole trace."""
MOST = 2_000
"""Steps drawn at most; the rest is counted."""
DEEPEST = 12
"""Levels that are indented; deeper ones stand below each other."""
GLYPHS = {
    SpanKind.LLM: ("◆", "$text-accent"),
    SpanKind.TOOL: ("ƒ", "$text-warning"),
    SpanKind.RETRIEVER: ("⌕", "$text-primary"),
    SpanKind.RERANKER: ("↕", "$text-primary"),
    SpanKind.EMBEDDING: ("≈", "$text-primary"),
    SpanKind.AGENT: ("◎", ""),
    SpanKind.CHAIN: ("▷", ""),
    SpanKind.GUARDRAIL: ("▣", "$text-success"),
    SpanKind.EVALUATOR: ("✓", "$text-success"),
    SpanKind.OTHER: ("·", ""),
}
LEGEND = "◆ model  ƒ tool  ⌕ search  ▣ guard  ▷ step"
TOKENS_FROM = 56
"""From this many cells on tokens have a column."""


@dataclass(frozen=True, slots=True)
class Node:
    """One step in its place; `key` is its number as text, since ids are the recorder's own and may repeat."""

    key: str
    span: Span
    depth: int
    children: int


def nodes(spans: Sequence[Span]) -> list[Node]:
    """Put steps below their parents, brothers and sisters by their start.

    One whose parent is not there stands at the top; one that is its own ancestor too.
    """
    below: dict[str, list[int]] = {}
    known = {one.id for one in spans if one.id}
    for place, one in enumerate(spans):
        parent = one.parent if one.parent in known and one.parent != one.id else ""
        below.setdefault(parent, []).append(place)
    for places in below.values():
        places.sort(key=lambda place: spans[place].start)
    found: list[Node] = []
    seen: set[int] = set()
    for top in (*below.get("", ()), *range(len(spans))):  # what is left hangs in a ring, and begins anywhere
        found += _walk(spans, below, top, seen)
    return found


def _walk(spans: Sequence[Span], below: dict[str, list[int]], top: int, seen: set[int]) -> Iterator[Node]:
    waiting = [(top, 0)]
    while waiting:
        place, depth = waiting.pop()
        if place in seen:
            continue
        seen.add(place)
        one = spans[place]
        children = [child for child in below.get(one.id, ()) if child not in seen] if one.id else []
        yield Node(str(place), one, depth, len(children))
        waiting += [(child, depth + 1) for child in reversed(children)]


def unfolded(tree: Sequence[Node], folded: Collection[str]) -> list[Node]:
    """Leave out what is below a folded step."""
    shown: list[Node] = []
    hidden_below: int | None = None
    for one in tree:
        if hidden_below is not None and one.depth > hidden_below:
            continue
        hidden_below = one.depth if one.key in folded else None
        shown.append(one)
    return shown


def lines(tree: Sequence[Node], width: int, folded: Collection[str] = ()) -> list[Row]:
    """Write the tree into lines of a width: name, bar on the shared axis, time, tokens."""
    if not tree:
        return []
    columns = _Columns(width, min(one.span.start for one in tree), max(one.span.end for one in tree))
    shown = unfolded(tree, folded)
    made = [columns.heading(), row(("▪ ", DIM), "Whole trace", key=WHOLE)]
    made += [columns.line(one, one.key in folded) for one in shown[:MOST]]
    if len(shown) > MOST:
        made.append(row((f"  and {len(shown) - MOST:,} steps more", DIM)))
    return made


class _Columns:
    """What stands where in a line."""

    def __init__(self, width: int, start: datetime, end: datetime) -> None:
        self.start, self.span_s = start, max(1e-6, (end - start).total_seconds())
        self.tokens = 12 if width >= TOKENS_FROM else 0
        self.bar = max(6, min(24, (width - 30) // 2 - self.tokens // 2))
        self.name = max(8, width - self.bar - 8 - self.tokens - 2)

    def heading(self) -> Row:
        """Name the ends of the axis."""
        whole = duration(self.span_s * 1000)
        axis = "0" + whole.rjust(self.bar - 1) if len(whole) + 1 < self.bar else " " * self.bar
        tokens = " tokens".rjust(self.tokens) if self.tokens else ""
        return row((fit("step", self.name) + " " + axis + "    took" + tokens, DIM))

    def line(self, node: Node, folded: bool) -> Row:
        """Write one step."""
        one = node.span
        failed = bool(one.error)
        told = self._tokens(one) if self.tokens else ""
        parts: list[Part] = [
            self._named(node, folded), " ", (self._bar(one), BAD if failed else "$primary"),
            (duration(_ms(one)).rjust(8), BAD if failed else ""), (told.rjust(self.tokens), DIM),
        ]  # fmt: skip
        return row(*parts, key=node.key)

    def _named(self, node: Node, folded: bool) -> Content:
        one, indent = node.span, "  " * min(node.depth, DEEPEST, (self.name - 4) // 4)
        glyph, style = ("✖", BAD) if one.error else GLYPHS[one.kind]
        model = one.model if one.model and one.model not in one.name else ""
        hidden = f" +{node.children}" if folded else ""
        room = max(2, self.name - len(indent) - 2)
        words = fit(f"{one.name or one.kind.value}{hidden}{'  ' + model if model else ''}", room)
        return line(indent, (glyph, style), " ", (words, BAD if one.error else ""))

    def _bar(self, one: Span) -> str:
        first = (one.start - self.start).total_seconds() / self.span_s * self.bar
        begin = min(self.bar - 1, max(0, int(first)))
        cells = max(1, min(self.bar - begin, round(_ms(one) / 1000 / self.span_s * self.bar)))
        return " " * begin + "━" * cells + " " * (self.bar - begin - cells)

    @staticmethod
    def _tokens(one: Span) -> str:
        if one.tokens_in is None and one.tokens_out is None:
            return ""
        return f"{count(one.tokens_in)}→{count(one.tokens_out)}"


def count(number: int | None) -> str:
    """Write a number of tokens in at most five cells."""
    if number is None:
        return "?"
    return str(number) if number < 100_000 else f"{number / 1000:.0f}k" if number < 10_000_000 else "10M+"


def duration(ms: float) -> str:
    """Write a span of time in at most seven cells."""
    if ms < 1000:
        return f"{ms:.0f} ms"
    return f"{ms / 1000:.2f} s" if ms < 100_000 else f"{ms / 60_000:.1f} min" if ms < 6e6 else f"{ms / 3.6e6:.1f} h"


def _ms(one: Span) -> float:
    return max(0.0, (one.end - one.start).total_seconds() * 1000)
