"""The team's own playbook, as the settings name it."""

from __future__ import annotations

from argparse import Namespace
from functools import cache
from pathlib import Path

from cockpit.errors import BadInput
from cockpit.playbooks.own import Ask


def own_folder(given: Namespace) -> Ask:
    """Return what asks the settings for the folder, once, and only when a playbook is read."""

    @cache
    def ask() -> Path | None:
        from cockpit.cli.places import paths_of, settings_of

        named = settings_of(given).playbooks
        return None if named is None else checked(paths_of(given).config / named.expanduser())

    return ask


def checked(folder: Path) -> Path:
    """Return a folder that is there.

    Raises:
        BadInput: it is not.
    """
    if not folder.is_dir():
        raise BadInput(
            f"the folder of your own playbook, {folder}, is not there",
            hint="Correct `playbooks` in cockpit.toml; a relative path begins beside that file.",
        )
    return folder
