"""Guesses at the cause, and how each stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import Input

from cockpit.session.snapshot import Controller, Snapshot
from cockpit.tui.messages import Wish
from cockpit.tui.panes.rows import Row, Rows, row
from cockpit.tui.panes.words import BAD, DIM, GOOD, WARN
from cockpit.tui.screens.confirm import AskModal
from cockpit.tui.screens.fields import text_field
from cockpit.tui.text import Plain, line

STATUSES = ("open", "supported", "refuted")
STYLES = {"open": ("? ", WARN), "supported": ("✔ ", GOOD), "refuted": ("✖ ", BAD)}


class HypothesesModal(AskModal):
    """Write a guess down; enter on one turns it from open to supported to refuted."""

    HEADING = "Hypotheses"
    HINT: ClassVar[str] = "enter adds · tab to the list, enter turns · ctrl+s record · esc leave"
    BINDINGS: ClassVar = [("ctrl+s", "record", "Record")]
    AUTO_FOCUS = "Input"

    def __init__(self, snapshot: Snapshot, controller: Controller) -> None:
        super().__init__(snapshot, controller)
        self.status = dict(snapshot.state.triage.hypotheses)

    def body(self) -> ComposeResult:
        """A line for a new guess above those there are."""
        yield text_field("new guess", "", "the index lost its tenant filter", id="guess")
        yield Rows(id="guesses", spare=6)
        yield Plain("", id="trouble")

    def redraw(self) -> None:
        """Draw the guesses."""
        rows = list(self._rows()) or [row(("none yet: an incident without a guess is only being watched", DIM))]
        self.query_one(Rows).set_rows(rows)

    def _rows(self) -> Iterator[Row]:
        for text, status in self.status.items():
            mark = STYLES.get(status, STYLES["open"])
            yield row(mark, (text, DIM if status == "refuted" else ""), (f"  {status}", mark[1]), key=text)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Add a guess."""
        text = event.value.strip()
        if text:
            self.status.setdefault(text, "open")
            event.input.clear()
            self.redraw()

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Turn a guess to its next status."""
        now = self.status.get(event.key, "open")
        self.status[event.key] = STATUSES[(STATUSES.index(now) + 1) % len(STATUSES)] if now in STATUSES else "open"
        self.redraw()

    def action_record(self) -> None:
        """Ask for every guess that is new or has turned; one still being typed counts."""
        text = self.query_one(Input).value.strip()
        if text:
            self.status.setdefault(text, "open")
        before = self.snapshot.state.triage.hypotheses
        wishes = [
            Wish("set_hypothesis", {"hypothesis": guess, "status": status})
            for guess, status in self.status.items()
            if before.get(guess) != status
        ]
        if not wishes:
            self.query_one("#trouble", Plain).update(line(("nothing new to record", WARN)))
            return
        self.dismiss(tuple(wishes))
