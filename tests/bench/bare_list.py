"""The yardstick of keys: a bare Textual app with twenty lines and a mark that moves."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.strip import Strip
from textual.widget import Widget


class Lines(Widget, can_focus=True):
    """Twenty lines and a mark."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("down", "move(1)"), Binding("up", "move(-1)")]
    place = 0

    def action_move(self, delta: int) -> None:
        """Move the mark."""
        self.place += delta
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        text = f"{'▸' if y == self.place else ' '} line {y}"
        return Strip([Segment(text.ljust(self.size.width), self.rich_style)])


class BareList(App[None]):
    """Textual with next to nothing in it."""

    def compose(self) -> ComposeResult:
        """Lay out the lines."""
        yield Lines()

    def on_mount(self) -> None:
        self.query_one(Lines).focus()


if __name__ == "__main__":
    BareList().run()
