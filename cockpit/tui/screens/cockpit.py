"""The cockpit: bars above and below, six panes between; it turns keys into commands and draws snapshots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget

from cockpit.tui.actions import BY_ID, COMMANDS, Keys
from cockpit.tui.arrange import PANES
from cockpit.tui.board import Board
from cockpit.tui.messages import ShowsSnapshot
from cockpit.tui.panes.advice import AdviceBar
from cockpit.tui.panes.keybar import KeyBar
from cockpit.tui.panes.stations import StationLine
from cockpit.tui.panes.status import StatusBar
from cockpit.tui.panes.tabs import PaneTabs
from cockpit.tui.runner import Notice
from cockpit.tui.still import StillScreen

if TYPE_CHECKING:
    from cockpit.session.snapshot import Snapshot


TURN_S = 0.02
"""Seconds between two parts of the screen, so that each is painted by itself."""


@dataclass
class CommandGiven(Message):
    """Somebody pressed a key, clicked its words or chose it in the palette; the id is in `actions.COMMANDS`."""

    command: str


class CockpitScreen(StillScreen[None]):
    """The incident on one screen; it stands before the incident is open."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(",".join(command.keys), f"command('{command.id}')", command.label, show=False, id=command.id)
        for command in COMMANDS
    ]

    def __init__(self, keys: Keys) -> None:
        super().__init__()
        self.keys = keys
        self.latest: Snapshot | None = None
        self._waiting: list[ShowsSnapshot] = []

    def compose(self) -> ComposeResult:
        yield StatusBar("opening the incident …", id="status")
        yield StationLine(id="stations")
        yield AdviceBar(self.keys, id="advice")
        yield PaneTabs(id="tabs")
        yield Board(id="board")
        yield KeyBar(self.keys, id="keys")

    @property
    def board(self) -> Board:
        """The six panes."""
        return self.query_one(Board)

    def look_at(self, number: int) -> None:
        """Bring a pane to where it is seen; where it is seen already the cursor stays where it is."""
        if number not in self.board.shown:
            self.board.go(number)

    async def fill(self, panes: Sequence[Widget]) -> None:
        """Put the six panes in their places."""
        for number, pane in zip(PANES, panes, strict=True):
            await self.board.slot(number).fill(pane)
        if self.latest:
            self.show(self.latest)
        if self.focused is None:
            self.board.go(self.board.current)

    def show(self, snapshot: Snapshot) -> None:
        """Show the incident as it stands now, everywhere at once."""
        self.latest = snapshot
        self._waiting.clear()
        for part in self._parts():
            part.show(snapshot)

    def show_in_turn(self, snapshot: Snapshot) -> None:
        """Show the incident as it stands now, part after part: a key meanwhile waits for one, not for all."""
        self.latest = snapshot
        begins = not self._waiting
        # Those still waiting come first; those that had their turn come again, since there is fresher news.
        self._waiting += [part for part in self._parts() if part not in self._waiting]
        if begins:
            self.set_timer(TURN_S, self._show_next)

    def _show_next(self) -> None:
        """Show one part, and come back for the next; a timer that repeats would leave out turns on a busy machine."""
        if self._waiting and self.latest and self.app.is_running:
            self._waiting.pop(0).show(self.latest)
            self.set_timer(TURN_S, self._show_next)

    def _parts(self) -> list[ShowsSnapshot]:
        # A query may be empty: while the app leaves, the bars go before the screen does.
        bars = (bar for kind in (StatusBar, StationLine, AdviceBar, KeyBar) for bar in self.query(kind))
        panes = (self.board.slot(number).pane for number in PANES)
        parts: tuple[object, ...] = (*bars, *panes)
        return [part for part in parts if isinstance(part, ShowsSnapshot)]

    def say(self, notice: Notice) -> None:
        """Show what became of something."""
        self.query_one(AdviceBar).say(notice)

    def action_command(self, command: str) -> None:
        """Pass a key on; moving between panes needs nobody else."""
        if command == "next_pane":
            self.board.step(1)
        elif command == "previous_pane":
            self.board.step(-1)
        elif number := BY_ID[command].pane:
            self.board.go(number)
            self._call_pane(number)
            self.post_message(CommandGiven(command))
        else:
            self.post_message(CommandGiven(command))

    def _call_pane(self, number: int) -> None:
        from cockpit.tui.panes.pane import RowPane

        pane = self.board.slot(number).pane
        if isinstance(pane, RowPane):
            pane.called()

    @on(KeyBar.Pressed)
    def _key_clicked(self, event: KeyBar.Pressed) -> None:
        event.stop()
        self.action_command(event.command)

    @on(PaneTabs.Picked)
    def _tab_clicked(self, event: PaneTabs.Picked) -> None:
        event.stop()
        self.board.go(event.number)

    @on(Board.Rearranged)
    def _rearranged(self, event: Board.Rearranged) -> None:
        event.stop()
        board = self.board
        self.query_one(PaneTabs).tell(board.shown, board.current, self.size.width)
