"""Clocks of law and regulation: which run, with the time left, and which nobody has started."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import Input

from cockpit.domain.clock import mmss
from cockpit.domain.legal import Duty, LegalClock, Running, running
from cockpit.session.snapshot import Controller, Snapshot
from cockpit.tui.messages import Wish
from cockpit.tui.panes.rows import Row, Rows, paragraph
from cockpit.tui.panes.words import BAD, DIM, WARN, stamp
from cockpit.tui.screens.confirm import AskModal
from cockpit.tui.screens.fields import text_field
from cockpit.tui.text import Part, Plain, line


class ClocksModal(AskModal):
    """Choose a clock, say who became aware and when, or why it is over."""

    HEADING = "Legal clocks"
    HINT: ClassVar[str] = "↑↓ choose · enter · esc leave"
    AUTO_FOCUS = "Rows"

    def __init__(self, snapshot: Snapshot, controller: Controller) -> None:
        super().__init__(snapshot, controller)
        self.chosen: tuple[str, ...] = ()

    def body(self) -> ComposeResult:
        """The clocks, and the two fields that start or stop one."""
        yield Rows(id="clocks", spare=12)
        yield Plain("", id="clock-about")
        yield text_field("who / why", "", "choose a clock first", id="clock-who")
        yield text_field("when", "", "02:14, 15m ago, 2026-06-12T02:14; now if empty", id="clock-at")
        yield Plain(line(("Which of them apply is for people to say; none starts by itself.", DIM)))
        yield Plain("", id="clock-trouble")

    def redraw(self) -> None:
        """Draw what runs and what could be started, and where the one under the cursor comes from."""
        rows = self.query_one(Rows)
        rows.set_rows(list(self._rows()))
        self._tell_about(rows.cursor)

    def on_rows_moved(self, event: Rows.Moved) -> None:
        """Say where the clock under the cursor comes from."""
        self._tell_about(event.key)

    def _tell_about(self, key: str) -> None:
        doing, clock, what = (*key.split("\x1f"), "", "")[:3]
        if doing == "stop":
            found = (one for one in running(self.snapshot.state) if (one.clock, one.what) == (clock, what))
            about = next(map(_started, found), "")
        else:
            about = next((_asks(one) for one in self.snapshot.playbook.clocks if one.id == clock), "")
        self.query_one("#clock-about", Plain).update(line((about, DIM)))

    def _rows(self) -> Iterator[Row]:
        now = self.snapshot.now
        for one in running(self.snapshot.state):
            left = (one.due - now).total_seconds()
            told: Part = (
                f"{mmss(left)} left" if left >= 0 else f"OVERDUE by {mmss(-left)}",
                WARN if left >= 0 else BAD,
            )
            key = "\x1f".join(("stop", one.clock, one.what))
            aware = (f"  aware {one.aware} {stamp(one.anchor)}", DIM)
            yield from paragraph(line(told, f"  {one.title}: {one.what}", aware), self.room, hang=2, key=key)
        begun = {one.clock for one in running(self.snapshot.state)}
        for clock in self.snapshot.playbook.clocks:
            if clock.id not in begun:
                words = line(f"{clock.title}  ", (f"anchor: {clock.anchor} · {clock.who}", DIM))
                yield from paragraph(words, self.room, hang=2, key=f"start\x1f{clock.id}\x1f")

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Ask who became aware, or why it is over."""
        self.chosen = tuple(event.key.split("\x1f"))
        field = self.query_one("#clock-who", Input)
        starts = self.chosen[0] == "start"
        field.placeholder = "who became aware? then enter" if starts else "notified, or does not apply and why; enter"
        field.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Start or stop it."""
        event.stop()
        said = self.query_one("#clock-who", Input).value.strip()
        if not self.chosen or not said:
            self.query_one("#clock-trouble", Plain).update(line(("choose a clock, and say who or why", BAD)))
        elif self.chosen[0] == "start":
            at = self.query_one("#clock-at", Input).value.strip()
            self.dismiss((Wish("start_clock", {"clock": self.chosen[1], "aware": said, "at": at}),))
        else:
            self.dismiss((Wish("stop_clock", {"clock": self.chosen[1], "duty": self.chosen[2], "reason": said}),))


def _started(one: Running) -> str:
    """Say who started a duty's clock, from when it counts, when it is due and on what source."""
    source = f" · source: {one.source}" if one.source else ""
    return (
        f"started by {one.starter} · due {one.due:%Y-%m-%d %H:%M} UTC, from {one.anchor:%Y-%m-%d %H:%M} UTC{source}"
    )


def _asks(clock: LegalClock) -> str:
    """Say what a clock would ask for, where that was read and when."""
    duties = "; ".join(f"{duty.what} within {_span(duty)}" for duty in clock.duties)
    note = f" {clock.note}" if clock.note else ""
    return f"asks: {duties}.{note} Source, as read {clock.checked}: {clock.source}; no legal advice"


def _span(duty: Duty) -> str:
    parts = (
        f"{duty.months} month{'s' if duty.months > 1 else ''}" if duty.months else "",
        f"{duty.business_days} business days" if duty.business_days else "",
        f"{duty.hours:g} h" if duty.hours else "",
    )
    return " and ".join(one for one in parts if one) or "no time at all"
