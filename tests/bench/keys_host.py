"""The apps whose keys are timed: a bare one as yardstick, and the trace list beside live plots under load.

`keys_host.py bare` · `keys_host.py load FOLDER RATE`, with RATE traces a second written to a real store in FOLDER.
"""

from __future__ import annotations

import math
import random
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.filter import LineFilter
from textual.strip import Strip
from textual.widget import Widget

from cockpit.journal.traces import TraceStore
from cockpit.tui.guard import TerminalGuard
from cockpit.tui.signals import SignalGrid
from cockpit.tui.text import Plain
from cockpit.tui.traces.list import TraceList
from cockpit.tui.traces.pane import TracePane
from cockpit.world.port import Series, SignalFrame, TraceRow

START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
BATCHES_A_SECOND = 20
FRAMES_A_SECOND = 2
SIGNALS = ("leaks / min", "grounding %", "refusals %", "cost × baseline")


class Lines(Widget, can_focus=True):
    """Twenty lines and a mark that moves."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("down", "move(1)"), Binding("up", "move(-1)")]
    place = 0

    def action_move(self, delta: int) -> None:
        """Move the mark."""
        self.place += delta
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        text = f"{'▸' if y == self.place else ' '} line {y}"
        return Strip([Segment(text.ljust(self.size.width), self.rich_style)])


class Bare(App[None]):
    """Textual with next to nothing in it."""

    def compose(self) -> ComposeResult:
        yield Plain("READY")
        yield Lines()

    def on_mount(self) -> None:
        self.query_one(Lines).focus()


class Load(App[None]):
    """The trace list over a store that fills, under four plots that move."""

    CSS = "SignalGrid { height: 2fr; } TracePane { height: 3fr; }"

    def __init__(self, folder: Path, rate: int) -> None:
        super().__init__()
        self._store = TraceStore.open(folder / "traces.db")
        self._rate = rate
        self._ticks = 0
        self._stop = threading.Event()
        self._guard = TerminalGuard()

    def get_line_filters(self) -> list[LineFilter]:
        return [self._guard, *super().get_line_filters()]

    def compose(self) -> ComposeResult:
        with Horizontal(id="head"):
            yield Plain("READY")
        yield SignalGrid()
        yield TracePane(self._store, title="4 Traces")

    def on_mount(self) -> None:
        self.query_one("#head").styles.height = 1
        self.query_one(TraceList).focus()
        self.set_interval(1 / FRAMES_A_SECOND, self._frame)
        threading.Thread(target=self._fill, daemon=True).start()

    def on_unmount(self) -> None:
        self._stop.set()

    def _fill(self) -> None:
        trace, began = 1, time.monotonic()
        while not self._stop.wait(1 / BATCHES_A_SECOND):
            due = round((time.monotonic() - began) * self._rate)
            self._store.add([_row(one) for one in range(trace, due + 1)])
            trace = max(trace, due + 1)

    def _frame(self) -> None:
        self._ticks += 1
        at = START + timedelta(seconds=10 * self._ticks)
        draw = random.Random(self._ticks)
        curves = [
            [5 + 4 * math.sin((place + self._ticks + 9 * number) / 9) + draw.random() for place in range(120)]
            for number in range(len(SIGNALS))
        ]
        series = [
            Series(name, name, "", curve, curve[-1], 5, 8.0) for name, curve in zip(SIGNALS, curves, strict=True)
        ]
        self.query_one(SignalGrid).show(SignalFrame(at, 1200, 10, tuple(series)), [at - timedelta(minutes=5)])


def _row(trace: int) -> TraceRow:
    verdict = ("ok", "ok", "leak", "·", "ok", "refused", "ok")[trace % 7]
    tenant = ("acme", "beta-shop", "delta-co")[trace % 3]
    moment = START + timedelta(milliseconds=trace)
    text = f"trace {trace}: where is my order, it should have come on Monday?"
    return TraceRow(
        trace, moment, verdict, "/support", "v41", "sonnet-4-5@0929", tenant, f"s{trace % 97}", 420, 1900, 1200, 612,
        4100, text,
    )  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1] == "bare":
        Bare().run()
    else:
        Load(Path(sys.argv[2]), int(sys.argv[3])).run()
