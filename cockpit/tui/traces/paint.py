"""Drawing the lines of the trace list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.strip import Strip

from cockpit.tui.traces.columns import cells, titles
from cockpit.tui.traces.verdicts import tone
from cockpit.world.port import TraceRow

if TYPE_CHECKING:
    from cockpit.tui.traces.list import TraceList

PARTS = ("head", "row", "loud", "bad", "warn", "ok", "dim", "cursor", "bar", "thumb")
"""Component classes the list is drawn in, each `traces--NAME`."""
GUTTER = 2


class RowPaint:
    """Draws lines of a trace list and remembers those that did not change."""

    def __init__(self, widget: TraceList) -> None:
        self._widget = widget
        self._strips: LRUCache[tuple[object, ...], Strip] = LRUCache(1024)
        self._shown: list[tuple[object, ...]] = []

    def forget(self) -> None:
        """Draw everything anew: the theme or the width changed."""
        self._strips.clear()

    def stale(self) -> list[int]:
        """Name the lines that look different from the last time this was asked."""
        keys = [self._key(y) for y in range(self._widget.size.height)]
        before, self._shown = self._shown, keys
        if len(before) != len(keys):
            return list(range(len(keys)))
        return [y for y, key in enumerate(keys) if key != before[y]]

    def line(self, y: int) -> Strip:
        """Draw one line: the heading, a row, or nothing."""
        widget = self._widget
        width = widget.size.width - GUTTER - 1
        if width < 1:
            return Strip.blank(widget.size.width, self._base)
        if y == 0:
            head = Strip([Segment(" " * GUTTER + titles(width) + " ", self._base + self._part("head"))])
            return head.adjust_cell_length(widget.size.width)
        row = self._at(y)
        if row is None:
            return self._empty(y)
        key = self._key(y)
        strip = self._strips.get(key)
        if strip is None:
            held, marked, focus, bar = key[-4:]
            strip = self._strips[key] = self._row(row, width, bool(held), bool(marked), bool(focus), str(bar))
        return strip

    def _at(self, y: int) -> TraceRow | None:
        view = self._widget.view
        index = view.top + y - 1
        return view.rows[index] if y > 0 and index < len(view.rows) else None

    def _key(self, y: int) -> tuple[object, ...]:
        """Everything a line's looks depend on."""
        widget = self._widget
        row = self._at(y)
        if row is None:
            return (y, bool(widget.view.rows), bool(widget.view.query), widget.size.width)
        state = (row.id == widget.view.cursor, row.id in widget.marks, widget.has_focus, self._bar(y))
        return (row.id, row.verdict, widget.size.width, *state)

    def _row(self, row: TraceRow, width: int, held: bool, marked: bool, focus: bool, bar: str) -> Strip:
        base = self._base + self._part("row")
        if held:
            base += self._part("cursor")
        segments = [Segment(f"{'▸' if held else ' '}{'●' if marked else ' '}", base)]
        for name, text in cells(row, width):
            segments += (
                Segment(text, base if held and focus else base + self._tone(row, name)),
                Segment(" ", base),
            )
        segments[-1] = Segment(bar, self._base + self._part("thumb" if bar == "█" else "bar"))
        return Strip(segments).adjust_cell_length(self._widget.size.width)

    def _empty(self, y: int) -> Strip:
        widget = self._widget
        if y != 1 or widget.view.rows:
            return Strip.blank(widget.size.width, self._base)
        words = "  nothing matches this filter" if widget.view.query else "  no traces yet"
        strip = Strip([Segment(words, self._base + self._part("dim"))])
        return strip.adjust_cell_length(widget.size.width, self._base)

    def _tone(self, row: TraceRow, column: str) -> Style:
        if column == "verdict":
            return self._part(tone(row.verdict))
        return self._part("dim") if column == "time" else Style.null()

    @property
    def _base(self) -> Style:
        return self._widget.rich_style

    def _part(self, name: str) -> Style:
        return self._widget.get_component_rich_style(f"traces--{name}", partial=True)

    def _bar(self, y: int) -> str:
        view = self._widget.view
        if view.count <= view.height:
            return " "
        size = max(1, round(view.height * view.height / view.count))
        start = round((view.height - size) * view.position / max(1, view.count - view.height))
        return "█" if start <= y - 1 < start + size else "│"
