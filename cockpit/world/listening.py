"""Servers of this process that end when they are told to, not when they next look up."""

from __future__ import annotations

import socket
from contextlib import suppress
from socketserver import TCPServer


def end_serving(server: TCPServer) -> None:
    """End a server that runs in a thread of its own, and free its address; requests under way are finished."""
    with suppress(OSError):  # nobody waits for connections any more, which wakes the thread at once
        server.socket.shutdown(socket.SHUT_RDWR)
    server.shutdown()
    server.server_close()
