"""A bare app for one pane or one dialog, and keys pressed as slowly as a person presses them."""

from __future__ import annotations

from typing import Any

from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widget import Widget

from cockpit.tui.messages import Wish
from cockpit.tui.modals import Wishes, modal
from cockpit.tui.panes.pane import RowPane
from cockpit.tui.panes.rows import BURST_S, Rows
from cockpit.tui.screens.confirm import AskModal, CodeBox
from cockpit.tui.theme import DARK, SEVERITY_VARIABLES_ANSI
from tests.tui.fakes import FakeController

NOTHING = (Wish("nothing was dismissed yet"),)


class Stage(App[None]):
    """Shows a widget, and keeps what is posted and what a dialog is dismissed with."""

    ALLOW_SELECT = False

    def __init__(self, widget: Widget | None = None) -> None:
        super().__init__()
        self._widget = widget
        self.wishes: Wishes = NOTHING

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """As the cockpit does."""
        return dict(SEVERITY_VARIABLES_ANSI)

    def compose(self) -> ComposeResult:
        if self._widget is not None:
            yield self._widget

    def on_mount(self) -> None:
        self.register_theme(DARK)
        self.theme = DARK.name

    def open(self, name: str, controller: FakeController, **arguments: Any) -> AskModal:
        """Open a dialog by its name."""
        snapshot = controller.snapshot()
        assert snapshot is not None
        screen = modal(name, snapshot, controller, **arguments)
        assert isinstance(screen, AskModal)
        self.push_screen(screen, self._dismissed)
        return screen

    def _dismissed(self, wishes: Wishes) -> None:
        self.wishes = wishes

    @property
    def asked(self) -> list[tuple[str, dict[str, Any]]]:
        """What the dialog asked for."""
        return [(wish.action, dict(wish.arguments)) for wish in self.wishes or ()]


def text_of(widget: Widget) -> str:
    """Read what a widget draws now."""
    if isinstance(widget, Rows):
        return "\n".join(one.content.plain for one in widget.drawn)
    return "\n".join(strip.text for strip in widget.render_lines(widget.region.reset_offset))


def screen_text(app: App[None]) -> str:
    """Read the whole screen as a person sees it."""
    return "\n".join("".join(segment.text for segment in line) for line in app.screen._compositor.render_strips())


async def slowly(pilot: Pilot[None], *keys: str) -> None:
    """Press keys with a person's pauses between them."""
    for key in keys:
        await pilot.pause(BURST_S * 2)
        await pilot.press(key)
    await pilot.pause()


async def type_code(pilot: Pilot[None]) -> None:
    """Type the code that the dialog shows, and confirm it."""
    code = pilot.app.screen.query_one(CodeBox).code
    await slowly(pilot, *code, "enter")


def shown(pane: RowPane, controller: FakeController) -> str:
    """Show the latest snapshot in a pane and read it."""
    snapshot = controller.snapshot()
    assert snapshot is not None
    pane.show(snapshot)
    return text_of(pane)
