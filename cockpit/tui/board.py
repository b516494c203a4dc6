"""The board of panes: six frames, placed by `arrange`; those without room wait behind their number key."""

from __future__ import annotations

from collections.abc import Iterator

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import NULL_OFFSET, NULL_SPACING, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.message import Message
from textual.widget import Widget

from cockpit.tui.arrange import PANES, arrange
from cockpit.tui.text import Plain

TITLES = {1: "Severity", 2: "Decision tree", 3: "Signals", 4: "Traces", 5: "Levers", 6: "Comms log"}


class Slot(Container, can_focus=True):
    """The place of one pane; until the pane is there it says what everybody waits for."""

    DEFAULT_CSS = """
    Slot { layout: vertical; }
    Slot.-opening { border: round $frame; border-title-color: $text; padding: 0 1; color: $foreground-muted; }
    Slot.-opening:focus { border: round $accent; }
    Slot > .pane { height: 1fr; width: 1fr; }
    """

    def __init__(self, number: int) -> None:
        super().__init__(id=f"slot-{number}", classes="-opening")
        self.number = number
        self.border_title = f"{number} {TITLES[number]}"

    def compose(self) -> ComposeResult:
        yield Plain("opening the incident …")

    async def fill(self, pane: Widget) -> None:
        """Put the pane in its place."""
        held = self.has_focus
        self.can_focus = False
        self.remove_class("-opening")
        self.border_title = None
        await self.remove_children()
        pane.add_class("pane")
        await self.mount(pane)
        if held:
            self.take_focus()

    @property
    def pane(self) -> Widget | None:
        """The pane inside, once it is there."""
        return next((child for child in self.children if child.has_class("pane")), None)

    def take_focus(self) -> None:
        """Give the keyboard to the pane, or to what in it takes keys."""
        target = next(_focusable(self), None)
        if target:
            target.focus(scroll_visible=False)


def _focusable(widget: Widget) -> Iterator[Widget]:
    if not widget.display:
        return
    if widget.focusable:
        yield widget
    for child in widget.children:
        yield from _focusable(child)


class BoardLayout(Layout):
    """Places the slots that have room, and leaves the others out."""

    name = "board"

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        """Return the places of the slots that are shown."""
        assert isinstance(parent, Board)
        regions = arrange(size.width, size.height, parent.recent)
        return [
            WidgetPlacement(regions[child.number], NULL_OFFSET, NULL_SPACING, child)
            for child in children
            if isinstance(child, Slot) and child.number in regions
        ]


class Board(Container):
    """Six slots; the one with the cursor is always among those that are shown."""

    DEFAULT_CSS = "Board { height: 1fr; overflow: hidden; }"

    class Rearranged(Message):
        """Other panes are shown, or another one has the cursor."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.recent: list[int] = []
        self.current = 1
        self._board_layout = BoardLayout()

    @property
    def layout(self) -> Layout:
        """Place the slots by `arrange`."""
        return self._board_layout

    def compose(self) -> ComposeResult:
        yield from (Slot(number) for number in PANES)

    def slot(self, number: int) -> Slot:
        """Return a slot by its pane's number."""
        return self.query_one(f"#slot-{number}", Slot)

    @property
    def shown(self) -> tuple[int, ...]:
        """The panes that have room now."""
        return tuple(arrange(self.size.width, self.size.height, self.recent))

    def go(self, number: int) -> None:
        """Bring a pane to the front and give it the keyboard."""
        self._raise(number)
        self.slot(number).take_focus()

    def step(self, by: int) -> None:
        """Go to the next or the previous pane."""
        self.go((self.current - 1 + by) % len(PANES) + 1)

    def _raise(self, number: int) -> None:
        before = self.shown
        self.current = number
        self.recent = [number, *(pane for pane in self.recent if pane != number)]
        if self.shown != before:
            # A widget arranges its children anew only when one of them asks for it.
            self.slot(number).refresh(layout=True)
        self.post_message(self.Rearranged())

    def on_resize(self) -> None:
        self.post_message(self.Rearranged())

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        slot = next((one for one in event.widget.ancestors_with_self if isinstance(one, Slot)), None)
        if slot and (slot.number != self.current or slot.number not in self.recent):
            self._raise(slot.number)
