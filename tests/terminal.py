"""A pseudo-terminal with a program in it: type, read the screen, know when it first showed what."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType

import pyte

UNREADABLE = re.compile(
    rb"\x1b\[[<>=?][0-9;]*u"  # kitty's keyboard
    rb"|\x1b\[\?[0-9;]*\$p"  # questions about modes
    rb"|\x1b\[>[0-9;]*[a-zA-Z]"
    rb"|\x1b[P_\]][^\x07\x1b]*(?:\x07|\x1b\\)"  # titles, links, device strings
)
"""What terminals swallow and pyte would print."""

KEYS = {
    "enter": "\r", "escape": "\x1b", "tab": "\t", "shift+tab": "\x1b[Z", "space": " ", "backspace": "\x7f",
    "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "home": "\x1b[H", "end": "\x1b[F",
    "pageup": "\x1b[5~", "pagedown": "\x1b[6~", "f1": "\x1bOP",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Size:
    """Columns and rows."""

    columns: int = 160
    rows: int = 45


class Terminal:
    """Runs a program in a pseudo-terminal; use it with `with`, and the program is gone afterwards.

    What arrives is kept with its time (seconds since the start) and drawn only when somebody asks, so that drawing
    takes nothing from a program that is being measured.
    """

    def __init__(
        self, command: Sequence[str], size: Size | None = None, env: Mapping[str, str] | None = None
    ) -> None:
        self.size = size or Size()
        self.arrived: list[tuple[float, bytes]] = []
        self.screen = pyte.Screen(self.size.columns, self.size.rows)
        self._stream = pyte.ByteStream(self.screen)
        self._drawn = 0
        self._started = time.monotonic()
        self._pid, self._fd = pty.fork()
        if self._pid == 0:
            os.environ.update({"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", **(env or {})})
            os.execvp(command[0], list(command))
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", self.size.rows, self.size.columns, 0, 0))

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGTERM)
        self.listen(3.0)
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        os.close(self._fd)
        os.waitpid(self._pid, 0)

    def listen(self, seconds: float) -> bool:
        """Take in what arrives for a while; False when the program has closed the terminal."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if not select.select([self._fd], [], [], left)[0]:
                continue
            try:
                data = os.read(self._fd, 65536)
            except OSError:
                return False
            if not data:
                return False
            self.arrived.append((time.monotonic() - self._started, data))
        return True

    def draw(self) -> pyte.Screen:
        """Draw what has arrived and return the screen."""
        while self._drawn < len(self.arrived):
            self._feed(self.arrived[self._drawn][1])
        return self.screen

    def text(self) -> str:
        """Return the screen as text."""
        return "\n".join(line.rstrip() for line in self.draw().display)

    def first(self, shows: Callable[[str], bool]) -> float | None:
        """Return after how many seconds the screen first showed something, drawing what was not drawn yet."""
        while self._drawn < len(self.arrived):
            moment, data = self.arrived[self._drawn]
            self._feed(data)
            if shows("\n".join(self.screen.display)):
                return moment
        return None

    def wait_for(self, *texts: str, seconds: float = 20) -> None:
        """Listen until the screen shows all the texts.

        Raises:
            TimeoutError: it never did; the message is the screen.
        """
        end = time.monotonic() + seconds
        while not all(text in self.text() for text in texts):
            if time.monotonic() > end or not self.listen(0.05):
                raise TimeoutError(f"never saw {texts}:\n{self.text()}")

    def press(self, *keys: str, pause: float = 0.25) -> None:
        """Press keys by name or character, as slowly as a hand does."""
        for key in keys:
            os.write(self._fd, KEYS.get(key, _control(key)).encode())
            self.listen(pause)

    def _feed(self, data: bytes) -> None:
        self._drawn += 1
        self._stream.feed(UNREADABLE.sub(b"", data))


def _control(key: str) -> str:
    return chr(ord(key[-1].lower()) & 0x1F) if key.startswith("ctrl+") else key
