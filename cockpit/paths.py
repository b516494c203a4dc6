"""Where everything is kept: XDG folders, or the one folder a user names. Folders 0700, files 0600."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cockpit.errors import BadInput

APP = "cockpit"
DATA_ENV = "COCKPIT_DATA_DIR"
_INCIDENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders in use; none is made before it is asked for by `private`.

    Attributes:
        config: holds cockpit.toml and a team's own playbooks.
        data: holds the journal and the traces; what has to be backed up.
        state: holds crash reports and what may be thrown away.
    """

    config: Path
    data: Path
    state: Path

    @property
    def settings_file(self) -> Path:
        """The TOML file of the user's settings."""
        return self.config / "cockpit.toml"

    @property
    def journal(self) -> Path:
        """The database of the journal."""
        return self.data / "journal.db"

    def traces(self, incident: str) -> Path:
        """Return the trace store of one incident.

        Raises:
            BadInput: the id could lead out of the folder.
        """
        if not _INCIDENT.fullmatch(incident):
            raise BadInput(f"{incident!r} can't be an incident's id.", hint="They look like INC-0001.")
        return self.data / "traces" / f"{incident}.db"


def find_paths(env: Mapping[str, str], data: Path | None = None) -> Paths:
    """Return the folders to use: `data` (from --data), else COCKPIT_DATA_DIR, else the XDG ones.

    A folder chosen by the user also holds the state; settings always come from the XDG config folder.
    """
    chosen = data or (Path(env[DATA_ENV]) if env.get(DATA_ENV) else None)
    if chosen is not None:
        chosen = chosen.expanduser().absolute()
        return Paths(_xdg(env, "config"), chosen, chosen / "state")
    return Paths(_xdg(env, "config"), _xdg(env, "data"), _xdg(env, "state"))


def _xdg(env: Mapping[str, str], kind: str) -> Path:
    if named := env.get(f"XDG_{kind.upper()}_HOME"):
        return Path(named).expanduser().absolute() / APP
    # Takes 10 ms to import, and a user who names the folders never needs it.
    from platformdirs import PlatformDirs

    folder: Path = getattr(PlatformDirs(APP, appauthor=False), f"user_{kind}_path")
    return folder


def private(folder: Path) -> Path:
    """Make a folder, and those above it that are missing, for this user alone; return it.

    A folder that is there already keeps its mode: it is the user's.

    Raises:
        BadInput: it can't be made, or a file is in the way.
    """
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        for place in reversed(missing):
            place.mkdir(mode=0o700, exist_ok=True)
    except OSError as fault:
        raise BadInput(
            f"Can't make the folder {folder}: {fault.strerror}.", hint="Choose one by --data DIR."
        ) from fault
    if not folder.is_dir():
        raise BadInput(f"{folder} is no folder.", hint="Choose one by --data DIR.")
    return folder


def write_private(file: Path, content: str) -> Path:
    """Write a 0600 file in place of what was there, whole or not at all; return it."""
    private(file.parent)
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    handle = os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as stream:
        stream.write(content)
    fresh.replace(file)
    return file
