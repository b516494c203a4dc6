"""The steps of an opened trace as a list to walk through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType

from cockpit.domain.calls import Span
from cockpit.tui.panes.rows import Rows
from cockpit.tui.traces.span_tree import LEGEND, lines, nodes, unfolded

FRAME = 2
"""Lines of the border."""
NARROW_SHARE, WIDE_SHARE = 0.42, 0.6
"""How much of the screen's height it takes at most."""


class SpanTree(Rows):
    """Steps below each other, indented, with bars on one axis of time; posts Rows.Moved and Rows.Chosen."""

    DEFAULT_CSS = """
    SpanTree {
        border: round $border-blurred; border-title-color: $foreground; border-subtitle-color: $foreground-muted;
    }
    SpanTree:focus { border: round $accent; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "fold", "Fold", show=False),
        Binding("right", "choose", "Details", show=False),
    ]

    def __init__(self, spans: Sequence[Span], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._tree = nodes(spans)
        self._folded: set[str] = set()
        failed = sum(bool(one.error) for one in spans)
        self.border_title = f"Steps  {len(spans):,}" + (f"  ✖ {failed:,}" if failed else "")
        self.border_subtitle = LEGEND

    def on_mount(self) -> None:
        # Widths are known only when the first layout is done.
        self.call_after_refresh(self._draw)

    def on_resize(self, event: events.Resize) -> None:
        self.call_after_refresh(self._draw)

    def span(self, key: str) -> Span | None:
        """Return the step of a line; None for the whole trace."""
        return next((one.span for one in self._tree if one.key == key), None)

    def action_fold(self) -> None:
        """Hide or show what is below the step under the cursor."""
        if any(one.key == self.cursor and one.children for one in self._tree):
            self._folded ^= {self.cursor}
            self._draw()

    def next_error(self) -> bool:
        """Put the cursor on the next step that failed, from the top again after the last; False if none did."""
        keys = [one.key for one in self._tree]
        here = keys.index(self.cursor) + 1 if self.cursor in keys else 0
        failed = next((one.key for one in [*self._tree[here:], *self._tree[:here]] if one.span.error), None)
        if failed is None:
            return False
        if failed not in {one.key for one in unfolded(self._tree, self._folded)}:
            self._folded.clear()
            self._draw()
        self.select(failed)
        return True

    def _draw(self) -> None:
        if self.line_width > 0:
            self.set_rows(lines(self._tree, self.line_width, self._folded))
            # It takes no more room than it needs: the details stand below it.
            most = self.screen.size.height * (WIDE_SHARE if self.screen.has_class("-wide") else NARROW_SHARE)
            self.styles.height = min(len(self.drawn) + FRAME, max(5, int(most)))
