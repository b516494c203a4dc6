"""Fields of the forms: a choice that is turned with arrow keys, and a labelled line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input

from cockpit.domain.text import clean
from cockpit.tui.panes.words import DIM, KEY
from cockpit.tui.text import Part, Plain, line

FIELD_CHARS = 300


class Cycle(Widget, can_focus=True):
    """One of a few values; ◂ ▸ or space turn it."""

    DEFAULT_CSS = """
    Cycle { height: 1; width: 1fr; background: $boost; }
    Cycle:focus { background: $block-cursor-background; color: $block-cursor-foreground; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "turn(-1)", "Before", show=False),
        Binding("right,space", "turn(1)", "Next", show=False),
    ]
    place: reactive[int] = reactive(0)

    @dataclass
    class Turned(Message):
        """Another value was chosen."""

        cycle: Cycle
        value: str

    def __init__(self, values: Sequence[tuple[str, str]], value: str = "", *, id: str | None = None) -> None:  # noqa: A002
        """`values` are (value, words)."""
        super().__init__(id=id)
        self.values = list(values)
        found = next((number for number, (one, _) in enumerate(self.values) if one == value), 0)
        self.set_reactive(Cycle.place, found)

    @property
    def value(self) -> str:
        """The value chosen."""
        return self.values[self.place][0] if self.values else ""

    def choose(self, value: str) -> None:
        """Choose a value, if it is one of them; nobody is told."""
        self.place = next((number for number, (one, _) in enumerate(self.values) if one == value), self.place)

    def render(self) -> Content:
        """Show the chosen value between arrows."""
        words = self.values[self.place][1] if self.values else ""
        count = f"{self.place + 1}/{len(self.values)}"
        if self.has_focus:
            return line(" ◂ ", words, f" ▸  {count}")
        return line((" ◂ ", KEY), words, (" ▸  ", KEY), (count, DIM))

    def action_turn(self, delta: int) -> None:
        """Choose the next or the value before."""
        if self.values:
            self.place = (self.place + delta) % len(self.values)
            self.post_message(self.Turned(self, self.value))


class Picks(Widget, can_focus=True):
    """Any of a few values; ◂ ▸ go to one, space takes it or leaves it out."""

    DEFAULT_CSS = """
    Picks { height: 1; width: 1fr; background: $boost; }
    Picks:focus { background: $block-cursor-background; color: $block-cursor-foreground; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "go(-1)", "Before", show=False),
        Binding("right", "go(1)", "Next", show=False),
        Binding("space", "turn", "Take, leave out", show=False),
    ]
    place: reactive[int] = reactive(0)
    left_out: reactive[frozenset[str]] = reactive(frozenset())

    @dataclass
    class Turned(Message):
        """A value was taken or left out."""

        picks: Picks

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.values: tuple[str, ...] = ()

    def offer(self, values: Sequence[str]) -> None:
        """Offer other values, all of them taken."""
        if tuple(values) != self.values:
            self.values, self.place, self.left_out = tuple(values), 0, frozenset()
            self.refresh()

    @property
    def taken(self) -> list[str]:
        """The values that are taken."""
        return [one for one in self.values if one not in self.left_out]

    def render(self) -> Content:
        """Show every value with its mark, and a pointer at the one that space turns."""
        parts: list[Part] = []
        for number, one in enumerate(self.values):
            here = "▸" if self.has_focus and number == self.place else " "
            parts += [f"{here}{'☐' if one in self.left_out else '☑'} ", clean(one, multiline=False), " "]
        return line(*parts)

    def action_go(self, delta: int) -> None:
        """Go to the next value or the one before."""
        if self.values:
            self.place = (self.place + delta) % len(self.values)

    def action_turn(self) -> None:
        """Take the value, or leave it out."""
        if self.values:
            self.left_out = self.left_out ^ {self.values[self.place]}
            self.post_message(self.Turned(self))


class Line(Input):
    """One line to type into; what stands in it at first and what is pasted pass the door."""

    def __init__(self, value: str, hint: str, *, id: str, chars: int = FIELD_CHARS) -> None:  # noqa: A002
        super().__init__(
            value=clean(value, multiline=False, limit=chars),
            placeholder=clean(hint, multiline=False),
            compact=True,
            max_length=chars,
            id=id,
        )
        self._chars = chars

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.insert_text_at_cursor(clean(event.text.strip(), multiline=False, limit=self._chars))


class Field(Horizontal):
    """A label, and what is filled in beside it."""

    DEFAULT_CSS = """
    Field { height: 1; }
    Field > Plain { width: 14; color: $foreground-muted; }
    Field > Input { width: 1fr; }
    """

    def __init__(self, label: str, editor: Widget) -> None:
        super().__init__()
        self._label, self._editor = label, editor

    def compose(self) -> ComposeResult:
        yield Plain(self._label)
        yield self._editor


def text_field(label: str, value: str, hint: str, *, id: str, chars: int = FIELD_CHARS) -> Field:  # noqa: A002
    """Make a line to type into."""
    return Field(label, Line(value, hint, id=id, chars=chars))
