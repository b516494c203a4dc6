"""Writing in one part of a postmortem."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import TextArea

from cockpit.domain.text import clean
from cockpit.tui.leaving import Modal
from cockpit.tui.panes.words import DIM, WARN
from cockpit.tui.text import Plain, line

LONGEST = 60_000
"""Characters a part may have."""

HINT = "A line “- …” is a point, **bold** is bold; what is still open begins with **Open:**"


class Paper(TextArea):
    """The text; what is pasted is cleaned and cut, since a terminal may paste what nobody chose."""

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        room = max(0, LONGEST - len(self.text))
        self.insert(clean(event.text, limit=LONGEST, lines=LONGEST)[:room])


class PartEditor(Modal[str | None]):
    """One part to write in; dismissed with its new text, or None when nothing is to be kept."""

    DEFAULT_CSS = """
    PartEditor { align: center middle; background: $background 60%; }
    PartEditor > Vertical {
        width: 110; max-width: 100%; height: 90%; padding: 0 1; border: round $accent; background: $surface;
        border-title-style: bold; border-subtitle-color: $foreground-muted;
    }
    PartEditor.-short > Vertical { height: 100%; }
    PartEditor Paper { height: 1fr; border: none; padding: 0; }
    PartEditor Plain { height: auto; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "keep", "Keep", show=False, priority=True),
        Binding("escape", "leave", "Leave", show=False, priority=True),
    ]
    AUTO_FOCUS = "Paper"

    def __init__(self, title: str, body: str) -> None:
        super().__init__()
        self._title, self._body = title, clean(body, limit=len(body), lines=len(body))
        self._warned = False

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = Content(clean(self._title or "Your text", multiline=False, limit=80))
            box.border_subtitle = Content("ctrl+s keep · esc leave")
            yield Paper(self._body, soft_wrap=True)
            yield Plain(line((HINT, DIM)), id="paper-said")

    def action_keep(self) -> None:
        """Hand the text over."""
        text = self.query_one(Paper).text[:LONGEST]
        self.dismiss(None if text == self._body else text)

    def action_leave(self) -> None:
        """Leave; with something written, only when asked twice."""
        if self.query_one(Paper).text == self._body or self._warned:
            self.dismiss(None)
            return
        self._warned = True
        said = line(("Not kept yet: ctrl+s keeps it, esc once more throws it away.", f"bold {WARN}"))
        self.query_one("#paper-said", Plain).update(said)

    def on_text_area_changed(self) -> None:
        """Ask again when more was written since."""
        if self._warned:
            self._warned = False
            self.query_one("#paper-said", Plain).update(line((HINT, DIM)))
