"""Calling somebody: who can be called, the pages there are and who is on them, and why one is needed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import Input

from cockpit.domain.clock import mmss
from cockpit.domain.deliveries import Delivery, Stage
from cockpit.domain.pages import PageSeen, parts_of, unanswered
from cockpit.tui.messages import Wish
from cockpit.tui.panes.rows import Row, Rows, paragraph, row
from cockpit.tui.panes.words import BAD, DIM, GOOD, WARN, person
from cockpit.tui.screens.confirm import AskModal
from cockpit.tui.screens.fields import text_field
from cockpit.tui.text import Part, Plain, line

CALL, TAKE = "call", "take"
TROUBLE = {Stage.WAITING: "could not yet", Stage.REFUSED: "could NOT", Stage.UNKNOWN: "may or may not have done:"}
"""How an errand is told that a pager has not done."""


class PageModal(AskModal):
    """Pagers and pages; nobody is woken without a reason that was typed."""

    HEADING = "Page somebody"
    HINT: ClassVar[str] = "↑↓ choose · enter then say why · enter page · esc leave"
    AUTO_FOCUS = "Rows"

    def body(self) -> ComposeResult:
        """Who can be called, the pages, and the reason."""
        yield Rows(id="pagers", spare=7)
        yield text_field("why", "", "what they read when they wake; then enter", id="page-text")
        yield Plain("", id="page-trouble")

    def redraw(self) -> None:
        """Draw pagers and pages."""
        self.query_one(Rows).set_rows([*self._pagers(), *self._pages()])

    def _pagers(self) -> Iterator[Row]:
        for name in self.snapshot.pagers:
            yield row(("call ", DIM), (name, "bold"), key=f"{CALL}\x1f{name}")
        if not self.snapshot.pagers:
            yield from paragraph(line((self.snapshot.refusals.get("page", ""), DIM)), self.room)

    def _pages(self) -> Iterator[Row]:
        state, me = self.snapshot.state, self.snapshot.actor
        if unanswered(state, me):
            yield row("take all open pages: you are on them", key=f"{TAKE}\x1f")
        for page in state.pages.values():
            yield from paragraph(line(*self._page(page, me)), self.room, hang=2)
            for one in state.errands.values():
                if one.stage in TROUBLE and parts_of(one.channel)[2] == page.name:
                    yield from paragraph(line((_trouble(one), BAD)), self.room, indent=2, hang=4)

    def _page(self, page: PageSeen, me: str) -> Iterator[Part]:
        ago = mmss(self.snapshot.now - page.at)
        yield (f"☎ {page.origin.removeprefix('>')}", "bold")
        yield f" {ago} ago, by {person(page.by, me)}: {page.text}  " if page.sent else f" {page.key}, {ago} ago  "
        if page.answered:
            yield (f"{person(page.answered, me)} is on it", GOOD)
        else:
            yield ("nobody is on it", WARN) if page.open else ("over", DIM)

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Take the open pages, or go on to the reason."""
        event.stop()
        if event.key.startswith(TAKE):
            self.dismiss((Wish("answer_pages", {}),))
        else:
            self.query_one("#page-text", Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Call whoever is chosen."""
        event.stop()
        what, _, name = self.query_one(Rows).cursor.partition("\x1f")
        text = event.value.strip()
        if what == CALL and text:
            self.dismiss((Wish("page", {"to": name, "text": text}),))
        else:
            trouble = "choose whom to call" if text else "say why they are needed"
            self.query_one("#page-trouble", Plain).update(line((trouble, BAD)))


def _trouble(one: Delivery) -> str:
    pager, what, _ = parts_of(one.channel)
    return f"✖ {pager} {TROUBLE[one.stage]} {what}: {one.reason}"
