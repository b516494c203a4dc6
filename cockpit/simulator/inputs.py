"""Where the files lie that a scenario reads: traffic and texts that a user brings along."""

from __future__ import annotations

import os
import re
from pathlib import Path

_VARIABLE = re.compile(r"\$(COCKPIT_[A-Z0-9_]+)|\$\{(COCKPIT_[A-Z0-9_]+)\}")
"""What a path may take from the environment; nothing else of it is anybody's business."""

HINT = "Paths are relative to the scenario file; $COCKPIT_… in one is taken from the environment."


def input_path(scenario_file: str, written: str) -> Path:
    """Return the file that a scenario means by a path; an unset variable stays as it is written."""
    found = _VARIABLE.sub(lambda name: os.environ.get(name[1] or name[2], name[0]), written)
    return Path(scenario_file).parent / Path(found).expanduser()
