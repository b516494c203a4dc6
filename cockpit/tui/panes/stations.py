"""The line below: the five stations of the loop, and every clock that runs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from textual.content import Content

from cockpit.domain.cadence import put_off, reminder
from cockpit.domain.clock import mmss
from cockpit.domain.legal import running
from cockpit.domain.offers import calls
from cockpit.tui.panes.fitting import Piece, bar, fit_pieces
from cockpit.tui.panes.words import DIM
from cockpit.tui.text import Plain, line, untrusted

if TYPE_CHECKING:
    from cockpit.domain.guidance.next_step import StationView
    from cockpit.session.snapshot import Snapshot

GLYPHS = {"done": ("✔", "$text-success"), "now": ("●", "bold $text-accent"), "todo": ("○", DIM)}
SOON_S = 120.0
"""An update that is due within this many seconds is shown in the colour of a warning."""


class StationLine(Plain):
    """Where in the loop the incident stands, and what is due when."""

    DEFAULT_CSS = """
    StationLine { height: 1; padding: 0 1; background: $bar; color: $foreground; text-wrap: nowrap; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__("", id=id)
        self._snapshot: Snapshot | None = None
        self._rung: set[tuple[str, datetime]] = set()

    def show(self, snapshot: Snapshot) -> None:
        """Show the incident as it stands now; ring the bell once each time this person is called."""
        self._snapshot = snapshot
        state, now = snapshot.state, snapshot.now
        for about, come in (
            ("update", reminder(state, snapshot.playbook.profile.cadence, now)),
            ("role", calls(state.command, snapshot.actor, now)),
        ):
            if come is not None and (about, come) not in self._rung:
                self._rung.add((about, come))
                self.app.bell()
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        if self._snapshot is not None and self.content_size.width:
            self.update(stations(self._snapshot, self.content_size.width), layout=False)


def stations(snapshot: Snapshot, width: int) -> Content:
    """Write the line for a width in cells: stations left, clocks right, the most urgent clock last to go."""
    for joint, timed in ((" ─── ", True), (" ─ ", True), (" ", False)):
        left = Content.assemble(*_joined([_station(one, timed) for one in snapshot.stations], joint))
        clocks = fit_pieces(_clocks(snapshot), width - left.cell_length - 2)
        if clocks.cell_length or left.cell_length <= width - 24:
            return bar(left, clocks, width)
    return bar(left, clocks, width)


def _joined(parts: list[Content], joint: str) -> list[Content]:
    joined: list[Content] = []
    for part in parts:
        joined += [untrusted(joint, DIM), part] if joined else [part]
    return joined


def _station(station: StationView, timed: bool) -> Content:
    glyph, style = GLYPHS.get(station.status, GLYPHS["todo"])
    took = (
        f" {mmss(station.elapsed_s)}" if timed and station.elapsed_s is not None and station.status == "done" else ""
    )
    return line((f"{glyph} {station.name}{took}", style))


def _clocks(snapshot: Snapshot) -> list[Piece]:
    return [piece for piece in _all_clocks(snapshot) if piece]


def _all_clocks(snapshot: Snapshot) -> tuple[Piece | None, ...]:
    return (_update_clock(snapshot), _target_clock(snapshot), _canary_clock(snapshot), _legal_clock(snapshot))


def _update_clock(snapshot: Snapshot) -> Piece | None:
    if snapshot.next_due is None:
        return None
    left = (snapshot.next_due - snapshot.now).total_seconds()
    if left < 0 and (snooze := put_off(snapshot.state, snapshot.now)):
        return Piece(line((f"update late {mmss(-left)}, snoozed to {snooze.until:%H:%M}", "$text-warning")), 0)
    if left < 0:
        return Piece(line((f"▲ update overdue {mmss(-left)}", "bold $text-error")), 0)
    style = "bold $text-warning" if left < SOON_S else "bold"
    return Piece(line("next update in ", (mmss(left), style)), 0)


def _target_clock(snapshot: Snapshot) -> Piece | None:
    state = snapshot.state
    target = snapshot.playbook.profile.targets_s.get(state.severity)
    if state.page_at is None or target is None or state.contained or state.all_clear_at:
        return None
    left = (state.page_at + timedelta(seconds=target) - snapshot.now).total_seconds()
    if left < 0:
        return Piece(line((f"▲ not contained, {mmss(-left)} over target", "$text-error")), 1)
    return Piece(line("contain within ", (mmss(left), "bold")), 1)


def _legal_clock(snapshot: Snapshot) -> Piece | None:
    due = next(iter(running(snapshot.state)), None)
    if due is None:
        return None
    left = (due.due - snapshot.now).total_seconds()
    if left < 0:
        return Piece(line((f"▲ {due.clock} overdue {mmss(-left)}", "bold $text-error")), 1)
    return Piece(line(f"{due.clock} in ", (mmss(left), "bold")), 2)


def _canary_clock(snapshot: Snapshot) -> Piece | None:
    canary = snapshot.state.canary
    if canary is None or canary.state != "watching":
        return None
    left = snapshot.playbook.profile.canary_watch_s - (snapshot.now - canary.since).total_seconds()
    watched = f"watch {mmss(left)}" if left > 0 else "watched"
    return Piece(line("canary ", (f"{canary.percent:g} %", "bold"), f" {watched}"), 2)
