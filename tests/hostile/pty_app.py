"""A program in a real pseudo-terminal: send bytes, collect every byte it writes, and judge them.

with PtyApp([sys.executable, "-m", "cockpit"], size=(100, 30)) as app:
    app.wait_for("what the screen must say")
    app.send("q")
    assert not foreign(app.raw)
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import TracebackType

_SEQUENCE = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[PX^_][^\x1b]*(?:\x1b\\)?|[ -/]*[0-~])?"
)
_CUT_OFF = re.compile(r"\x1b(?:\[[0-?]*)?$|\ufffd$")
"""What was read up to the middle of a sequence or a letter, the rest of which was still to come."""
_MODES = "7|25|1000|1002|1003|1004|1006|1015|1016|1049|2004|2026|2031|2048"
ALPHABET = re.compile(
    rf"""\x1b(?:
      \[[0-9;:]*m                          # colours and weights
    | \[[0-9]*;[0-9]*H                     # go to a place
    | \[[0-9]*[ABCDJK]                     # move, clear: inline mode and leaving
    | \[\?(?:{_MODES})[hl]                 # switch a mode
    | \[\?(?:{_MODES}|996)\$p              # ask for a mode
    | \[\?996n                             # ask for dark or light
    | \[[<>=][0-9;]*u | \[\?u              # keyboard protocol
    | \[(?:14|16|18)t                      # ask for the size
    | \[>[0-9;]*q                          # ask for the terminal's name
    | \]22;[a-z-]*\x07                     # the shape of the mouse pointer
    )$""",
    re.VERBOSE,
)
"""Every escape sequence Textual writes by itself; anything else came from somewhere else."""


def sequences(wire: str) -> list[str]:
    """Cut out every escape sequence."""
    return [found[0] for found in _SEQUENCE.finditer(wire)]


def foreign(raw: bytes) -> list[str]:
    """List whatever on the wire is neither text nor Textual's own: sequences, control and hidden characters."""
    wire = _CUT_OFF.sub("", raw.decode("utf-8", "replace"))
    strange = [one for one in sequences(wire) if not ALPHABET.match(one)]
    text = _SEQUENCE.sub("", wire)
    hidden = {char for char in set(text) if char not in "\r\n" and unicodedata.category(char)[0] == "C"}
    return strange + sorted(hidden)


class PtyApp:
    """One running program; `raw` is everything it wrote. Use it as a context manager."""

    def __init__(
        self, command: Sequence[str], *, size: tuple[int, int] = (100, 30), env: Mapping[str, str] | None = None
    ) -> None:
        self.raw = b""
        self._status: int | None = None
        self._hung_up = False
        environment = {
            **{key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "COLUMNS", "LINES")},
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "TEXTUAL_ANIMATIONS": "none",
            **(env or {}),
        }
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], list(command), environment)
        self.resize(*size)

    def __enter__(self) -> PtyApp:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the terminal."""
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def send(self, text: str | bytes) -> None:
        """Type something, or let the terminal say something."""
        os.write(self.fd, text.encode() if isinstance(text, str) else text)

    def pump(self, seconds: float) -> bytes:
        """Collect what is written for a while; returns the new bytes."""
        before, end = len(self.raw), time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and self._read(left):
            pass
        return self.raw[before:]

    def pump_until_written(self, seconds: float) -> bool:
        """Wait until anything is written; returns whether it was."""
        before, end = len(self.raw), time.monotonic() + seconds
        while len(self.raw) == before and (left := end - time.monotonic()) > 0 and self._read(left):
            pass
        return len(self.raw) > before

    def wait_for(self, text: str, seconds: float = 20.0) -> None:
        """Wait until a text stands on the wire in one piece; fails with what was written last."""
        wanted, end = text.encode(), time.monotonic() + seconds
        start = max(0, len(self.raw) - len(wanted))
        while wanted not in self.raw[start:]:
            left = end - time.monotonic()
            if left <= 0 or not self._read(left):
                tail = self.raw[-2000:].decode("utf-8", "replace")
                raise AssertionError(f"never saw {text!r}; the end of the wire: {tail!r}")

    @property
    def alive(self) -> bool:
        """Whether the program still runs and still has its terminal."""
        return not self._hung_up and self._reap(block=False) is None

    def exit_status(self, seconds: float = 10.0) -> int | None:
        """Wait for the end; None when it does not come."""
        end = time.monotonic() + seconds
        while self._reap(block=False) is None and time.monotonic() < end:
            self.pump(0.05)
            time.sleep(0.01)
        return self._status

    def close(self) -> None:
        """End the program if it still runs."""
        if self._reap(block=False) is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self._reap(block=True)
        os.close(self.fd)

    def _read(self, seconds: float) -> bool:
        if not select.select([self.fd], [], [], min(seconds, 0.05))[0]:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            data = b""
        self._hung_up = not data
        self.raw += data
        return bool(data)

    def _reap(self, *, block: bool) -> int | None:
        if self._status is None:
            found, status = os.waitpid(self.pid, 0 if block else os.WNOHANG)
            if found:
                self._status = os.waitstatus_to_exitcode(status)
        return self._status
