"""Put the reminder of the next update off: for how long, and why."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import Input

from cockpit.tui.messages import Wish
from cockpit.tui.panes.told import cadence_words, due_words
from cockpit.tui.panes.words import BAD, DIM
from cockpit.tui.screens.confirm import AskModal
from cockpit.tui.screens.fields import Cycle, Field, text_field
from cockpit.tui.text import Plain, line

MINUTES = (5, 10, 15, 30, 60)
USUAL = "10"


class SnoozeModal(AskModal):
    """Nobody is reminded for some minutes; whoever waits for news waits all the same, and the score says so."""

    HEADING = "Put the reminder off"
    HINT: ClassVar[str] = "◂ ▸ turn · tab why · enter do it · esc leave"
    AUTO_FOCUS = "Cycle"

    def body(self) -> ComposeResult:
        """For how long, why, and how updates have kept time."""
        yield Field("for", Cycle([(str(one), f"{one} minutes") for one in MINUTES], USUAL, id="snooze-minutes"))
        yield text_field("because", "", "why (may be empty); it goes on record", id="snooze-reason")
        yield Plain(line(("It quiets the reminder, not the cadence: late stays late.", DIM)))
        yield Plain("", id="snooze-due")

    def redraw(self) -> None:
        """Draw when the update is due, or why there is nothing to put off."""
        refused = self.snapshot.refusals.get("snooze_update", "")
        told = line((f"✖ {refused}", BAD)) if refused else due_words(self.snapshot)
        self.query_one("#snooze-due", Plain).update(told + line("\n") + cadence_words(self.snapshot))

    def key_enter(self) -> None:
        """Put it off."""
        self._done()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Put it off."""
        event.stop()
        self._done()

    def _done(self) -> None:
        if "snooze_update" in self.snapshot.refusals:
            return
        minutes = float(self.query_one("#snooze-minutes", Cycle).value)
        reason = self.query_one("#snooze-reason", Input).value.strip()
        given = {"minutes": minutes, "reason": reason} if reason else {"minutes": minutes}
        self.dismiss((Wish("snooze_update", given),))
