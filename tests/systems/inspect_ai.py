"""Inspect, an eval runner: an environment of its own, run once per suite and judged by its log file."""

from __future__ import annotations

from pathlib import Path

from tests.systems.cache import Recipe, install
from tests.systems.packages import python_environment

VERSION = "0.3.285"
OPENAI = "2.8.1"


def _make(folder: Path) -> None:
    python_environment(folder, f"inspect-ai=={VERSION}", "openai")


RECIPE = Recipe("inspect-ai", VERSION, 60, _make)


def program() -> Path:
    """Return its command, installing it first where it is not there."""
    return install(RECIPE) / "venv" / "bin" / "inspect"
