"""The names of the six panes, shown when some of them have no room; the bright ones are on the screen."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message

from cockpit.tui.arrange import PANES
from cockpit.tui.board import TITLES
from cockpit.tui.panes.words import DIM
from cockpit.tui.text import Plain, line

SHORT = {1: "Sev", 2: "Tree", 3: "Sig", 4: "Traces", 5: "Lev", 6: "Log"}


class PaneTabs(Plain):
    """One line of pane names with their numbers."""

    DEFAULT_CSS = """
    PaneTabs { height: 1; padding: 0 1; color: $foreground; text-wrap: nowrap; display: none; }
    PaneTabs.-needed { display: block; }
    """

    @dataclass
    class Picked(Message):
        """Somebody clicked a pane's name."""

        number: int

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__("", id=id)
        self._spans: list[tuple[int, int, int]] = []

    def tell(self, shown: tuple[int, ...], current: int, width: int) -> None:
        """Say which panes are on the screen, and which has the cursor."""
        self.set_class(len(shown) < len(PANES), "-needed")
        names = TITLES if sum(len(name) + 5 for name in TITLES.values()) <= width else SHORT
        parts, self._spans, at = [], [], 0
        for number in PANES:
            part = _tab(f"{number} {names[number]}", number == current, number in shown)
            self._spans.append((at, at + part.cell_length, number))
            parts.append(part)
            at += part.cell_length + 1
        self.update(Content(" ").join(parts), layout=False)

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self)
        for start, end, number in self._spans if at else ():
            if at and start <= at.x < end:
                self.post_message(self.Picked(number))


def _tab(words: str, current: bool, shown: bool) -> Content:
    if current:
        return line((f"▸{words} ", "bold $text-accent"))
    return line((f" {words} ", "bold")) if shown else line((f" {words} ", DIM))
