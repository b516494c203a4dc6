"""A sheet over the cockpit: something to read, kept up to date, with nothing to do in it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from cockpit.session.snapshot import Controller, Snapshot
from cockpit.tui.panes.rows import Row, Rows
from cockpit.tui.screens.confirm import AskModal


class Sheet(AskModal):
    """Rows made from the snapshot; escape, enter or its own key closes it."""

    DEFAULT_CSS = """
    Sheet > #ask { width: 110; }
    Sheet Rows { max-height: 80vh; }
    """
    HINT: ClassVar[str] = "↑↓ move · esc close"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,q", "leave", "Close", show=False)]

    def __init__(self, snapshot: Snapshot, controller: Controller) -> None:
        super().__init__(snapshot, controller)

    def body(self) -> ComposeResult:
        """One list."""
        yield Rows(id="sheet")

    def redraw(self) -> None:
        """Draw the rows for the room there is."""
        rows = self.query_one("#sheet", Rows)
        made = self.rows_of(self.snapshot, self.room)
        rows.styles.height = len(made)
        rows.set_rows(made)

    @abstractmethod
    def rows_of(self, snapshot: Snapshot, width: int) -> Sequence[Row]:
        """Make the rows."""
