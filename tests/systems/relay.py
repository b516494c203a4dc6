"""A relay between a client and a server that behaves as badly as a network does."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from types import TracebackType

HOST = "127.0.0.1"


class Relay:
    """Passes bytes on, until it is told to swallow them, to cut connections, or to lose one answer.

    Attributes:
        target: the server's port; may change.
        swallowing: whether bytes go nowhere, while every connection stays open: a network that is gone.
        refusing: whether new connections are closed at once.
        lose_answer_to: what a client says whose answer is lost, once, with the connection.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self.swallowing = False
        self.refusing = False
        self.lose_answer_to = b""
        self.lost = 0
        self._open: list[socket.socket] = []
        self._listener = socket.create_server((HOST, 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Relay:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None
    ) -> None:
        self.refusing = True
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def cut(self) -> None:
        """Close every connection there is."""
        ends, self._open = self._open, []
        for end in ends:
            _close(end)

    def heal(self) -> None:
        """Pass bytes on again, on new connections; those that lost some are closed."""
        self.swallowing = self.refusing = False
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        self._open.append(client)
        if self.refusing:
            return _close(client)
        try:
            server = socket.create_connection((HOST, self.target), timeout=5)
        except OSError:
            return _close(client)
        server.settimeout(None)
        self._open.append(server)
        deaf = threading.Event()
        threading.Thread(target=self._pump, args=(server, client, deaf, False), daemon=True).start()
        self._pump(client, server, deaf, True)
        return None

    def _pump(self, source: socket.socket, sink: socket.socket, deaf: threading.Event, asking: bool) -> None:
        with suppress(OSError):
            while chunk := source.recv(65536):
                if not asking and deaf.is_set():
                    break
                if asking and self.lose_answer_to and self.lose_answer_to in chunk:
                    self.lose_answer_to, self.lost = b"", self.lost + 1
                    deaf.set()
                if not self.swallowing:
                    sink.sendall(chunk)
        if not self.swallowing:
            _close(source)
            _close(sink)


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
