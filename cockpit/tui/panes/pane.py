"""What the working panes have in common: a numbered border, rows made from a snapshot, and redrawing only news."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.content import Content

from cockpit.session.snapshot import Snapshot
from cockpit.tui.panes.rows import Row, Rows
from cockpit.tui.text import untrusted


class RowPane(Rows):
    """A pane whose lines are made of a snapshot for the width there is."""

    DEFAULT_CSS = """
    RowPane {
        scrollbar-color: $frame; scrollbar-color-hover: $accent; scrollbar-color-active: $accent;
        scrollbar-background: $background; scrollbar-background-hover: $background;
        scrollbar-background-active: $background;
        border: round $frame; border-title-color: $text; border-subtitle-color: $foreground-muted;
    }
    RowPane:focus { border: round $accent; border-title-style: bold; }
    """
    NUMBER: ClassVar[int] = 0
    TITLE: ClassVar[str] = ""
    HELP: ClassVar[str] = ""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.snapshot: Snapshot | None = None
        self._heading: tuple[str, str] = ("", "")
        self.border_title = f"{self.NUMBER} {self.TITLE}"

    def show(self, snapshot: Snapshot) -> None:
        """Show the incident as it stands now."""
        if snapshot is not self.snapshot:
            self.snapshot = snapshot
            self.rebuild()

    def rebuild(self) -> None:
        """Make the rows again."""
        if self.snapshot is None or self.line_width <= 0:
            return
        self.set_rows(self.rows_of(self.snapshot, self.line_width))
        self.set_heading(*self.heading_of(self.snapshot))

    @abstractmethod
    def rows_of(self, snapshot: Snapshot, width: int) -> Sequence[Row]:
        """Make the rows of a snapshot."""

    def called(self) -> None:
        """Somebody came here by the pane's own key; most panes stay as they were left."""

    def heading_of(self, snapshot: Snapshot) -> tuple[str, str]:
        """Return what stands beside the title, and in the border below."""
        return "", ""

    def set_heading(self, beside: str, below: str) -> None:
        """Write into the border, when it changed; the words may come from outside."""
        if (beside, below) == self._heading:
            return
        self._heading = (beside, below)
        title = Content(f"{self.NUMBER} {self.TITLE}")
        self.border_title = title + Content("   ") + untrusted(beside, limit=80) if beside else title
        self.border_subtitle = untrusted(below, limit=200) if below else None

    def on_resize(self, event: events.Resize) -> None:
        self.rebuild()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()
