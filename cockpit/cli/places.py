"""Where a command finds its data: settings, folders, journal."""

from __future__ import annotations

import os
import stat
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cockpit.domain.clock import WallClock
from cockpit.errors import BadInput, CockpitError, JournalDamaged, UnknownIncident
from cockpit.paths import Paths, find_paths

if TYPE_CHECKING:
    from cockpit.journal.log import Journal
    from cockpit.settings import Settings
    from cockpit.tui.ports import TuiSettings

FROM_COMMAND_LINE = {"data": "data_dir", "responder": "responder", "profile": "profile", "speed": "speed"}
"""Options of commands that win over the settings of the same meaning."""

BACKUP = "Put it back from a copy, or begin a fresh one with --data DIR."
ANOTHER_FOLDER = "Name another folder by --data DIR, or by COCKPIT_DATA_DIR."


def settings_of(given: Namespace) -> Settings:
    """Read the settings; what the command line says wins."""
    from cockpit.settings import load_settings

    said: dict[str, Any] = {name: getattr(given, option, None) for option, name in FROM_COMMAND_LINE.items()}
    return load_settings(os.environ, {name: value for name, value in said.items() if value is not None})


def paths_of(given: Namespace) -> Paths:
    """Return the folders in use; the one for data may not be there yet.

    Raises:
        BadInput: what is named can be no folder, or may not be looked into.
    """
    said = getattr(given, "data", None)
    paths = find_paths(os.environ, Path(said) if said else settings_of(given).data_dir)
    try:
        is_folder = stat.S_ISDIR(paths.data.stat().st_mode)
    except FileNotFoundError:
        return paths
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise BadInput(f"the folder {paths.data} can't be used: {reason}", hint=ANOTHER_FOLDER) from None
    if not is_folder:
        raise BadInput(f"{paths.data} is no folder", hint=ANOTHER_FOLDER)
    if not os.access(paths.data, os.X_OK):
        raise BadInput(f"the folder {paths.data} may not be looked into", hint=ANOTHER_FOLDER)
    return paths


def state_folder(given: Namespace) -> Path | None:
    """Return where crash reports go, or None when not even that can be told."""
    try:
        return paths_of(given).state
    except CockpitError:
        return None


def screen_settings(given: Namespace) -> TuiSettings:
    """Return what a person has set about the screens.

    Where nothing is set, nothing is read: the settings' library takes longer to import than the first frame to draw.
    """
    from cockpit.tui.ports import TuiSettings

    paths = find_paths(os.environ, Path(given.data) if getattr(given, "data", None) else None)
    if not paths.settings_file.exists() and _only_folders_set():
        return TuiSettings(state_folder=paths.state)
    settings = settings_of(given)
    return TuiSettings(settings.theme, settings.keys, paths_of(given).state)


def _only_folders_set() -> bool:
    """Tell whether the environment sets nothing but where things are kept."""
    harmless = {"COCKPIT_DATA_DIR", "COCKPIT_SHARED_DATA"}
    return all(name in harmless for name in os.environ if name.upper().startswith("COCKPIT_"))


@contextmanager
def open_journal(given: Namespace, *, read_only: bool = False) -> Iterator[Journal]:
    """Open the journal for the length of a command.

    Raises:
        UnknownIncident: it is only to be read, and nothing has been played in this folder.
        JournalDamaged: something has, and it is gone.
        JournalUnreachable: its database does not answer.
    """
    journal = journal_of(given, read_only=read_only)
    try:
        yield journal
    finally:
        journal.close()


def database_of(given: Namespace) -> str:
    """Return the address of the journal's database, or "" when the journal is a file."""
    from cockpit.database import database_url

    return database_url(os.environ, paths_of(given).settings_file)


def journal_of(given: Namespace, *, read_only: bool = False) -> Journal:
    """Open the journal, in the data folder or in the database that is set; whoever asked closes it.

    Raises:
        UnknownIncident: it is only to be read, and nothing has been played in this folder.
        JournalDamaged: something has, and it is gone.
        JournalUnreachable: its database does not answer.
    """
    from cockpit.journal.log import Journal

    paths = paths_of(given)
    if url := database_of(given):
        return Journal.connect(url, paths.data, clock=WallClock(), read_only=read_only)
    path = paths.journal
    if read_only and not path.exists():
        if path.with_name(path.name + ".anchor").exists():
            raise JournalDamaged(f"the journal {path} is gone, but lines were recorded in it", hint=BACKUP)
        raise UnknownIncident(
            f"nothing has been played in {path.parent} yet",
            hint="Begin one with `cockpit drill injection-leak`, or check --data.",
        )
    return Journal.open(path, clock=WallClock(), read_only=read_only)


def sound(journal: Journal, incident: str) -> bool:
    """Tell whether an incident's lines are what was recorded; where not, say so before what is left is shown."""
    from cockpit.cli.output import complain

    verdict = journal.verify(incident)
    if not verdict.ok:
        complain(
            f"cockpit: {JournalDamaged.title}: {incident}, {verdict.reason}",
            f"What is shown rests on the {verdict.events} sound lines before it.",
        )
    return verdict.ok
