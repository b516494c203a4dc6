"""Runs Phoenix with its gRPC port on 127.0.0.1: by itself it takes every address, whatever PHOENIX_HOST says."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import Any

HOST = "127.0.0.1"


def on_loopback(add_port: Callable[[Any, str], int]) -> Callable[[Any, str], int]:
    """Return a way to open a port that keeps the port and replaces the host."""
    return lambda server, address: add_port(server, f"{HOST}:{address.rpartition(':')[2]}")


def main() -> None:
    """Become Phoenix's server."""
    server = importlib.import_module("grpc.aio._server").Server
    server.add_insecure_port = on_loopback(server.add_insecure_port)
    sys.argv = ["phoenix", "serve"]
    importlib.import_module("phoenix.server.main").main()


if __name__ == "__main__":
    main()
