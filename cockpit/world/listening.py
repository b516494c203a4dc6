"""Servers of this process: ended when they are told to, and kept busy by nobody who dawdles."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socketserver import TCPServer


def end_serving(server: TCPServer) -> None:
    """End a server that runs in a thread of its own, and free its address; requests under way are finished."""
    with suppress(OSError):  # nobody waits for connections any more, which wakes the thread at once
        server.socket.shutdown(socket.SHUT_RDWR)
    server.shutdown()
    server.server_close()


@contextmanager
def within(seconds: float, connection: socket.socket) -> Iterator[None]:
    """Do something on a connection that is cut off when it takes longer, however steadily bytes come."""
    cut = threading.Timer(seconds, _hang_up, (connection,))
    cut.daemon = True
    cut.start()
    try:
        yield
    finally:
        cut.cancel()


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
