"""The keys at the foot: bright when they work now, dim when they do not; a dim one says why when it is pressed."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message

from cockpit.session.snapshot import Snapshot
from cockpit.tui.actions import BY_ID, Command, Keys, refusal, shown
from cockpit.tui.panes.words import KEY
from cockpit.tui.text import Plain, line

LAST = ("kill", "help")
"""These are shown at any width."""

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
        ready = tuple(not refusal(command, self._snapshot) for command in shown())
        if not width or self._drawn == (ready, width):
            return
        self._drawn = (ready, width)
        short, chosen = choose(self._keys, width)
        parts, self._spans, at = [], [], 0
        for command in chosen:
            part = _word(command, self._keys, short, bool(refusal(command, self._snapshot)))
            self._spans.append((at, at + part.cell_length, command.id))
            parts.append(part)
            at += part.cell_length + 2 - short
        self.update(Content("  " if not short else " ").join(parts), layout=False)


def choose(keys: Keys, width: int) -> tuple[bool, list[Command]]:
    """Choose what fits: every command with its long label if possible, else short labels, else the first ones."""
    commands = list(shown())
    for short in (False, True):
        if _length(commands, keys, short) <= width:
            return short, commands
    last = [BY_ID[name] for name in LAST]
    kept = [command for command in commands if command not in last]
    while kept and _length([*kept, *last], keys, True) > width:
        kept.pop()
    return True, [*kept, *last]


def _length(commands: list[Command], keys: Keys, short: bool) -> int:
    words = (len(keys.label(one)) + 1 + len(one.short if short else one.label) for one in commands)
    return sum(words) + (len(commands) - 1) * (1 if short else 2)


def _word(command: Command, keys: Keys, short: bool, refused: bool) -> Content:
    label = command.short if short else command.label
    if refused:
        return line((f"{keys.label(command)} {label}", "$text-disabled"))
    style = KILL if command.id == "kill" else ""
    return line((keys.label(command), KEY), " ", (label, style))
