"""Where a command finds its data: settings, folders, journal."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cockpit.domain.clock import WallClock
from cockpit.paths import Paths, find_paths

if TYPE_CHECKING:
    from cockpit.journal.log import Journal
    from cockpit.settings import Settings
    from cockpit.tui.ports import TuiSettings

FROM_COMMAND_LINE = {"data": "data_dir", "responder": "responder", "profile": "profile", "speed": "speed"}
"""Options of commands that win over the settings of the same meaning."""


def settings_of(given: Namespace) -> Settings:
    """Read the settings; what the command line says wins."""
    from cockpit.settings import load_settings

    said: dict[str, Any] = {name: getattr(given, option, None) for option, name in FROM_COMMAND_LINE.items()}
    return load_settings(os.environ, {name: value for name, value in said.items() if value is not None})


def paths_of(given: Namespace) -> Paths:
    """Return the folders in use."""
    said = getattr(given, "data", None)
    return find_paths(os.environ, Path(said) if said else settings_of(given).data_dir)


def screen_settings(given: Namespace) -> TuiSettings:
    """Return what a person has set about the screens."""
    from cockpit.tui.ports import TuiSettings

    settings = settings_of(given)
    return TuiSettings(settings.theme, settings.keys, paths_of(given).state)


@contextmanager
def open_journal(given: Namespace, *, read_only: bool = False) -> Iterator[Journal]:
    """Open the journal for the length of a command."""
    from cockpit.journal.log import Journal

    journal = Journal.open(paths_of(given).journal, clock=WallClock(), read_only=read_only)
    try:
        yield journal
    finally:
        journal.close()
