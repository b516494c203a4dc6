"""The frame of every dialog, and the box in which a code is typed before anything is done to the running system."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from cockpit.session.snapshot import Controller, Snapshot
from cockpit.tui.leaving import Modal
from cockpit.tui.modals import Wishes
from cockpit.tui.panes.rows import BURST_S, Rows
from cockpit.tui.panes.words import BAD, DIM, WARN
from cockpit.tui.text import Plain, line

LETTERS = "bcdfghjkmnpqrtvwxz"
"""No vowels, so that no code spells a word, and nothing that looks like a digit."""
CODE_LENGTH = 4


def random_code() -> str:
    """Draw a code that nobody who writes into a trace can foresee."""
    return "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))


class AskModal(Modal[Wishes]):
    """A dialog over the cockpit: it ends with wishes for the app to carry out, or with None."""

    DEFAULT_CSS = """
    AskModal { align: center middle; background: $background 60%; }
    AskModal > #ask {
        width: 90; max-width: 100%; height: auto; max-height: 100%; padding: 0 1;
        border: round $accent; background: $surface;
        border-title-style: bold; border-subtitle-color: $foreground-muted;
    }
    AskModal Rows { background: $surface; height: 1; }  /* until they are drawn: a dialog grows, it never shrinks */
    AskModal Plain { height: auto; background: $surface; }
    AskModal Input { background: $boost; }
    """
    HEADING: ClassVar[str] = ""
    HINT: ClassVar[str] = "esc leave"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", show=False),
        # At once, before the field has heard of it: what is typed right after tab belongs into the next field.
        Binding("tab", "app.focus_next", show=False, priority=True),
        Binding("shift+tab", "app.focus_previous", show=False, priority=True),
    ]
    AUTO_FOCUS = "CodeBox, Rows"

    def __init__(self, snapshot: Snapshot, controller: Controller) -> None:
        super().__init__()
        self.snapshot = snapshot
        self.controller = controller

    def compose(self) -> ComposeResult:
        with Vertical(id="ask") as box:
            box.border_title = Content(self.HEADING)
            box.border_subtitle = Content(self.HINT)
            yield from self.body()

    def body(self) -> ComposeResult:
        """Yield what stands in the dialog."""
        yield from ()

    def on_mount(self) -> None:
        # Widths are known only when the first layout is done.
        self.call_after_refresh(self.redraw)

    def on_resize(self, event: events.Resize) -> None:
        for rows in self.query(Rows):
            rows.settle()
        self.call_after_refresh(self.redraw)

    def show(self, snapshot: Snapshot) -> None:
        """Show later news; what was typed and chosen stays."""
        if snapshot is self.snapshot:
            return
        self.snapshot = snapshot
        if self.is_mounted:
            self.redraw()

    def redraw(self) -> None:
        """Draw the dialog for the snapshot there is now."""

    def offer_code(self, offered: bool) -> None:
        """Show the box for the code with the keyboard in it, or hide it while there is nothing to confirm."""
        box = self.query_one(CodeBox)
        if box.display != offered:
            box.display = offered
        if offered and self.focused is None:
            box.focus()

    @property
    def room(self) -> int:
        """Cells a line of text may take in the dialog."""
        return max(20, self.query_one("#ask").scrollable_content_region.width - 3)

    def action_leave(self) -> None:
        """Leave without a wish."""
        self.dismiss(None)


class CodeBox(Widget, can_focus=True):
    """Takes the four letters that are shown in it, one deliberate key at a time, then enter.

    It reads key presses alone: there is nothing to paste into and nothing to click. Keys that follow each other
    faster than a person types are thrown away together with what was typed before.
    """

    DEFAULT_CSS = """
    CodeBox { height: 1; background: $boost; color: $text; }
    CodeBox:focus { text-style: bold; }
    """
    typed: reactive[str] = reactive("")
    code: reactive[str] = reactive("")
    trouble: reactive[str] = reactive("")
    verb: reactive[str] = reactive("to do it")

    class Entered(Message):
        """The code was typed and confirmed with enter."""

    def __init__(self, verb: str, *, id: str | None = None, draw: Callable[[], str] = random_code) -> None:  # noqa: A002
        super().__init__(id=id)
        self._draw = draw
        self._last_key_at = 0.0
        self.set_reactive(CodeBox.code, draw())
        self.set_reactive(CodeBox.verb, verb)

    def render(self) -> Content:
        """Show the code, what was typed of it, and what went wrong."""
        shown = " ".join(self.code.upper())
        done = " ".join(self.typed.upper().ljust(CODE_LENGTH, "·"))
        full = len(self.typed) == CODE_LENGTH
        ask = "now enter" if full else f"{self.verb}: type"
        trouble = (f"   {self.trouble}", BAD) if self.trouble else ("   ← then enter" if not full else "", DIM)
        return line(f" {ask}  ", (f" {shown} ", f"bold reverse {WARN}"), "   ", (done, "bold"), trouble)

    def on_key(self, event: events.Key) -> None:
        """Take letters, backspace and enter; leave moving keys to the dialog."""
        gap, self._last_key_at = event.time - self._last_key_at, event.time
        letter = (event.character or "").lower()
        if event.key not in ("enter", "backspace") and not (len(letter) == 1 and letter.isprintable()):
            return
        event.stop()
        event.prevent_default()
        if gap < BURST_S:
            self.typed, self.trouble = "", "too fast for a person: thrown away"
        elif event.key == "backspace":
            self.typed, self.trouble = self.typed[:-1], ""
        elif event.key == "enter":
            self._confirm()
        elif len(self.typed) < CODE_LENGTH:
            self.typed, self.trouble = self.typed + letter, ""

    def on_paste(self, event: events.Paste) -> None:
        """Refuse: a code that can be pasted can be pasted by somebody else."""
        event.stop()
        self.typed, self.trouble = "", "pasting is refused: type it"

    def _confirm(self) -> None:
        if self.typed == self.code:
            self.post_message(self.Entered())
            return
        self.trouble = "that is not the code; here is a new one" if self.typed else "type the four letters first"
        if self.typed:
            self.typed, self.code = "", self._draw()


def note(*parts: Content | str | tuple[object, str], id: str | None = None) -> Plain:  # noqa: A002
    """Make a paragraph of a dialog."""
    return Plain(line(*parts), id=id)
