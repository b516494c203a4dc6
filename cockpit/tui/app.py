"""The app: themes, the guard before the terminal, opening an incident behind the first frame, and leaving."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import SystemCommand
from textual.command import Provider
from textual.filter import LineFilter
from textual.screen import Screen

from cockpit.tui import crash
from cockpit.tui.actions import Keys
from cockpit.tui.arrange import MEDIUM, WIDE
from cockpit.tui.guard import TerminalGuard
from cockpit.tui.in_turn import KeysInTurn
from cockpit.tui.ports import TuiSettings
from cockpit.tui.remembering import Remembering
from cockpit.tui.screens.cockpit import CockpitScreen
from cockpit.tui.theme import DARK, LIGHT, MONO_DARK, MONO_LIGHT, SEVERITY_VARIABLES_ANSI, theme_for

if TYPE_CHECKING:
    from cockpit.session.snapshot import Snapshot
    from cockpit.tui.ports import HomeModel, Opener, Papers, Remembers
    from cockpit.tui.screens.confirm import AskModal

POLL_S = 0.25
"""Seconds between two looks at the controller's snapshot."""

WIDTHS = [(0, "-narrow"), (MEDIUM, "-medium"), (WIDE, "-wide")]
HEIGHTS = [(0, "-short"), (30, "-tall")]
"""Style classes of screens by the terminal's columns and rows."""


def _commands() -> type[Provider]:
    from cockpit.tui.palette import CockpitCommands

    return CockpitCommands


class CockpitApp(KeysInTurn, Remembering):
    """One terminal on one incident at a time; without an opener it begins at home."""

    TITLE = "cockpit"
    CSS_PATH = "cockpit.tcss"
    ALLOW_SELECT = False  # rapid clicks on a toast crash Textual 8.2 otherwise
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_commands}
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS

    def __init__(
        self,
        opener: Opener | None = None,
        *,
        settings: TuiSettings | None = None,
        home: HomeModel | None = None,
        papers: Papers | None = None,
        memory: Remembers | None = None,
    ) -> None:
        super().__init__()
        self.settings = settings or TuiSettings()
        self.keys = Keys(self.settings.keys)
        self.home = home
        self.papers = papers
        self.memory = memory
        self._opener = opener
        self._guard = TerminalGuard()
        self._loop_running: asyncio.AbstractEventLoop | None = None
        self._ending: int | None = None
        for theme in (DARK, LIGHT, MONO_DARK, MONO_LIGHT):
            self.register_theme(theme)
        self.theme = theme_for(self.settings.theme, self.no_color)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Put the guard first: nothing is drawn that a terminal would obey."""
        return [self._guard, *super().get_line_filters()]

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give every theme the colours of the severities."""
        return dict(SEVERITY_VARIABLES_ANSI)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer the theme beside the registry's commands; no screenshot: a picture would hold people's words."""
        yield SystemCommand("Theme", "Choose dark, light, or the terminal's own colours", self.action_change_theme)

    def action_command_palette(self) -> None:
        """Open the palette."""
        from cockpit.tui.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette"))

    def search_themes(self) -> None:
        """Open the palette on the themes."""
        from textual.theme import ThemeProvider

        from cockpit.tui.palette import Palette

        self.push_screen(Palette(providers=[ThemeProvider], placeholder="Search for themes…"))

    def on_mount(self) -> None:
        self._loop_running = asyncio.get_running_loop()
        self.set_keymap(self.keys.keymap())
        if self._opener:
            self.visit(self._opener)
        else:
            self.go_home()
        self.set_interval(POLL_S, self._look)
        if self._ending is not None:  # asked for while the screens were still being made
            self.exit(return_code=self._ending)

    def poll(self) -> None:
        """Show the latest snapshot at once, if it is a new one."""
        if snapshot := self._news():
            for screen in self._shown():
                screen.show(snapshot)

    def _look(self) -> None:
        """Show the latest snapshot, if it is a new one, without being in anybody's way."""
        if snapshot := self._news():
            for screen in self._shown():
                if isinstance(screen, CockpitScreen) and screen.latest:
                    screen.show_in_turn(snapshot)
                else:
                    screen.show(snapshot)

    def _news(self) -> Snapshot | None:
        # While the app is taken down its timers still tick, and the panes lose their parts one by one.
        snapshot = self.controller.snapshot() if self.controller and self.is_running else None
        if snapshot is None or snapshot is self.latest:
            return None
        self.remember(snapshot)
        return snapshot

    def _shown(self) -> list[CockpitScreen | AskModal]:
        from cockpit.tui.screens.confirm import AskModal  # imported with the panes, before there is a snapshot

        return [screen for screen in self.screen_stack if isinstance(screen, (CockpitScreen, AskModal))]

    def end_soon(self, return_code: int) -> None:
        """Leave from any thread or signal handler, at the first moment at which that can be done."""
        self._ending = return_code
        if self._loop_running and not self._loop_running.is_closed():
            self._loop_running.call_soon_threadsafe(lambda: self.exit(return_code=return_code))

    def _handle_exception(self, error: Exception) -> None:
        # While the screens are taken down, what still ran finds its widgets gone: that is no crash.
        if not self._exit:
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        # Textual's own way prints every local variable, and with them customers' words and tokens.
        error = sys.exc_info()[1] or self._exception or RuntimeError("unknown")
        path = crash.keep(error, self.settings.state_folder)
        kept = f" Where it happened is written in {path}." if path else ""
        self.exit(
            return_code=1,
            message=crash.last_words(
                f"The cockpit stopped because of an error of its own ({type(error).__name__}). "
                f"The journal is intact: start again, and the incident goes on where it was.{kept}"
            ),
        )
        self._close_messages_no_wait()
