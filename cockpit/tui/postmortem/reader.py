"""Reading a postmortem: its parts on the left, its text on the right, each following the other."""

from __future__ import annotations

from functools import partial

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal

from cockpit.postmortem.document import Place, places
from cockpit.postmortem.writer import Page
from cockpit.tui.panes.rows import Rows
from cockpit.tui.panes.words import BAD, DIM, GOOD, WARN
from cockpit.tui.ports import Papers
from cockpit.tui.postmortem.busy import BusyScreen
from cockpit.tui.postmortem.items import ItemsScreen
from cockpit.tui.postmortem.layout import line_of, page_rows, place_of, section_rows
from cockpit.tui.postmortem.words import head_line, keys_line, standing
from cockpit.tui.runner import Notice
from cockpit.tui.text import Plain, line

TWO_COLUMNS = 70
"""Columns from which on the list of parts stands beside the text."""


class Reader(BusyScreen):
    """Opens the draft behind the first frame, and shows it."""

    CSS_PATH = "reader.tcss"
    AUTO_FOCUS = "#pm-text"

    def __init__(self, papers: Papers, incident: str) -> None:
        super().__init__()
        self.papers, self.incident = papers, incident
        self.page: Page | None = None
        self.places: list[Place] = []

    def compose(self) -> ComposeResult:
        yield Plain(head_line(self.incident, None), id="pm-head")
        yield Plain("", id="pm-standing")
        with Horizontal():
            yield Rows(id="pm-parts")
            yield Rows(id="pm-text")
        yield Plain("", id="pm-said")
        yield Plain("", id="pm-keys")

    def on_mount(self) -> None:
        self.do("drafting it from the journal", partial(self.papers.open, self.incident), self.opened)

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width >= TWO_COLUMNS, "-two")
        self.call_after_refresh(self._draw)

    def say(self, notice: Notice) -> None:
        """Show what became of something, in the dialog that is open over it too."""
        style = {"bad": BAD, "refused": WARN, "waiting": DIM}.get(notice.tone, GOOD)
        self.query_one("#pm-said", Plain).update(line((notice.text, style)))
        if isinstance(self.app.screen, ItemsScreen):
            self.app.screen.say(notice)

    def opened(self, page: Page) -> None:
        """Show what was drafted."""
        self.show_page(page)
        if page.conflicts:
            parts = ", ".join(page.conflicts)
            self.say(Notice(f"The new draft and what was written differ in: {parts}. n goes there.", "refused"))

    def show_page(self, page: Page, said: str = "") -> None:
        """Show it as it is now, in the dialog over it too."""
        self.page, self.places = page, places(page.text)
        self._draw()
        if isinstance(self.app.screen, ItemsScreen):
            self.app.screen.show(page)
        if said:
            self.say(Notice(said))

    def _draw(self) -> None:
        if not self.is_mounted:
            return
        width = self.size.width - 2
        self.query_one("#pm-keys", Plain).update(keys_line(width))
        if self.page is None:
            return
        parts, text = self.query_one("#pm-parts", Rows), self.query_one("#pm-text", Rows)
        self.query_one("#pm-head", Plain).update(head_line(self.incident, self.page))
        self.query_one("#pm-standing", Plain).update(standing(self.page))
        text.set_rows(page_rows(self.page.text, self.places, self.page.findings, max(20, text.line_width)))
        if self.has_class("-two"):
            parts.set_rows(section_rows(self.places, self.page.findings, parts.line_width))

    def on_rows_moved(self, event: Rows.Moved) -> None:
        """Let each column follow the other."""
        event.stop()
        if event.rows.id == "pm-parts" and event.rows.has_focus:
            self.go_to(line_of(event.key))
        elif (place := self.here()) and self.query_one("#pm-text").has_focus:
            self.query_one("#pm-parts", Rows).select(str(place.first))

    def go_to(self, number: int) -> None:
        """Put the cursor on a line, or on the next one that is drawn."""
        text = self.query_one("#pm-text", Rows)
        lines = [int(key) for key in text.selectable() if key.isdecimal()]
        if found := next((one for one in lines if one >= number), lines[-1] if lines else 0):
            text.scroll_to(y=len(text.drawn), animate=False, force=True)
            text.select(str(found))

    def here(self) -> Place | None:
        """Return the part under the cursor."""
        return place_of(self.places, line_of(self.query_one("#pm-text", Rows).cursor))
