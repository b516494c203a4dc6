"""Unleash, the feature flag server, on a PostgreSQL of its own. AGPL-3.0: fetched for tests, never shipped."""

from __future__ import annotations

import secrets
from pathlib import Path

from tests.systems import postgres
from tests.systems.cache import Recipe, install
from tests.systems.loopback import HOST, free_port
from tests.systems.packages import node, node_modules
from tests.systems.running import Launch, RunningSystem, http_ok, launch

VERSION = "8.2.0"
RECIPE = Recipe("unleash", VERSION, 35, lambda folder: node_modules(folder, f"unleash-server@{VERSION}"))


def start(folder: Path, *, stay: bool = False) -> RunningSystem:
    """Start Unleash.

    Its tokens: `admin` (all powers), `backend` and `frontend` (read the flags of project default, environment
    development).
    """
    installed, program = install(RECIPE), node()
    store = folder / "postgres"
    store.mkdir(exist_ok=True)
    database = postgres.start(store, database="unleash", stay=stay)
    port = free_port()
    url = f"http://{HOST}:{port}"
    tokens = {
        "admin": f"*:*.{secrets.token_hex(24)}",
        "backend": f"default:development.{secrets.token_hex(24)}",
        "frontend": f"default:development.{secrets.token_hex(24)}",
    }
    env = {
        "DATABASE_URL": postgres.database_url(database, "unleash", "postgres"),
        "DATABASE_SSL": "false",
        "HTTP_HOST": HOST,
        "HTTP_PORT": str(port),
        "CHECK_VERSION": "false",
        "SEND_TELEMETRY": "false",
        "LOG_LEVEL": "warn",
        "INIT_ADMIN_API_TOKENS": tokens["admin"],
        "INIT_BACKEND_API_TOKENS": tokens["backend"],
        "INIT_FRONTEND_API_TOKENS": tokens["frontend"],
    }
    command = [program, str(installed / "node_modules/unleash-server/dist/server.js")]
    how = Launch("unleash", url, command, folder, lambda: http_ok(f"{url}/health"), env, ceiling=90, stay=stay)
    try:
        return launch(how, tokens, (database,))
    except BaseException:
        database.stop()
        raise
