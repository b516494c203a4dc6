"""Where the journal is, when it is not the file: `database_url`, which is a secret or names one.

Read by itself, since the settings' library takes longer to import than most commands to run.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cockpit.errors import SettingsError

VARIABLE = "COCKPIT_DATABASE_URL"
SETTING = "database_url"
REFERENCES = ("env:", "file:", "keyring:")


def database_url(env: Mapping[str, str], settings_file: Path) -> str:
    """Return the address of the database, or "" when the journal is a file; it may hold a password.

    Raises:
        SettingsError: the settings' file can't be read.
        BadInput: a secret is named that is not there.
    """
    told = env.get(VARIABLE) or _in_file(settings_file)
    if not told.startswith(REFERENCES):
        return told
    from cockpit.world.secrets import secret_reader

    return secret_reader(env)(told)


def _in_file(file: Path) -> str:
    if not file.exists():
        return ""
    import tomllib

    try:
        told = tomllib.loads(file.read_text("utf-8")).get(SETTING, "")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise SettingsError(f"{file}: can't be read.", hint="`cockpit doctor` says where it is wrong.") from None
    return told if isinstance(told, str) else ""
