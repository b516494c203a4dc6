"""The yardstick of bench_startup: the least that a Textual app with a text and a footer is."""

from __future__ import annotations

from typing import ClassVar

from textual.app import App, ComposeResult, RenderResult
from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Footer


class Words(Widget):
    """One line of text."""

    def render(self) -> RenderResult:
        return "bare app is drawn"


class BareApp(App[None]):
    """A text and a footer."""

    BINDINGS: ClassVar[list[BindingType]] = [("q", "quit", "Quit")]

    def compose(self) -> ComposeResult:
        """Lay out the two."""
        yield Words()
        yield Footer()


if __name__ == "__main__":
    BareApp().run()
