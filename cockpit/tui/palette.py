"""The palette: every command by name, with its key, and the reason when it can't run now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import partial

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider

from cockpit.tui.actions import Command, refusal, shown
from cockpit.tui.visits import Visits


class Palette(CommandPalette):
    """Textual's palette, spared a crash: its list can't be paged (KeyError) before it has been laid out."""

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
