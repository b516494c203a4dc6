"""A team's settings on toy systems, as a file: what the doctor is called to."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from cockpit.paths import find_paths, write_private


def text(table: dict[str, Any], path: str = "") -> str:
    """Write nested tables as TOML."""
    plain = {key: value for key, value in table.items() if not isinstance(value, dict)}
    inner = {key: value for key, value in table.items() if isinstance(value, dict)}
    head = f"[{path}]\n" if path and plain else ""
    lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in plain.items())
    return head + lines + "".join(text(one, f"{path}.{_key(name)}".lstrip(".")) for name, one in inner.items())


def _key(name: str) -> str:
    return name if name.replace("_", "").isalnum() else json.dumps(name)


class Team:
    """What cockpit.toml says; a test changes `tables` and calls the doctor."""

    def __init__(self, file: Path, url: str) -> None:
        self.file = file
        self.url = url
        self.tables: dict[str, Any] = {
            "service": {"name": "support", "approver": "ada", "fallback": "the form", "people": ["ada", "bo"]},
            "systems": {"toy": {"adapter": "toy", "file": str(file)}},
            "levers": {
                "kill_switch": {"system": "toy", "control": "flag:answers"},
                "revert_prompt": {"system": "toy", "control": "prompt:support", "target": "previous"},
            },
            "probes": {"chat": {"url": url}},
            "signals": {"error_pct": {"system": "toy", "measure": "bad", "threshold": 50, "harm": True}},
            "canary": {"system": "toy", "control": "share:answers"},
        }

    @property
    def settings_file(self) -> Path:
        """Where cockpit.toml is looked for."""
        return find_paths(os.environ).settings_file

    def write(self) -> None:
        """Write cockpit.toml as it is now."""
        write_private(self.settings_file, text(self.tables))
