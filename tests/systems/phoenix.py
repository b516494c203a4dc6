"""Arize Phoenix, the trace store and prompt registry, on a SQLite file in its folder."""

from __future__ import annotations

import secrets
from pathlib import Path

from tests.systems.cache import Recipe, install
from tests.systems.loopback import HOST, free_port
from tests.systems.packages import python_environment
from tests.systems.running import Launch, RunningSystem, http_ok, launch

VERSION = "20.26.1"
RECIPE = Recipe("phoenix", VERSION, 100, lambda folder: python_environment(folder, f"arize-phoenix=={VERSION}"))
LAUNCHER = Path(__file__).with_name("preload") / "phoenix_on_loopback.py"
QUIET = {
    "PHOENIX_TELEMETRY_ENABLED": "false",
    "PHOENIX_ALLOW_EXTERNAL_RESOURCES": "false",
    "PHOENIX_DISABLE_AGENT_ASSISTANT": "true",
    "PHOENIX_AGENTS_DISABLE_BASH": "true",
    "PHOENIX_AGENTS_DISABLE_WEB_ACCESS": "true",
    "PHOENIX_ENABLE_MCP_SERVER": "false",
    "PHOENIX_LOG_MIGRATIONS": "false",
}
"""What Phoenix would otherwise offer or fetch by itself: telemetry, a shell for its assistant, an MCP server."""


def start(folder: Path, *, auth: bool = False, stay: bool = False) -> RunningSystem:
    """Start Phoenix.

    Args:
        folder: where its database is.
        auth: whether requests need `tokens["admin"]` as a bearer token.
        stay: whether it goes on when this process ends.
    """
    python = install(RECIPE) / "venv" / "bin" / "python"
    port, grpc = free_port(), free_port()
    url = f"http://{HOST}:{port}"
    tokens = {"admin": secrets.token_hex(24)} if auth else {}
    env = {
        **QUIET,
        "PHOENIX_WORKING_DIR": str(folder / "phoenix"),
        "PHOENIX_HOST": HOST,
        "PHOENIX_PORT": str(port),
        "PHOENIX_GRPC_PORT": str(grpc),
        **({"PHOENIX_ENABLE_AUTH": "true", "PHOENIX_SECRET": secrets.token_hex(24)} if auth else {}),
        **({"PHOENIX_ADMIN_SECRET": tokens["admin"]} if auth else {}),
    }
    command = [str(python), str(LAUNCHER)]
    how = Launch("phoenix", url, command, folder, lambda: http_ok(f"{url}/healthz"), env, ceiling=120, stay=stay)
    return launch(how, tokens)
