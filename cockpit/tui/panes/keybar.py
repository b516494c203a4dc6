"""The keys at the foot: bright when they work now, dim when they do not; a dim one says why when it is pressed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import events
from textual.content import Content
from textual.message import Message

from cockpit.tui.actions import Command, Keys, refusal, shown
from cockpit.tui.panes.words import DIM, KEY
from cockpit.tui.text import Plain, line

if TYPE_CHECKING:
    from cockpit.session.snapshot import Snapshot

GAP = 2
"""Cells between two keys."""

KILL = "bold #ffffff on $sev1"


class KeyBar(Plain):
    """One line of keys, as many as fit."""

    DEFAULT_CSS = """
    KeyBar { height: 1; padding: 0 1; background: $bar; color: $foreground; text-wrap: nowrap; }
    """

    @dataclass
    class Pressed(Message):
        """Somebody clicked a key's words."""

        command: str

    def __init__(self, keys: Keys, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__("", id=id)
        self._keys = keys
        self._snapshot: Snapshot | None = None
        self._spans: list[tuple[int, int, str]] = []
        self._drawn: object = None

    def on_mount(self) -> None:
        self._draw()

    def show(self, snapshot: Snapshot) -> None:
        """Show the incident as it stands now."""
        self._snapshot = snapshot
        self._draw()

    def on_resize(self) -> None:
        self._drawn = None
        self._draw()

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self)
        for start, end, command in self._spans if at else ():
            if at and start <= at.x < end:
                self.post_message(self.Pressed(command))

    def _draw(self) -> None:
        width = self.content_size.width
        ready = tuple((command.id, not refusal(command, self._snapshot)) for command in shown(self._snapshot))
        if not width or self._drawn == (ready, width):
            return
        self._drawn = (ready, width)
        parts, self._spans, at = [], [], 0
        for command in choose(self._keys, width, self._snapshot):
            part = _word(command, self._keys, bool(refusal(command, self._snapshot)))
            self._spans.append((at, at + part.cell_length, command.id))
            parts.append(part)
            at += part.cell_length + GAP
        self.update(Content(" " * GAP).join(parts), layout=False)


def choose(keys: Keys, width: int, snapshot: Snapshot | None) -> list[Command]:
    """Choose what fits: first go the keys that can't run now, the least important before the others."""
    kept = list(shown(snapshot))
    while len(kept) > 1 and _length(kept, keys) > width:
        kept.remove(max(kept, key=lambda command: (bool(command.rank and refusal(command, snapshot)), command.rank)))
    return kept


def _length(commands: list[Command], keys: Keys) -> int:
    return sum(len(keys.label(one)) + 1 + len(one.label) for one in commands) + GAP * (len(commands) - 1)


def _word(command: Command, keys: Keys, refused: bool) -> Content:
    if refused:
        return line((f"{keys.label(command)} {command.label}", DIM))
    return line((keys.label(command), KEY), " ", (command.label, KILL if command.id == "kill" else ""))
