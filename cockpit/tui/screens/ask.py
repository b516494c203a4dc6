"""A question with two ways out: a deliberate key says yes, escape says no."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from cockpit.tui.leaving import Modal
from cockpit.tui.panes.words import KEY
from cockpit.tui.text import Plain, line


class AskScreen(Modal[bool]):
    """Asks once; dismissed with True only by one of `keys`."""

    DEFAULT_CSS = """
    AskScreen { align: center middle; background: $background 60%; }
    AskScreen > .dialog { width: 64; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "no", "No", show=False)]

    def __init__(self, title: str, text: str, *, yes: str, keys: tuple[str, ...]) -> None:
        super().__init__()
        self._heading, self._text, self._yes, self._keys = title, text, yes, keys

    def compose(self) -> ComposeResult:
        choices = " or ".join(self._keys)
        with Vertical(classes="dialog"):
            yield Plain(self._heading, classes="dialog--title")
            yield Plain(self._text, classes="dialog--text")
            yield Plain(line((choices, KEY), f" {self._yes}   ", ("escape", KEY), " stay"), classes="dialog--keys")

    def on_key(self, event: events.Key) -> None:
        """Take one of the keys that say yes."""
        if event.key in self._keys:
            event.stop()
            self.dismiss(True)

    def action_no(self) -> None:
        """Stay."""
        self.dismiss(False)
