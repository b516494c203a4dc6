"""Where updates, pages and tickets went: what has arrived, what waits, what failed and why; and another try."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult

from cockpit.domain.clock import mmss
from cockpit.domain.deliveries import RETRIED, Delivery, Stage, Wired
from cockpit.domain.errands import errand_words, is_ticket, place_of
from cockpit.domain.parts import Update
from cockpit.tui.messages import Wish
from cockpit.tui.panes.rows import Row, Rows, paragraph
from cockpit.tui.panes.told import cadence_words, due_words
from cockpit.tui.panes.words import BAD, DIM, GOOD, WARN, stamp
from cockpit.tui.screens.confirm import AskModal
from cockpit.tui.text import Part, Plain, line

MARKS = {
    Stage.SENDING: ("✉", WARN),
    Stage.DELIVERED: ("✔", GOOD),
    Stage.WAITING: ("◔", WARN),
    Stage.REFUSED: ("✖", BAD),
    Stage.UNKNOWN: ("?", BAD),
}
LATEST = 6
"""Updates of one channel that are shown, the newest; what has not arrived is always shown."""


class DeliveriesModal(AskModal):
    """Each channel with its updates, each pager and tracker with its errands; enter tries one again."""

    HEADING = "Where updates, pages and tickets went"
    HINT: ClassVar[str] = "↑↓ choose · enter try it again · esc leave"
    AUTO_FOCUS = "Rows"
    DEFAULT_CSS = "DeliveriesModal > #ask { width: 110; }"

    def body(self) -> ComposeResult:
        """The channels, and how updates have kept time."""
        yield Rows(id="deliveries", spare=6)
        yield Plain("", id="deliveries-due")
        yield Plain("", id="deliveries-cadence")

    def redraw(self) -> None:
        """Draw every channel with what became of each update."""
        rows = [one for wired in self._channels() for one in self._channel_rows(wired)]
        places = dict.fromkeys(place_of(one) for one in self.snapshot.state.errands.values())
        rows += [one for place in places for one in self._errand_rows(place)]
        self.query_one(Rows).set_rows(rows or [Row(line((_nowhere(self.snapshot.state.live), DIM)))])
        self.query_one("#deliveries-due", Plain).update(due_words(self.snapshot))
        self.query_one("#deliveries-cadence", Plain).update(cadence_words(self.snapshot))

    def _channels(self) -> list[Wired]:
        """The wired channels, and those that an update was meant for and that are not wired here."""
        state, wired = self.snapshot.state, list(self.snapshot.channels)
        known = {one.name for one in wired}
        chosen = {name for update in state.updates for name in update.channels or ()}
        used = {one.channel for one in state.deliveries.values()}
        problem = "not wired at this terminal" if wired else ""
        return [*wired, *(Wired(name, frozenset(), problem) for name in sorted((chosen | used) - known))]

    def _channel_rows(self, wired: Wired) -> Iterator[Row]:
        state = self.snapshot.state
        mine = [
            update
            for update in state.updates
            if meant_for(update, wired) or (update.seq, wired.name) in state.deliveries
        ]
        audiences = f"  for {', '.join(sorted(wired.audiences))}" if wired.audiences else ""
        problem: Part = (f"  {wired.problem}", BAD) if wired.problem else ""
        yield from paragraph(line((wired.name, "bold"), (audiences, DIM), problem), self.room, hang=2)
        if not mine:
            yield Row(line(("  nothing was to go there yet", DIM)))
        for number, update in enumerate(mine):
            one = state.deliveries.get((update.seq, wired.name))
            if number >= len(mine) - LATEST or one is None or one.stage is not Stage.DELIVERED:
                yield from self._delivery_rows(update, wired, one)

    def _errand_rows(self, place: str) -> Iterator[Row]:
        mine = [one for one in self.snapshot.state.errands.values() if place_of(one) == place]
        what = "tracker" if all(map(is_ticket, mine)) else "pager"
        yield from paragraph(line((place, "bold"), (f"  {what}", DIM)), self.room, hang=2)
        for number, one in enumerate(mine):
            if number >= len(mine) - LATEST or one.stage is not Stage.DELIVERED:
                mark, style = MARKS[one.stage]
                when = (f"{stamp(one.at, seconds=False)} ", DIM)
                words = line((f"{mark} ", style), when, f"{errand_words(one)}: ", (self._went(one), style))
                key = f"{one.update}\x1f{one.channel}" if one.stage in RETRIED else ""
                yield from paragraph(words, self.room, indent=2, hang=4, key=key)

    def _delivery_rows(self, update: Update, wired: Wired, one: Delivery | None) -> Iterator[Row]:
        mark, style = MARKS[one.stage] if one else ("◔", WARN)
        head = line(
            (f"{mark} ", style), (stamp(update.at, seconds=False), DIM), f" to {update.audience}, {update.state}: "
        )
        again = one is not None and one.stage in RETRIED and not wired.problem
        key = f"{update.seq}\x1f{wired.name}" if again else ""
        became = self._went(one) if one else _unsent(update, wired)
        words = head + line((became, style))
        yield from paragraph(words, self.room, indent=2, hang=4, key=key)

    def _went(self, one: Delivery) -> str:
        """Say what became of one delivery or errand."""
        if one.stage is Stage.DELIVERED:
            tries = f" at the {one.tries}. try" if one.tries > 1 else ""
            done = f"is {one.ref}" if is_ticket(one) else f"arrived {stamp(one.at)}"
            return f"{done}{tries} {one.url}".rstrip()
        if one.stage is Stage.SENDING:
            return "is being sent"
        if one.stage is Stage.WAITING:
            return f"failed: {one.reason}; tried again {self._when(one)} (enter: at once)"
        if one.stage is Stage.UNKNOWN:
            return f"UNKNOWN whether it arrived: {one.reason}; look there first, enter sends it again"
        return f"REFUSED: {one.reason}; enter tries again"

    def _when(self, one: Delivery) -> str:
        left = (one.next_try - self.snapshot.now).total_seconds() if one.next_try else 0.0
        return f"in {mmss(left)}" if left > 0 else "now"

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Send one again, or ask for it again."""
        update, _, channel = event.key.partition("\x1f")
        self.dismiss((Wish("retry_update", {"update": int(update), "channel": channel}),))


def meant_for(update: Update, wired: Wired) -> bool:
    """Tell whether an update is to go out on a channel: one that was chosen for it, or all of its audience's."""
    if update.channels is not None:
        return wired.name in update.channels
    return update.audience in wired.audiences


def _unsent(update: Update, wired: Wired) -> str:
    if update.audience not in wired.audiences:
        return f"NOT SENT: there is no channel of this name for {update.audience}"
    return f"not sent yet: {wired.problem}" if wired.problem else "not sent yet"


def _nowhere(live: bool) -> str:
    if live:
        return "No channel is wired: updates stay in the journal. [channels.NAME] in cockpit.toml wires one."
    return "A drill tells nobody outside: its updates stay in its journal."
