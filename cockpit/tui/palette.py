"""The palette: every command by name, with its key, and the reason when it can't run now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import partial

from textual import events
from textual.app import ComposeResult
from textual.command import (
    CommandInput,
    CommandList,
    CommandPalette,
    DiscoveryHit,
    Hit,
    Hits,
    Provider,
    SearchIcon,
)
from textual.containers import Horizontal, Vertical
from textual.css.query import NoMatches
from textual.timer import Timer, TimerCallback
from textual.widgets import LoadingIndicator

from cockpit.tui.actions import Command, refusal, shown
from cockpit.tui.visits import Visits


class Found(CommandList):
    """The list of what was found; a click on a row that has gone meanwhile chooses nothing."""

    async def _on_click(self, event: events.Click) -> None:
        event.prevent_default()
        with suppress(IndexError):
            await super()._on_click(event)


class Palette(CommandPalette):
    """Textual's palette, spared crashes: a list that is not laid out yet, or that is gone already."""

    def compose(self) -> ComposeResult:
        """Compose it as Textual does, with a list of the cockpit's own."""
        with Vertical(id="--container"):
            with Horizontal(id="--input"):
                yield SearchIcon()
                yield CommandInput(placeholder=self._placeholder, select_on_focus=False)
            with Vertical(id="--results"):
                yield Found()
                yield LoadingIndicator()

    def on_mount(self) -> None:
        self.query_one(SearchIcon).icon = "▸"  # the magnifying glass is missing in many fonts

    def set_timer(
        self, delay: float, callback: TimerCallback | None = None, *, name: str | None = None, pause: bool = False
    ) -> Timer:
        """Count down; what comes due while the palette is taken down has nothing left to show."""
        due = partial(self._while_open, callback) if callback else None
        return super().set_timer(delay, due, name=name, pause=pause)

    async def _while_open(self, callback: TimerCallback) -> None:
        from textual._callback import invoke

        if self.query(CommandList):
            await invoke(callback)

    async def _watch__show_busy(self) -> None:
        with suppress(NoMatches):
            await super()._watch__show_busy()

    def _watch__list_visible(self) -> None:
        with suppress(NoMatches):
            super()._watch__list_visible()

    def _action_command_list(self, action: str) -> None:
        with suppress(KeyError):
            super()._action_command_list(action)


class CockpitCommands(Provider):
    """Commands of the cockpit; choosing one that can't run says why, as its key does."""

    async def discover(self) -> Hits:
        """List every command before anything is typed."""
        for command in self._commands():
            yield DiscoveryHit(self._title(command), self._run(command), help=self._help(command))

    async def search(self, query: str) -> Hits:
        """List the commands that match."""
        matcher = self.matcher(query)
        for command in self._commands():
            title = self._title(command)
            if (score := matcher.match(f"{title} {command.help}")) > 0:
                yield Hit(score, matcher.highlight(title), self._run(command), help=self._help(command))

    @property
    def _visits(self) -> Visits:
        assert isinstance(self.app, Visits)
        return self.app

    def _commands(self) -> Iterator[Command]:
        return iter(shown(self._visits.latest) if self._visits.cockpit else ())

    def _title(self, command: Command) -> str:
        return f"{command.label}  {self._visits.keys.label(command)}"

    def _help(self, command: Command) -> str:
        reason = refusal(command, self._visits.latest)
        return f"not now: {reason}" if reason else command.help

    def _run(self, command: Command) -> partial[None]:
        return partial(self._visits.action_command, command.id)
