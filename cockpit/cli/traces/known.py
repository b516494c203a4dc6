"""What detectors are told about a team: by `--known FILE`, else by `[known]` of cockpit.toml."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.cli.places import paths_of, settings_of

if TYPE_CHECKING:
    from cockpit.detect.answer.signs import Known


def known_of(given: Namespace) -> Known | None:
    """Read the file that is named, else what the settings say.

    Raises:
        BadInput: a file can't be read, or says something else.
    """
    from cockpit.live.knowing import known_from, known_in

    if named := getattr(given, "known", None):
        return known_in(Path(named))
    return known_from(settings_of(given).known, paths_of(given).config)
