"""Help: what the pane under the cursor is for, and every key with what it does or why it can't now."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Markdown

from cockpit.session.snapshot import Snapshot
from cockpit.tui.actions import BY_ID, COMMANDS, Keys, refusal
from cockpit.tui.panes.words import DIM, KEY, WARN
from cockpit.tui.text import Plain, line

LOOP = """# The cockpit
One incident on one screen, in five stations: **classify** it, **triage** it, **mitigate** the harm, **command** and
communicate, **learn**. The line *Next ▸* always names the next sensible step and its key. Nothing here pulls a lever
by one key: a lever's plan is shown first, and a short code is typed.
"""
"""Shown where no pane has the cursor."""

KEY_CELLS = 10


def help_of(widget: Widget | None) -> str:
    """Find the help of the pane under the cursor, as Markdown of our own."""
    for one in widget.ancestors_with_self if widget else ():
        text = getattr(one, "HELP", None)
        if isinstance(text, str) and text:
            return text
    return LOOP


class HelpScreen(ModalScreen[None]):
    """What is under the cursor, then all keys."""

    DEFAULT_CSS = """
    HelpScreen { align: center middle; background: $background 60%; }
    HelpScreen > .dialog { width: 100; height: 90%; padding: 0 1; border-subtitle-color: $text-muted; }
    HelpScreen.-short > .dialog { height: 100%; }
    HelpScreen Markdown { margin: 0; padding: 0 1; background: $surface; }
    HelpScreen Plain { height: auto; padding: 0 1; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,f1,q,enter", "close", "Close", show=False),
        Binding("down,j", "scroll(1)", "Down", show=False),
        Binding("up,k", "scroll(-1)", "Up", show=False),
    ]
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, markdown: str, keys: Keys, snapshot: Snapshot | None) -> None:
        super().__init__()
        self._markdown, self._keys, self._snapshot = markdown, keys, snapshot

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as box:
            box.border_title = "Help"
            box.border_subtitle = "↑↓ scroll · esc close"
            with VerticalScroll():
                yield Markdown(self._markdown, open_links=False)
                yield Plain(key_table(self._keys, self._snapshot))

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines, at once."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_close(self) -> None:
        """Go back."""
        self.dismiss(None)


def key_table(keys: Keys, snapshot: Snapshot | None) -> Content:
    """List every key of the cockpit, and beside those that can't run now the reason."""
    rows = [line(("Keys everywhere", "bold"))]
    for command in COMMANDS:
        if command.id.startswith("pane"):
            continue
        names = " ".join(keys.of(command)) or "–"
        row = line((names.ljust(KEY_CELLS), KEY), " ", command.help)
        reason = refusal(command, snapshot)
        rows.append(line(row, (f"  not now: {reason}", WARN)) if reason else row)
    first, last = (keys.label(BY_ID[f"pane{number}"]) for number in (1, 6))
    rows.append(line((f"{first} … {last}".ljust(KEY_CELLS), KEY), " Go to a pane by its number."))
    rows.append(line(("ctrl+p".ljust(KEY_CELLS), KEY), " The palette: every command by name."))
    rows.append(line(("\nA key that is dim at the foot can't run now: press it, and it says why.", DIM)))
    return Content("\n").join(rows)
