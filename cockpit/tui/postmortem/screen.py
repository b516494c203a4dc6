"""The postmortem of one incident: it is written already; read it, close its gaps, sign it, hand it out."""

from __future__ import annotations

import os
from functools import partial
from typing import ClassVar

from textual.app import SuspendNotSupported
from textual.binding import Binding, BindingType

from cockpit.errors import CockpitError
from cockpit.postmortem.document import Place, body_of, with_body
from cockpit.postmortem.elsewhere import edit, editor_of
from cockpit.postmortem.todo import Item
from cockpit.postmortem.writer import Page
from cockpit.tui.panes.rows import Rows
from cockpit.tui.ports import Papers
from cockpit.tui.postmortem.editor import PartEditor
from cockpit.tui.postmortem.items import ItemsScreen
from cockpit.tui.postmortem.layout import GO, line_of
from cockpit.tui.postmortem.markup import unescaped
from cockpit.tui.postmortem.reader import Reader
from cockpit.tui.postmortem.words import HELP
from cockpit.tui.runner import Notice, in_words
from cockpit.tui.screens.ask import AskScreen

ITEMS = "items"
KEPT = "Kept, and on record: a new draft keeps it too."


class PostmortemScreen(Reader):
    """The keys of a postmortem; everything that is done to it is done in a thread."""

    HELP = HELP
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "back", "Back", show=False),
        Binding("n", "next_finding", "Next to look at", show=False),
        Binding("e", "edit", "Edit", show=False),
        Binding("E", "editor", "Own editor", show=False),
        Binding("a", "items", "Action items", show=False),
        Binding("s", "sign", "Sign", show=False),
        Binding("x", "export('md')", "Markdown", show=False),
        Binding("h", "export('html')", "HTML", show=False),
        Binding("r", "refresh", "Draft again", show=False),
        Binding("tab", "app.focus_next", "Other column", show=False),
        Binding("question_mark,f1", "help", "Help", show=False),
    ]

    def __init__(self, papers: Papers, incident: str, begin: str = "") -> None:
        """`begin` is `items` where somebody comes for the action items."""
        super().__init__(papers, incident)
        self._begin = begin

    def opened(self, page: Page) -> None:
        """Show what was drafted, and the action items where somebody comes for them."""
        super().opened(page)
        if self._begin == ITEMS:
            self._begin = ""
            self.action_items()

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Go where a finding leads, go into a part, or write in it."""
        event.stop()
        if event.rows.id == "pm-parts":
            self.query_one("#pm-text").focus()
        elif event.key.startswith(GO):
            self.go_to(line_of(event.key))
        else:
            self.action_edit()

    def action_next_finding(self) -> None:
        """Go to the next thing to look at, round and round."""
        found = [one.line for one in self.page.findings] if self.page else []
        key = self.query_one("#pm-text", Rows).cursor
        here = 0 if key.startswith(GO) else line_of(key)
        if found:
            goal = next((one for one in found if one > here), found[0])
            self.go_to(goal)
            told = next(one for one in self.page.findings if one.line == goal) if self.page else None
            self.say(Notice(f"▲ {told.kind}: {unescaped(told.words)} · e edits this part" if told else "", "refused"))

    def action_edit(self) -> None:
        """Write in the part under the cursor."""
        page, place = self.page, self.here()
        if page and place and not self.busy:
            self.app.push_screen(
                PartEditor(place.title, body_of(page.text, place)), partial(self._edited, page.text, place)
            )

    def _edited(self, given: str, place: Place, body: str | None) -> None:
        if body is not None:
            self._save(given, with_body(given, place, body))

    def _save(self, given: str, new: str) -> None:
        work = partial(self.papers.save, self.incident, given, new)
        self.do(
            "keeping it", work, lambda page: self.show_page(page, "Kept, and on record: a new draft keeps it too.")
        )

    def action_editor(self) -> None:
        """Write in the whole of it in $VISUAL or $EDITOR; the screen waits meanwhile, the incident does not."""
        if self.page is None or self.busy:
            return
        given = self.page.text
        try:
            editor = editor_of(os.environ)
            copy = self.papers.copy(self.incident, given)
            with self.app.suspend():
                new = edit(editor, copy)
        except SuspendNotSupported:
            self.say(Notice("This terminal can't be lent to another program: e writes here.", "refused"))
        except CockpitError as problem:
            self.say(Notice(in_words(problem), "bad"))
        else:
            copy.unlink(missing_ok=True)
            self._save(given, new)

    def action_items(self) -> None:
        """Look at the action items."""
        if self.page:
            self.app.push_screen(ItemsScreen(self.page, self._finish, self._put, self._track))

    def _finish(self, item: str) -> None:
        work = partial(self.papers.finish, self.incident, item)
        self.do("writing it down", work, lambda page: self.show_page(page, f"{item} is done."))

    def _put(self, item: Item) -> None:
        work = partial(self.papers.put, self.incident, item)
        self.do("writing it down", work, lambda page: self.show_page(page, "On record."))

    def _track(self, item: str) -> None:
        work = partial(self.papers.track, self.incident, item)
        self.do("asking the tracker", work, lambda page: self.show_page(page, f"{item} is a ticket."))

    def action_sign(self) -> None:
        """Ask, then sign what is shown."""
        if self.page is None or self.busy:
            return
        count = len(self.page.findings)
        text = "You say that it tells what happened, and that its action items have the right owners."
        text += f" {count} {'thing is' if count == 1 else 'things are'} still to be looked at." if count else ""
        ask = AskScreen("Sign the postmortem?", text, yes="sign it", keys=("enter",))
        self.app.push_screen(ask, partial(self._sign, self.page.text))

    def _sign(self, seen: str, yes: bool | None) -> None:
        if yes:
            work = partial(self.papers.sign, self.incident, seen)
            self.do("signing it", work, lambda page: self.show_page(page, "✔ Signed. esc goes back."))

    def action_export(self, form: str) -> None:
        """Write a file beside where the cockpit was started, personal data masked."""
        if self.page:
            work = partial(self.papers.export, self.incident, form)
            self.do("writing the file", work, lambda path: self.say(Notice(f"Written, masked, to {path}")))

    def action_refresh(self) -> None:
        """Bring it up to the journal again."""
        self.do("drafting it from the journal", partial(self.papers.open, self.incident), self.opened)

    def action_help(self) -> None:
        """Explain this screen."""
        from cockpit.tui.actions import Keys
        from cockpit.tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(HELP, Keys(), None))

    def action_back(self) -> None:
        """Leave it; what was kept stays."""
        self.dismiss(None)
