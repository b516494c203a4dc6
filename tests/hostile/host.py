"""An app of every widget that draws outside text; F9 shows them with the next batch of payloads.

Run by the tests in a pseudo-terminal: `python host.py FILE` with a JSON list of batches. A payload that manages to
run an action leaves the file `pwned` beside FILE.
"""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.filter import LineFilter
from textual.screen import Screen

from cockpit.errors import BadInput
from cockpit.tui.guard import TerminalGuard
from cockpit.tui.signals import SignalGrid
from cockpit.tui.text import Plain, template, untrusted
from cockpit.tui.traces.compare import CompareScreen
from cockpit.tui.traces.filterbar import FilterBar
from cockpit.tui.traces.pane import TracePane
from cockpit.tui.traces.screen import JsonScreen, TraceScreen
from cockpit.world.port import Series, SignalFrame, TraceDetail, TraceRow
from tests.tui.trace_fakes import FakeTraces

AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


class HostileHost(App[None]):
    """Shows one batch after another on every screen."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f9", "following", "Next"),
        Binding("k", "lever('k')", "Lever"),
        Binding("y", "lever('y')", "Yes"),
    ]

    def __init__(self, batches: list[list[str]], witness: Path) -> None:
        super().__init__()
        self._batches, self._witness = batches, witness
        self._next = 0
        self._guard = TerminalGuard()
        self._source = FakeTraces()

    def get_line_filters(self) -> list[LineFilter]:
        return [self._guard, *super().get_line_filters()]

    def compose(self) -> ComposeResult:
        yield Plain("READY", id="state")
        yield Plain(id="words")
        yield SignalGrid(redraw_s=0)
        yield TracePane(self._source, poll_s=0)

    def action_pwn(self, name: str = "") -> None:
        """What the payloads try to run."""
        self._witness.write_text(name, encoding="utf-8", errors="replace")

    def action_lever(self, key: str) -> None:
        """A stand-in for something that must never be reached by a terminal's answer alone."""
        self.query_one("#state", Plain).update(f"LEVER {key}")

    async def action_following(self) -> None:
        """Draw the next batch on every screen, one after the other, then say so."""
        if self._next == len(self._batches):
            self.exit()
            return
        batch = self._batches[self._next]
        rows = [_row(1 + place, text) for place, text in enumerate(batch)]
        details = [_detail(row, batch) for row in rows]
        self._show_panes(rows, batch)
        await self._settle()
        for screen in self._screens(details, batch):
            await self.push_screen(screen)
            await self._settle()
            await self.pop_screen()
        self.query_one("#state", Plain).update(f"DONE-{self._next}.")
        self._next += 1

    def _screens(self, details: list[TraceDetail], batch: list[str]) -> list[Screen[None]]:
        return [TraceScreen(details[0]), CompareScreen(details[-1], details[0]), JsonScreen("\n".join(batch))]

    def _show_panes(self, rows: list[TraceRow], batch: list[str]) -> None:
        first = batch[0]
        self.query_one("#words", Plain).update(template("[b]$who[/b] $what", who=first, what=batch[-1]))
        self.query_one(SignalGrid).show(
            SignalFrame(AT, 600, 60, tuple(_series(place, text) for place, text in enumerate(batch[:4])))
        )
        self._source._rows[:] = rows
        pane = self.query_one(TracePane)
        pane.border_title = untrusted(first, limit=60)
        pane.list.look()
        pane.query_one(FilterBar).complain(BadInput(first, hint=batch[-1]))
        self.notify(untrusted(first).plain, title=untrusted(batch[-1], limit=80).plain, timeout=0.2, markup=False)

    async def _settle(self) -> None:
        await self.workers.wait_for_complete()
        drawn = asyncio.Event()
        self.screen.call_after_refresh(drawn.set)
        await drawn.wait()
        await asyncio.sleep(0.02)


def _row(trace: int, text: str) -> TraceRow:
    return TraceRow(
        trace, AT, text[:40], text, text, text, text, text, 420, 1900, 10, 20, 4100, text, text, (1.0, None, 3.0, 5.0)
    )


def _detail(row: TraceRow, batch: list[str]) -> TraceDetail:
    return TraceDetail(
        row,
        tuple((text, text) for text in batch),
        tuple((text, 0.5, text) for text in batch),
        tuple((text, text, text) for text in batch),
        {text: text for text in batch},
        {text: text for text in batch},
        row.text,
    )


def _series(place: int, text: str) -> Series:
    return Series(f"{place}{text}", text, text, [0.0, 1.0, 2.0], 2.0, 0.0, 1.0)


if __name__ == "__main__":
    source = Path(sys.argv[1])
    HostileHost(json.loads(source.read_text(encoding="ascii")), source.parent / "pwned").run()
