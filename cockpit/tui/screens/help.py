"""Help: what the pane under the cursor is for, and every key with what it does or why it can't now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Markdown

from cockpit.session.snapshot import Snapshot
from cockpit.tui.actions import BY_ID, COMMANDS, NAMES, Keys, fits, refusal
from cockpit.tui.leaving import Modal
from cockpit.tui.panes.words import KEY, WARN
from cockpit.tui.text import Plain, line

LOOP = """# The cockpit
One incident on one screen, in five stations: **classify** it, **triage** it, **mitigate** the harm, **command** and
communicate, **learn**. The line *Next ▸* always names the next sensible step and its key. Nothing here pulls a lever
by one key: a lever's plan is shown first, and a short code is typed.
"""
"""Shown where no pane has the cursor."""

KEY_CELLS = 11
"""Cells of the column of keys."""


def help_of(widget: Widget | None) -> str:
    """Find the help of the pane under the cursor, as Markdown of our own."""
    for one in widget.ancestors_with_self if widget else ():
        text = getattr(one, "HELP", None)
        if isinstance(text, str) and text:
            return text
    return LOOP


class HelpScreen(Modal[None]):
    """What is under the cursor, then all keys."""

    DEFAULT_CSS = """
    HelpScreen { align: center middle; background: $background 60%; }
    HelpScreen > .dialog { width: 100; height: 90%; padding: 0 1; border-subtitle-color: $foreground-muted; }
    HelpScreen.-short > .dialog { height: 100%; }
    HelpScreen VerticalScroll { scrollbar-size-vertical: 1; }
    HelpScreen Markdown { margin: 0; padding: 0 1; background: $surface; }
    HelpScreen MarkdownH1 { content-align: left middle; margin: 0 0 1 0; color: $accent; background: $surface; }
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
                yield Plain(id="key-table")

    def on_mount(self) -> None:
        self.call_after_refresh(self._list_keys)

    def on_resize(self) -> None:
        self.call_after_refresh(self._list_keys)

    def _list_keys(self) -> None:
        table = self.query_one("#key-table", Plain)
        if table.content_size.width:
            table.update(key_table(self._keys, self._snapshot, table.content_size.width))

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines, at once."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_close(self) -> None:
        """Go back."""
        self.dismiss(None)


def key_table(keys: Keys, snapshot: Snapshot | None, width: int) -> Content:
    """List every key of the cockpit, and beside those that can't run now the reason; wrapped to a width."""
    lines = [line(("Keys everywhere" if snapshot else "Keys inside an incident", "bold $accent"))]
    for command in COMMANDS:
        if not command.id.startswith("pane") and (fits(command, snapshot) or command.only == "proposal"):
            names = " ".join(NAMES.get(key, key) for key in keys.of(command)) or "–"
            lines += _entry(names, command.help, refusal(command, snapshot) if snapshot else "", width)
    first, last = (keys.label(BY_ID[f"pane{number}"]) for number in (1, 6))
    lines += _entry(f"{first} … {last}", "Go to a pane by its number.", "", width)
    lines += _entry("ctrl+p", "The palette: every command by name.", "", width)
    lines += _entry("", "A key that is dim at the foot can't run now: press it, and it says why.", "", width)
    return Content("\n").join(lines)


def _entry(key: str, text: str, reason: str, width: int) -> Iterator[Content]:
    words = line(text, (f"  not now: {reason}", WARN) if reason else "")
    for number, part in enumerate(words.wrap(max(20, width - KEY_CELLS))):
        yield line(((key if number == 0 else "").ljust(KEY_CELLS), KEY), part)
