"""Portkey's gateway: no settings, no admin interface; what it does is in each request's x-portkey-config."""

from __future__ import annotations

from pathlib import Path

from tests.systems.cache import Recipe, install
from tests.systems.loopback import HOST, free_port
from tests.systems.packages import node, node_modules
from tests.systems.running import Launch, RunningSystem, http_ok, launch

VERSION = "1.15.2"
RECIPE = Recipe("portkey", VERSION, 8, lambda folder: node_modules(folder, f"@portkey-ai/gateway@{VERSION}"))
ON_LOOPBACK = Path(__file__).with_name("preload") / "loopback.cjs"


def start(folder: Path, *, stay: bool = False) -> RunningSystem:
    """Start the gateway, without its page of requests, which is open to everyone."""
    installed, program, port = install(RECIPE), node(), free_port()
    url = f"http://{HOST}:{port}"
    server = installed / "node_modules/@portkey-ai/gateway/build/start-server.js"
    command = [program, "-r", str(ON_LOOPBACK), str(server), f"--port={port}", "--headless"]
    return launch(Launch("portkey", url, command, folder, lambda: http_ok(url), ceiling=30, stay=stay))
