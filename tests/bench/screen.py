"""A program on a pseudo-terminal whose answers to keys are timed, and the verdict on such times."""

from __future__ import annotations

import os
import random
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.terminal import KEYS, Size, Terminal

ROOT = Path(__file__).resolve().parents[2]
BARE_LIST = [sys.executable, str(Path(__file__).with_name("bare_list.py"))]
MEDIAN_MS, P95_MS = 20.0, 60.0
"""The bound from a key to its paint."""
PATIENCE_S = 10.0
TURN = 8
"""Keys in one direction before turning back."""
_MARKED = re.compile(
    rb"\x1b\[(\d+);\d+H(?:(?!\x1b\[\d+;\d+H)[^\n])*?\xe2\x96\xb8"
    rb"(?: |\xe2\x97\x8f)(?:\x1b\[[0-9;]*m)*(?:\d\d:\d\d|line)"
)
"""The mark and what stands behind it in a row, so that other triangles on the screen don't count."""


def cockpit(scenario: Path, data: Path, *options: str) -> list[str]:
    """Return the command that opens a drill of a scenario file."""
    drill = ["drill", str(scenario), "--seed", "7", "--data", str(data)]
    return [sys.executable, "-m", "cockpit", *drill, *options]


class Watched(Terminal):
    """A terminal whose keys and answers carry their moments, in seconds since the program was started."""

    def __init__(self, command: Sequence[str]) -> None:
        super().__init__(command, Size(160, 45), {"PYTHONPATH": str(ROOT), "TEXTUAL_ANIMATIONS": "none"})

    def __enter__(self) -> Watched:
        return self

    @property
    def now(self) -> float:
        """The present moment."""
        return time.monotonic() - self._started

    def send(self, text: str) -> float:
        """Type at once; returns the moment."""
        moment = self.now
        os.write(self._fd, KEYS.get(text, text).encode())
        return moment

    def answers(self, since: int) -> Iterator[tuple[float, bytes]]:
        """Yield moments with all that had arrived by then, from the piece `since` on."""
        heard = b""
        for moment, piece in self.arrived[since:]:
            heard += piece
            yield moment, heard

    def memory_mb(self) -> tuple[float, float]:
        """Return the resident memory of the program now, and the most it ever was (MB of a million bytes)."""
        lines = Path(f"/proc/{self._pid}/status").read_text(encoding="ascii").splitlines()
        told = dict(line.split(":", 1) for line in lines)
        now, most = (int(told[name].split()[0]) * 1.024e-3 for name in ("VmRSS", "VmHWM"))
        return now, most


def marked_row(wire: bytes) -> int | None:
    """Find the line on which the mark was drawn last."""
    rows = _MARKED.findall(wire)
    return int(rows[-1]) if rows else None


def moved(terminal: Watched, key: str, row: int, pause: float) -> tuple[float, int]:
    """Press a key; return how many ms it took until the mark stood on another row, and that row.

    Raises:
        TimeoutError: it never did.
    """
    since, sent = len(terminal.arrived), terminal.send(key)
    while terminal.now - sent < PATIENCE_S:
        terminal.listen(pause)
        for moment, heard in terminal.answers(since):
            now = marked_row(heard)
            if now is not None and now != row:
                return (moment - sent) * 1000, now
    raise TimeoutError(f"no answer to {key} within {PATIENCE_S:.0f} s:\n{terminal.text()}")


def key_times(terminal: Watched, keys: int) -> list[float]:
    """Time keys in a list at irregular moments, ms; repaints of what else goes on don't count."""
    pauses = random.Random(7)
    _, row = moved(terminal, "down", -1, 0.5)
    times: list[float] = []
    for number in range(keys):
        key = "up" if number // TURN % 2 else "down"
        taken, row = moved(terminal, key, row, pauses.uniform(0.03, 0.15))
        times.append(taken)
    return times


def until(terminal: Watched, sent: float, shows: Callable[[str], bool]) -> float:
    """Return how many ms after `sent` the drawn screen first showed something.

    Raises:
        TimeoutError: it never did.
    """
    while terminal.now - sent < PATIENCE_S:
        terminal.listen(0.5)
        found = terminal.first(shows)
        if found is not None:
            return (found - sent) * 1000
    raise TimeoutError(f"never seen:\n{terminal.text()}")


def verdict(held: bool) -> str:
    """Return the word that ends a line with a limit."""
    return "pass" if held else "MISS"


def report(name: str, times: Sequence[float], *, bound: bool = True) -> bool:
    """Print median and 95th percentile, with a verdict when they are bound; returns whether they hold."""
    median, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    held = not bound or (median <= MEDIAN_MS and p95 <= P95_MS)
    limits = f"   (≤ {MEDIAN_MS:.0f} and ≤ {P95_MS:.0f}) {verdict(held)}" if bound else ""
    print(f"{name:<52} median {median:5.1f} ms  p95 {p95:5.1f} ms  worst {max(times):5.1f} ms{limits}", flush=True)
    return held
