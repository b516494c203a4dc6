"""A specimen's fake over real TCP: an HTTP server that asks it, one request at a time."""

from __future__ import annotations

import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cockpit.world.listening import end_serving
from cockpit.world.specimen import Asked, Fake, Said

HOST = "127.0.0.1"


class Echo:
    """Answers everything with what it was sent, headers and all, as a talkative proxy does."""

    applied = 0

    def __init__(self, status: int = 400) -> None:
        self.status = status
        self.asked: list[Asked] = []

    def answer(self, asked: Asked) -> Said:
        """Return the whole request."""
        self.asked.append(asked)
        told = "\n".join(f"{name}: {value}" for name, value in asked.headers.items())
        return Said(self.status, f"you sent {asked.path}\n{told}\n".encode() + asked.body)


class Elsewhere(Echo):
    """Sends everybody on to another address."""

    def __init__(self, target: str) -> None:
        super().__init__()
        self.target = target

    def answer(self, asked: Asked) -> Said:
        """Redirect."""
        self.asked.append(asked)
        return Said(307, b"", {"location": self.target + asked.path})


class Served:
    """A fake that listens; use it with `with`."""

    def __init__(self, fake: Fake, tls: ssl.SSLContext | None = None) -> None:
        self.fake = fake
        self._lock = threading.Lock()
        self._server = _Server((HOST, 0), _handler(self))
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.port: int = self._server.server_address[1]
        self.url = f"{'https' if tls else 'http'}://{HOST}:{self.port}"

    def answer(self, asked: Asked) -> Said:
        """Ask the fake."""
        with self._lock:
            return self.fake.answer(asked)

    def __enter__(self) -> Served:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        end_serving(self._server)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: connections are cut here on purpose."""


def _handler(served: Served) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline(65_537)
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            said = served.answer(self._asked())
            content = said.content()
            self.send_response(said.status)
            headers = {"content-type": "application/json", **said.headers, "content-length": str(len(content))}
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)
            self.close_connection = True

        def _asked(self) -> Asked:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            return Asked(self.command, parts.path, parse_qs(parts.query, keep_blank_values=True), headers, body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing."""

    return Handler
