"""Pane 3: what is measured, plotted over the last minutes, with a mark at every lever that was pulled."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from cockpit.session.snapshot import Snapshot
from cockpit.tui.panes.words import DIM
from cockpit.tui.signals import SignalGrid
from cockpit.tui.text import Plain, line, untrusted

NO_SIGNALS = (
    "No signals configured: [signals] in cockpit.toml names what to measure.\n"
    "Until then nothing here tells whether harm goes on, and contained can't be measured: judge by the answers "
    "themselves, and note what you see (n)."
)


class SignalsPane(Vertical):
    """The framed plots; its title says how far back they look and which are beyond their line."""

    DEFAULT_CSS = """
    SignalsPane { border: round $primary; border-title-color: $text; border-subtitle-color: $foreground-muted; }
    SignalsPane #no-signals { height: auto; padding: 1 2; color: $text-warning; display: none; }
    SignalsPane:focus-within { border: round $accent; border-title-style: bold; }
    """
    HELP = SignalGrid.HELP

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._title: tuple[object, ...] = ()
        self.border_title = "3 Signals"
        self.border_subtitle = "enter what it means"

    def compose(self) -> ComposeResult:
        yield Plain(NO_SIGNALS, id="no-signals")
        yield SignalGrid()

    def show(self, snapshot: Snapshot) -> None:
        """Show the incident as it stands now."""
        pulls = [pull.pulled_at for pull in snapshot.state.pulls]
        blind = not snapshot.frame.series
        self.query("#no-signals").set(display=blind)
        for grid in self.query(SignalGrid):  # none while the pane is being made or taken down
            grid.display = not blind
            grid.show(snapshot.frame, pulls)
        beyond = tuple(series.label for series in snapshot.frame.series if series.breached)
        if (snapshot.frame.window_s, beyond) != self._title:
            self._title = (snapshot.frame.window_s, beyond)
            self.border_title = _heading(snapshot.frame.window_s, beyond)


def _heading(window_s: float, beyond: tuple[str, ...]) -> Content:
    parts = [line("3 Signals", (f"   last {window_s / 60:.0f} min", DIM))]
    if beyond:
        parts.append(untrusted("   ▲ " + ", ".join(beyond), "$text-error", limit=60))
    return Content("").join(parts)
