"""The action items: who does what until when; add one, change one, say that it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from cockpit.postmortem.todo import Item, day, overdue
from cockpit.postmortem.writer import Page
from cockpit.tui.leaving import Modal
from cockpit.tui.panes.rows import Row, Rows, paragraph, row
from cockpit.tui.panes.words import BAD, DIM, GOOD, WARN
from cockpit.tui.runner import Notice
from cockpit.tui.screens.fields import text_field
from cockpit.tui.text import Part, Plain, line

USUAL_DAYS = 7
LIST, FORM = "↑↓ choose · d done · t ticket · enter change · a add · esc", "tab next field · enter keep it · esc back"
FIELDS = ("text", "owner", "due")

Finish = Callable[[str], None]
Put = Callable[[Item], None]


class ItemsScreen(Modal[None]):
    """The items of one postmortem; what is asked for is done by the screen below."""

    DEFAULT_CSS = """
    ItemsScreen { align: center middle; background: $background 60%; }
    ItemsScreen > Vertical {
        width: 110; max-width: 100%; height: auto; max-height: 100%; padding: 0 1; border: round $accent;
        background: $surface; border-title-style: bold; border-subtitle-color: $foreground-muted;
    }
    ItemsScreen Rows { background: $surface; }
    ItemsScreen Plain { height: auto; background: $surface; }
    ItemsScreen #form { height: auto; display: none; margin: 1 0 0 0; background: $surface; }
    ItemsScreen.-form #form { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", show=False),
        Binding("a", "add", "Add", show=False),
        Binding("d", "done", "Done", show=False),
        Binding("t", "track", "Ticket", show=False),
    ]
    AUTO_FOCUS = "Rows"

    def __init__(self, page: Page, finish: Finish, put: Put, track: Finish) -> None:
        super().__init__()
        self._page, self._finish, self._put, self._track = page, finish, put, track
        self._changed = ""

    def compose(self) -> ComposeResult:
        with Vertical(id="items-box") as box:
            box.border_title = Content("Action items")
            box.border_subtitle = Content(LIST)
            yield Rows(id="items", spare=9)
            with Vertical(id="form"):
                yield text_field("what", "", "what is to be done, in one line", id="item-text")
                yield text_field("owner", "", "one person or team", id="item-owner")
                yield text_field("due", "", "a date, such as 2026-12-01; then enter", id="item-due")
            yield Plain("", id="items-said")

    def on_mount(self) -> None:
        self.call_after_refresh(self._draw)

    def on_resize(self) -> None:
        self.query_one(Rows).settle()
        self.call_after_refresh(self._draw)

    def show(self, page: Page) -> None:
        """Show the items as they are now."""
        self._page = page
        self._draw()

    def say(self, notice: Notice) -> None:
        """Show what became of it."""
        style = GOOD if notice.tone == "good" else DIM if notice.tone == "waiting" else BAD
        self.query_one("#items-said", Plain).update(line((notice.text, style)))

    def _draw(self) -> None:
        rows = self.query_one(Rows)
        if rows.line_width:
            made = [one for item in self._page.items for one in self._rows(item, rows.line_width)]
            rows.set_rows(made or [row(("Nothing is left to do: a adds something.", DIM))])

    def _rows(self, item: Item, width: int) -> Iterator[Row]:
        sign: Part = ("✔ ", GOOD) if item.done else ("○ ", WARN)
        owner: Part = (item.owner, "bold") if item.owner else ("nobody yet", WARN)
        due: Part = (item.due, DIM) if item.due else ("no date", WARN)
        late: Part = ("  OVERDUE", f"bold {BAD}") if overdue(item, self._page.now) else ""
        made: Part = ("".join(f"  {name} in {tracker}" for name, tracker, _ in item.tickets), DIM)
        words = line(sign, (item.id, "bold"), "  ", item.text, "  ", owner, ", ", due, late, made)
        yield from paragraph(words, width, hang=2, key=f"item:{item.id}")

    @property
    def _chosen(self) -> Item | None:
        key = self.query_one(Rows).cursor.removeprefix("item:")
        return next((one for one in self._page.items if one.id == key), None)

    def action_done(self) -> None:
        """Say that the chosen one is done."""
        if self._chosen and not self._chosen.done:
            self._finish(self._chosen.id)

    def action_track(self) -> None:
        """Make a ticket of the chosen one."""
        if self._chosen and not self._chosen.done:
            self._track(self._chosen.id)

    def action_add(self) -> None:
        """Ask for a new one."""
        due = (self._page.now + timedelta(days=USUAL_DAYS)).date().isoformat()
        self._ask_for(Item("", "", "", due), "#item-text")

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Change the chosen one."""
        event.stop()
        if self._chosen:
            self._ask_for(self._chosen, "#item-owner")

    def _ask_for(self, item: Item, focus: str) -> None:
        self._changed = item.id
        for name in FIELDS:
            self.query_one(f"#item-{name}", Input).value = str(getattr(item, name))
        self._form(True)
        self.query_one(focus, Input).focus()

    def _form(self, shown: bool) -> None:
        self.set_class(shown, "-form")
        self.query_one("#items-box").border_subtitle = Content(FORM if shown else LIST)
        self.query_one("#items-said", Plain).update("")
        if not shown:
            self.query_one(Rows).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep what was filled in, or go on to what is missing."""
        event.stop()
        text, owner, due = (self.query_one(f"#item-{name}", Input).value.strip() for name in FIELDS)
        if not text:
            self._trouble("an action item says what is to be done", "#item-text")
        elif not owner:
            self._trouble("somebody has to own it", "#item-owner")
        elif day(due) is None:
            self._trouble("a date such as 2026-12-01", "#item-due")
        else:
            self._form(False)
            self._put(Item(self._changed, text, owner, due))

    def _trouble(self, words: str, field: str) -> None:
        self.say(Notice(f"▲ {words}", "bad"))
        self.query_one(field, Input).focus()

    def action_leave(self) -> None:
        """Back from the form to the list, or leave."""
        if self.has_class("-form"):
            self._form(False)
        else:
            self.dismiss(None)
