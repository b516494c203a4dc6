"""Somebody at a real terminal playing a drill: keys in, a drawn screen out, and a look at the journal beside it."""

from __future__ import annotations

import os
import signal
import sys
import termios
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pyte

from cockpit.cli import run
from cockpit.domain.clock import WallClock
from cockpit.domain.events import Event, Kind
from cockpit.errors import CockpitError
from cockpit.journal.log import Journal
from tests.hostile.pty_app import PtyApp
from tests.terminal import UNREADABLE

COLUMNS, ROWS = 140, 40
GONE_S = 3.5
"""How long a program that was told to end may take: the promise is three seconds, the rest is the machine's."""

LEFT_BEHIND = (b"\x1b[?1049h", b"\x1b[?25l", b"\x1b[?1000h", b"\x1b[?1003h", b"\x1b[?2004h")
"""What a screen switches on: alternate screen, hidden cursor, mouse, pasting."""

INCIDENT = "INC-0001"


class Player(PtyApp):
    """One terminal with `cockpit` in it, on a data folder."""

    def __init__(self, data: Path, *arguments: str) -> None:
        self.data = data
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)
        self._drawn = 0
        command = [sys.executable, "-m", "cockpit", *arguments, "--data", str(data)]
        super().__init__(command, size=(COLUMNS, ROWS), env={"XDG_CONFIG_HOME": str(data / "config")})
        self._cooked = termios.tcgetattr(self.fd)[3]

    def __enter__(self) -> Player:
        return self

    def text(self) -> str:
        """Draw what has arrived and return the screen."""
        fresh, self._drawn = self.raw[self._drawn :], len(self.raw)
        self._stream.feed(UNREADABLE.sub(b"", fresh))
        return "\n".join(self._screen.display)

    def see(self, *texts: str, seconds: float = 25.0) -> None:
        """Wait until the screen shows all the texts."""
        end = time.monotonic() + seconds
        while not all(text in self.text() for text in texts):
            assert time.monotonic() < end, f"never saw {texts}:\n{self.text()}"
            self.pump(0.1)

    def acknowledge(self) -> None:
        """Wait for the page, acknowledge it, and wait until the journal has it."""
        self.see("Acknowledge the page")
        self.send("a")
        self.until(lambda: Kind.ACKNOWLEDGED in kinds(self.data))

    def until(self, holds: Callable[[], bool], seconds: float = 15.0) -> None:
        """Wait, reading what is drawn, until something holds."""
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, f"it never came to that:\n{self.text()}"
            self.pump(0.05)

    def signal(self, number: int) -> None:
        """Send a signal to the program."""
        os.kill(self.pid, number)

    def gone(self, seconds: float = GONE_S) -> int | None:
        """Wait for the end while reading the terminal; None when it does not come in time."""
        return self.exit_status(seconds)

    def gone_unread(self, seconds: float = GONE_S) -> bool:
        """Wait for the end without reading a byte."""
        end = time.monotonic() + seconds
        while self.alive and time.monotonic() < end:
            time.sleep(0.05)
        return not self.alive

    def restored(self) -> bool:
        """Whether the terminal is as it was: every mode switched off last, and lines edited again."""
        self.pump(0.2)
        off = [mode[:-1] + (b"l" if mode.endswith(b"h") else b"h") for mode in LEFT_BEHIND]
        switched = all(self.raw.rfind(back) > self.raw.rfind(on) for on, back in zip(LEFT_BEHIND, off, strict=True))
        return switched and termios.tcgetattr(self.fd)[3] & termios.ICANON == self._cooked & termios.ICANON

    def kill(self) -> None:
        """End it as a power cut would."""
        self.signal(signal.SIGKILL)
        assert self.gone() == -signal.SIGKILL


def lines(data: Path) -> list[Event]:
    """Return the journal of the first incident; nothing while there is none."""
    try:
        with closing(Journal.open(data / "journal.db", clock=WallClock(), read_only=True)) as journal:
            return journal.events(INCIDENT)
    except CockpitError:
        return []


def kinds(data: Path) -> list[Kind]:
    """Return what happened, in order."""
    return [event.kind for event in lines(data)]


def last_of(data: Path, kind: Kind) -> datetime:
    """Return when something happened last, by the drill's own clock."""
    return max(event.at for event in lines(data) if event.kind is kind)


def check_sound(data: Path) -> None:
    """Check that the journal holds and nothing was written twice."""
    assert run(["log", "verify", INCIDENT, "--data", str(data)]) == 0
    told: Sequence[tuple[object, ...]] = [
        (event.kind, event.get("inject"), event.get("op"), event.get("signal"))
        for event in lines(data)
        if event.kind in (Kind.PAGED, Kind.INJECT_DELIVERED, Kind.LEVER_APPLIED, Kind.ACKNOWLEDGED)
    ]
    assert len(told) == len(set(told))
