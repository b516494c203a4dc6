"""Where a command finds its data: settings, folder, journal, trace stores."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cockpit.domain.clock import WallClock

if TYPE_CHECKING:
    from cockpit.journal.log import Journal
    from cockpit.settings import Settings


def settings_of(given: Namespace) -> Settings:
    """Read the settings; what the command line says wins."""
    from cockpit.settings import load_settings

    said: dict[str, Any] = {"data_dir": getattr(given, "data", None)}
    said["responder"] = getattr(given, "responder", None)
    said["profile"] = getattr(given, "profile", None)
    said["speed"] = getattr(given, "speed", None)
    return load_settings(os.environ, {key: value for key, value in said.items() if value is not None})


def data_folder(given: Namespace) -> Path:
    """Return the folder where everything is kept."""
    from cockpit.paths import data_dir

    return data_dir(settings_of(given).data_dir)


def journal_path(folder: Path) -> Path:
    """Return the journal's file."""
    return folder / "journal.db"


def traces_path(folder: Path, incident: str) -> Path:
    """Return the file of an incident's traces, which can be made again from its journal."""
    return folder / "traces" / f"{incident}.db"


@contextmanager
def open_journal(given: Namespace, *, read_only: bool = False) -> Iterator[Journal]:
    """Open the journal for the length of a command."""
    from cockpit.journal.log import Journal

    journal = Journal.open(journal_path(data_folder(given)), clock=WallClock(), read_only=read_only)
    try:
        yield journal
    finally:
        journal.close()
