"""A list of lines with a cursor that stays on its line, however the lines around it change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from cockpit.tui.text import Part, line

BURST_S = 0.015
"""Keys closer together than this were not pressed by a person: a terminal's reply, or a paste."""
MARK = "▸"
MIN_WRAP = 8


@dataclass(frozen=True, slots=True)
class Row:
    """One line; an empty `key` can't be selected."""

    content: Content
    key: str = ""

    def same(self, other: Row) -> bool:
        """Tell whether both look the same (Content compares by its text alone)."""
        mine, theirs = self.content, other.content
        return self.key == other.key and mine.plain == theirs.plain and mine.spans == theirs.spans


def row(*parts: Part, key: str = "") -> Row:
    """Make a row of pieces; what is no Content passes the door."""
    return Row(line(*parts), key)


def digit_of(event: events.Key) -> int:
    """Return the number of a digit key, -1 of any other; keyboards have `²` too, which is none."""
    return int(event.character) if event.character and event.character in "0123456789" else -1


def paragraph(content: Content, width: int, indent: int = 0, hang: int | None = None, key: str = "") -> list[Row]:
    """Wrap a text over rows; `hang` indents the rows after the first, and only the first carries the key."""
    hang = indent if hang is None else hang
    first = content.wrap(max(MIN_WRAP, width - indent))[0]
    rows = [Row(first.pad_left(indent), key)]
    rest = content[_end_of(content.plain, first.plain) :]
    if rest.plain:
        rows += [Row(one.pad_left(hang)) for one in rest.wrap(max(MIN_WRAP, width - hang))]
    return rows


def _end_of(text: str, first: str) -> int:
    """Return where the text goes on after its first wrapped line and the blank that was broken at."""
    end = text.find(first) + len(first)
    while end < len(text) and text[end] in " \n":
        end += 1
    return end


class Rows(ScrollView, can_focus=True):
    """Draws rows, and selects by key: news never move the cursor to something else."""

    DEFAULT_CSS = """
    Rows { height: 1fr; scrollbar-size-vertical: 1; scrollbar-gutter: stable; overflow-x: hidden; }
    Rows > .rows--cursor { background: $block-cursor-blurred-background; text-style: bold; }
    Rows:focus > .rows--cursor {
        background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold;
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"rows--cursor"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", "Up", show=False),
        Binding("down", "step(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home", "edge(0)", "First", show=False),
        Binding("end", "edge(-1)", "Last", show=False),
        Binding("enter", "choose", "Choose", show=False),
    ]

    @dataclass
    class Chosen(Message):
        """Enter was pressed on a row."""

        rows: Rows
        key: str

    @dataclass
    class Moved(Message):
        """The cursor went to another row."""

        rows: Rows
        key: str

    def __init__(self, *, id: str | None = None, spare: int | None = None) -> None:  # noqa: A002
        """With `spare`, it is as high as its rows, and leaves that many lines of the screen to others."""
        super().__init__(id=id)
        self.spare = spare
        self.drawn: tuple[Row, ...] = ()
        self.cursor = ""
        self._last_key_at = 0.0

    @property
    def line_width(self) -> int:
        """Cells a row may take; one column belongs to the cursor's mark."""
        return max(0, self.scrollable_content_region.width - 1)

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows; nothing is drawn again when they look the same."""
        rows = tuple(rows)
        if len(rows) == len(self.drawn) and all(new.same(old) for new, old in zip(rows, self.drawn, strict=True)):
            return
        self.drawn = rows
        keys = self.selectable()
        if keys and self.cursor not in keys:
            self.cursor = self.first_cursor(keys)
        self.virtual_size = Size(self.scrollable_content_region.width, len(rows))
        self.settle()
        self.refresh()

    def settle(self) -> None:
        """Be as high as the rows, as far as the screen allows."""
        if self.spare is not None:
            self.styles.height = max(1, min(len(self.drawn), self.screen.size.height - self.spare))

    def first_cursor(self, keys: Sequence[str]) -> str:
        """Choose where the cursor goes when its row has gone."""
        return keys[0]

    def selectable(self) -> list[str]:
        """Return the keys that can be selected, from the top."""
        return [one.key for one in self.drawn if one.key]

    def select(self, key: str) -> None:
        """Put the cursor on a row and bring it into view."""
        if key not in self.selectable():
            return
        moved, self.cursor = key != self.cursor, key
        self.reveal(key)
        self.refresh()
        if moved:
            self.post_message(self.Moved(self, key))

    def reveal(self, key: str) -> None:
        """Scroll until a row can be seen."""
        top, height = int(self.scroll_offset.y), max(1, self.scrollable_content_region.height)
        place = next((number for number, one in enumerate(self.drawn) if one.key == key), top)
        if place < top or key == (self.selectable() or [""])[0]:
            self.scroll_to(y=place if key != self.selectable()[0] else 0, animate=False, force=True)
        elif place >= top + height:
            self.scroll_to(y=place - height + 1, animate=False, force=True)

    # -- keys and mouse

    def on_key(self, event: events.Key) -> None:
        """Drop an enter that no person can have pressed so soon after the key before it."""
        gap, self._last_key_at = event.time - self._last_key_at, event.time
        if event.key == "enter" and gap < BURST_S:
            event.stop()
            event.prevent_default()

    def on_click(self, event: events.Click) -> None:
        """A click selects; it never chooses."""
        number = event.get_content_offset_capture(self).y + int(self.scroll_offset.y)
        if 0 <= number < len(self.drawn) and self.drawn[number].key:
            self.select(self.drawn[number].key)

    def action_step(self, delta: int) -> None:
        """Move the cursor, or scroll where there is nothing to select further on."""
        keys = self.selectable()
        place = keys.index(self.cursor) + delta if self.cursor in keys else 0
        if keys and 0 <= place < len(keys):
            self.select(keys[place])
        else:
            self.scroll_relative(y=delta, animate=False, force=True)

    def action_page(self, pages: int) -> None:
        """Scroll by pages, and take the cursor along to a row that can be seen."""
        height = max(1, self.scrollable_content_region.height)
        top = int(self.scroll_offset.y) + pages * height
        top = max(0, min(top, max(0, len(self.drawn) - height)))
        self.scroll_to(y=top, animate=False, force=True)
        seen = [one.key for one in self.drawn[top : top + height] if one.key]
        if seen and self.cursor not in seen:
            self.select(seen[0] if pages > 0 else seen[-1])

    def action_edge(self, place: int) -> None:
        """Go to the first or the last row."""
        keys = self.selectable()
        if keys:
            self.select(keys[place])
        self.scroll_to(y=0 if place == 0 else len(self.drawn), animate=False, force=True)

    def action_choose(self) -> None:
        """Choose the row under the cursor."""
        if self.cursor in self.selectable():
            self.post_message(self.Chosen(self, self.cursor))

    # -- drawing

    def render_line(self, y: int) -> Strip:
        number = y + int(self.scroll_offset.y)
        width = self.scrollable_content_region.width
        if not 0 <= number < len(self.drawn):
            return Strip.blank(width, self.visual_style.rich_style)
        one = self.drawn[number]
        here = bool(one.key) and one.key == self.cursor
        style = self.visual_style
        content = one.content
        if here:
            style = self.get_visual_style("rows--cursor")
            content = Content(content.plain) if self.has_focus else content
        content = (Content(MARK if here else " ") + content).truncate(width, ellipsis=True)
        strips = Visual.to_strips(self, content, width, 1, style, apply_selection=False, pad=True)
        return strips[0] if strips else Strip.blank(width, style.rich_style)
