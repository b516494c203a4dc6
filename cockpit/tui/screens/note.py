"""A line for the timeline, now or back-dated."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from cockpit.tui.messages import Wish
from cockpit.tui.panes.words import BAD, DIM
from cockpit.tui.screens.confirm import AskModal, note
from cockpit.tui.screens.fields import text_field
from cockpit.tui.text import Plain, line

NOTE_CHARS = 2000


class NoteModal(AskModal):
    """One line of text, and the time of day it belongs to if that is not now."""

    HEADING = "Note"
    HINT: ClassVar[str] = "tab next field · enter write it · esc leave"
    AUTO_FOCUS = "#note-text"

    def body(self) -> ComposeResult:
        """The text, the time, and what is wrong with it."""
        yield note(("What happened or was decided; it goes into the timeline for everybody.", DIM))
        yield text_field("note", "", "what happened, or what was decided", id="note-text", chars=NOTE_CHARS)
        yield text_field("when", "", "now, or HH:MM(:SS) today, UTC", id="note-when")
        yield Plain("", id="note-trouble")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        text = self.query_one("#note-text", Input).value.strip()
        when = self.query_one("#note-when", Input).value.strip()
        trouble = "" if text else "an empty note says nothing"
        arguments: dict[str, Any] = {"text": text}
        if when and not trouble:
            moment = back_dated(when, self.snapshot.now)
            trouble = "" if moment else f"{when!r} is no time of day that has passed: write HH:MM or HH:MM:SS"
            arguments["at"] = moment.isoformat() if moment else ""
        if trouble:
            self.query_one("#note-trouble", Plain).update(line((f"▲ {trouble}", BAD)))
            return
        self.dismiss((Wish("note", arguments),))


def back_dated(text: str, now: datetime) -> datetime | None:
    """Read a time of day of the present day; None when it is none or lies ahead."""
    for form in ("%H:%M:%S", "%H:%M"):
        try:
            read = datetime.strptime(text, form)  # noqa: DTZ007
        except ValueError:
            continue
        moment = now.replace(hour=read.hour, minute=read.minute, second=read.second, microsecond=0)
        return moment if moment <= now else None
    return None
