"""promptfoo, an eval runner of its own (Node): no server, run once per suite and judged by its results file."""

from __future__ import annotations

from pathlib import Path

from tests.systems.cache import Recipe, install
from tests.systems.packages import node_modules

VERSION = "0.123.1"
RECIPE = Recipe("promptfoo", VERSION, 120, lambda folder: node_modules(folder, f"promptfoo@{VERSION}"))

QUIET = {
    "PROMPTFOO_DISABLE_TELEMETRY": "1",
    "PROMPTFOO_DISABLE_UPDATE": "1",
    "PROMPTFOO_DISABLE_REMOTE_GENERATION": "1",
    "PROMPTFOO_DISABLE_SHARING": "1",
    "PROMPTFOO_DISABLE_ADAPTIVE_SCHEDULER": "1",
}
"""What promptfoo would otherwise tell or fetch by itself."""


def entry() -> Path:
    """Return its program, to be given to Node, installing it first where it is not there."""
    return install(RECIPE) / "node_modules" / "promptfoo" / "dist" / "src" / "entrypoint.js"
