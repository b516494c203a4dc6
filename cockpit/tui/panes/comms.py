"""Pane 6: the journal as people read it, and when the next update is due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from cockpit.domain.events import Event, Kind
from cockpit.session.snapshot import Snapshot
from cockpit.tui.panes.pane import RowPane
from cockpit.tui.panes.phrases import Phrase, names_of, phrase
from cockpit.tui.panes.rows import Row, Rows, paragraph
from cockpit.tui.panes.told import due_title, short_cadence, short_deliveries
from cockpit.tui.panes.words import DIM, person, stamp
from cockpit.tui.text import fit, line

DRAWN = 400
"""Lines of the journal that are drawn; the rest is in `cockpit log show`."""
WHO = 7
LEFT = 6
WITH_SECONDS = 46
"""Cells from which on the time has seconds; an opened line always has them."""
READ_OUT = (
    Kind.PAGED, Kind.INJECT_DELIVERED, Kind.LEVER_PROPOSED, Kind.LEVER_REFUSED, Kind.LEVER_UNKNOWN,
    Kind.LEVER_NOT_PROVEN,
)  # fmt: skip
"""What came from outside, waits for somebody or went wrong is drawn over several lines, since it has to be read."""
MOST_LINES = 4
OUTCOMES = (Kind.UPDATE_DELIVERED, Kind.UPDATE_DELIVERY_FAILED, Kind.UPDATE_DELIVERY_UNKNOWN)
"""What became of an update on a channel; only the last counts."""


class CommsPane(RowPane):
    """Everything that happened, newest at the bottom; it follows until somebody moves up."""

    NUMBER = 6
    TITLE = "Comms log"
    HELP = """# Comms log
The journal: who did what, what the world said, what was posted. Newest at the bottom. **↑** stops following, **end**
follows again, **enter** opens a line in full. **c** composes an update, **n** writes a note.

The border counts down to the next update. The first is due minutes after declaring; silence costs more than a short
"still investigating". **Z** puts the reminder off; late stays late. How updates have kept time stands beside it, both
ways: the share of the time in which nobody waited too long, and how many came too soon with nothing new. **D** shows
where they went: what arrived, what waits or failed and why, and sends one again.
"""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "choose", "Open", show=False)]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.following = True
        self.opened: set[str] = set()
        self._made_of: tuple[object, ...] = ()
        self._names: dict[str, str] = {}

    def rows_of(self, snapshot: Snapshot, width: int) -> Sequence[Row]:
        """One line for each event; an opened one shows all of its words."""
        made_of = (snapshot.state.incident, len(snapshot.log), width, frozenset(self.opened))
        if made_of == self._made_of:
            return self.drawn
        self._made_of = made_of
        log = worth_reading(snapshot.log)[-DRAWN:]
        self._names = names_of(snapshot.log)
        rows = [one for event in log for one in self._event_rows(event, snapshot.actor, width)]
        return rows or [Row(line(("nothing has happened yet", DIM)))]

    def _event_rows(self, event: Event, me: str, width: int) -> Iterator[Row]:
        said = phrase(event, self._names)
        head, key = _head(event, said, me, width), str(event.seq)
        if key in self.opened:
            recorded = f"at {stamp(event.at)}, recorded {stamp(event.recorded_at)} · line {event.seq}"
            yield Row(head, key)
            yield from paragraph(line((said.text, said.style)), width, indent=2)
            yield from paragraph(line((recorded, DIM)), width, indent=2)
        elif event.kind in READ_OUT:
            lines = paragraph(head + line((said.text, said.style)), width, hang=LEFT, key=key)
            yield from lines[:MOST_LINES]
        else:
            yield Row(head + line((fit(said.text, max(4, width - head.cell_length)), said.style)), key)

    def rebuild(self) -> None:
        """Make the rows again, and follow the newest unless somebody moved away from it."""
        before = self.drawn
        super().rebuild()
        if self.following and self.drawn is not before and self.drawn:
            self.cursor = (self.selectable() or [""])[-1]
            self.scroll_to(y=len(self.drawn), animate=False, force=True)

    def heading_of(self, snapshot: Snapshot) -> tuple[str, str]:
        """Count down to the next update; say how they kept time, and what has not arrived."""
        away = "" if self.following else "not following: end"
        missing = short_deliveries(snapshot)
        told = [away, f"D {missing}" if missing else "", short_cadence(snapshot)]
        return " · ".join(one for one in told if one), due_title(snapshot)

    def select(self, key: str) -> None:
        """Move; anywhere but the newest line stops following."""
        super().select(key)
        self.following = key == (self.selectable() or [""])[-1]

    def action_edge(self, place: int) -> None:
        """The end follows again."""
        super().action_edge(place)
        self.following = place != 0

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Open a line, or close it again."""
        event.stop()
        self.opened ^= {event.key}
        self.rebuild()
        self.reveal(event.key)


def worth_reading(log: Sequence[Event]) -> list[Event]:
    """Leave out tries to deliver an update, but for what became of the last; the journal keeps them all."""
    last = {_place(event): event.seq for event in log if event.kind in OUTCOMES}
    told = (event for event in log if event.kind is not Kind.UPDATE_SENDING)
    return [event for event in told if event.kind not in OUTCOMES or last[_place(event)] == event.seq]


def _place(event: Event) -> tuple[object, object]:
    return str(event.get("update")), str(event.get("channel"))


def _head(event: Event, said: Phrase, me: str, width: int) -> Content:
    who = fit(person(said.who, me) if said.who else event.actor, WHO)
    at = stamp(event.at, seconds=width >= WITH_SECONDS)
    return line((f"{at} ", DIM), (f"{said.glyph} ", said.style), (who, "bold"), " ")
