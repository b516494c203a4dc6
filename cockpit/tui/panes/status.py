"""The bar on top: how bad, since when, whom it hits, who does what, and whether it is a drill."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from textual.content import Content

from cockpit.domain.clock import mmss
from cockpit.domain.events import from_iso
from cockpit.tui.panes.fitting import Piece, bar, fit_pieces
from cockpit.tui.panes.words import person
from cockpit.tui.text import Plain, line, untrusted
from cockpit.tui.theme import SEVERITY_CLASSES, severity_class

if TYPE_CHECKING:
    from cockpit.session.snapshot import Snapshot

ENDING = timedelta(minutes=10)
"""A drill tells its own end so long before it: a canary takes longer than the minutes people think they have."""
SHORT_ROLES = {"ic": "IC", "operations": "Ops", "communications": "Comms"}


class StatusBar(Plain):
    """One line that says what is going on; its colour is the severity's, and so is its first word."""

    DEFAULT_CSS = """
    StatusBar { height: 1; padding: 0 1; background: $sev-none; color: #ffffff; text-wrap: nowrap; }
    StatusBar.-sev1 { background: $sev1; }
    StatusBar.-sev2 { background: $sev2; }
    StatusBar.-sev3 { background: $sev3; }
    StatusBar.-sev4 { background: $sev4; }
    """

    def __init__(self, waiting: str = "", *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(waiting, id=id)
        self._snapshot: Snapshot | None = None

    def show(self, snapshot: Snapshot) -> None:
        """Show the incident as it stands now."""
        self._snapshot = snapshot
        wanted = severity_class(snapshot.playbook.profile.scale, snapshot.state.severity)
        for name in SEVERITY_CLASSES:
            self.set_class(name == wanted, name)
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        if self._snapshot is not None and self.content_size.width:
            self.update(status(self._snapshot, self.content_size.width), layout=False)


def status(snapshot: Snapshot, width: int) -> Content:
    """Write the bar for a width in cells."""
    mark = _mark(snapshot, width)
    state = snapshot.state
    pieces = [
        Piece(untrusted(state.severity or "SEV?", "bold", limit=12), 0),
        Piece(untrusted(state.incident, limit=24), 4),
        Piece(untrusted(state.title, limit=200), 5, elastic=True),
        Piece(untrusted(since_page(snapshot), "bold"), 1),
        Piece(_harm(snapshot), 2),
        *_ending(snapshot),
        *_others(snapshot, width),
        Piece(_roles(snapshot, tuple(SHORT_ROLES)), 6) if width >= 100 else Piece(_roles(snapshot, ("ic",)), 3),
    ]
    return bar(fit_pieces(pieces, width - mark.cell_length - 1), mark, width)


def _ending(snapshot: Snapshot) -> list[Piece]:
    """Write how long a drill still goes on, as its end comes near."""
    state, told = snapshot.state, str(snapshot.log[0].get("end") or "") if snapshot.log else ""
    if state.live or state.ended or not told:
        return []
    left = from_iso(told) - snapshot.now
    near = timedelta(0) < left <= ENDING
    return [Piece(line("ends in ", (mmss(left), "bold")), 2)] if near else []


def _others(snapshot: Snapshot, width: int) -> list[Piece]:
    """Write who else is on the incident right now: names where there is room, else how many."""
    names = list(dict.fromkeys(one.who for one in snapshot.here if not one.mine))
    if not names:
        return []
    more = f" +{len(names) - 3}" if len(names) > 3 else ""
    told = ", ".join(name[:12] for name in names[:3]) + more if width >= 140 else str(len(names))
    return [Piece(line("here ", ("+" if width < 140 else "", "bold"), (told, "bold")), 7)]


def _harm(snapshot: Snapshot) -> Content:
    """Write how many users are harmed; on real systems none counted is not the same as none harmed."""
    if not snapshot.harmed and snapshot.state.live:
        return line("harm ", ("not counted", "bold"))
    return line("harm ", (snapshot.harmed, "bold"), " user" if snapshot.harmed == 1 else " users")


def since_page(snapshot: Snapshot) -> str:
    """Write the time since the page."""
    page = snapshot.state.page_at
    return f"T+{mmss(snapshot.now - page)}" if page else "no page yet"


def _roles(snapshot: Snapshot, roles: tuple[str, ...]) -> Content:
    holders = snapshot.state.command.holders
    named = [
        line(f"{SHORT_ROLES[role]} ", (person(holders.get(role, ""), snapshot.actor)[:16], "bold"))
        if role in holders
        else line((f"{SHORT_ROLES[role]} –", "dim"))
        for role in roles
    ]
    return Content(" · ").join(named)


def _mark(snapshot: Snapshot, width: int) -> Content:
    state = snapshot.state
    if state.live:
        return untrusted(" ● LIVE · all clear " if state.all_clear_at else " ● LIVE ", "bold $live-text on $live")
    if not state.simulated:
        where = " on staging" if width >= 70 else ""
        return untrusted(f" ◆ RANGE{where}{' ■ over' if state.ended else ''} ", "bold #ffffff on $range")
    stopped = "⏸ held" if state.held else "⏸ paused"
    run = "■ over" if snapshot.ended else stopped if snapshot.paused else "▶"
    seed = f" seed {state.seed}" if width >= 70 else ""
    return untrusted(f" DRILL ×{snapshot.speed:g}{seed} {run} ", "bold #1a1a1a on $drill")
