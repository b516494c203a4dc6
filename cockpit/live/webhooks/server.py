"""The HTTP server in front of the door: one request a connection, few connections at once, and nobody may dawdle."""

from __future__ import annotations

import json
import socket
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cockpit.errors import BadInput
from cockpit.live.webhooks.door import Door, Reply
from cockpit.world.listening import end_serving, within

MOST_CONNECTIONS = 64
LONGEST_S = 15.0
"""Seconds that one request may take in all; then it is cut off."""
DRAIN_S = 1.0
"""Seconds that what is not wanted is read for, so that the sender gets to see the answer."""


class WebhookServer:
    """Serves a door in threads of its own."""

    def __init__(self, address: str, door: Door, *, longest_s: float = LONGEST_S) -> None:
        """Listen at `host:port`; port 0 chooses a free one.

        Raises:
            BadInput: it is not free, or on no interface of this machine.
        """
        host, _, port = address.rpartition(":")
        try:
            self._server = _Server((host, int(port)), _handler(door), longest_s)
        except (OSError, OverflowError, ValueError) as problem:
            reason = getattr(problem, "strerror", None) or str(problem)
            raise BadInput(f"can't listen at {address}: {reason}", hint="Choose another one by --listen.") from None
        self.url = f"http://{host}:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)

    def start(self) -> WebhookServer:
        """Begin to serve."""
        self._thread.start()
        return self

    def wait(self) -> None:
        """Return when it is closed, or when the person at the keyboard interrupts."""
        while self._thread.is_alive():
            self._thread.join(0.5)

    def close(self) -> None:
        """Stop listening; requests under way are finished."""
        if self._thread.is_alive():
            end_serving(self._server)
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # what was taken in is recorded before the process ends
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler], longest_s: float) -> None:
        super().__init__(address, handler)
        self._free = threading.BoundedSemaphore(MOST_CONNECTIONS)
        self._longest_s = longest_s

    def process_request(self, request: Any, client_address: Any) -> None:
        """Begin a request in a thread of its own; where there are too many, it is turned away unread."""
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer one request, within its time."""
        try:
            with within(self._longest_s, request):
                super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a sender who hangs up in the middle is his own business."""


def _handler(door: Door) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = LONGEST_S

        def version_string(self) -> str:
            return "cockpit"

        def log_message(self, *_: object) -> None:
            """Say nothing: the door tells what is worth it."""

        def answer(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            path = self.path.partition("?")[0]
            reply = door.turn_away(self.command, path, headers)
            if reply is None:
                body = self.rfile.read(int(headers["content-length"]))
                if len(body) < int(headers["content-length"]):
                    return  # cut off in the middle: nobody is there to be answered
                reply = door.take(path, headers, body)
                self.reply(reply)
            else:
                self.reply(reply)
                self.drain()

        def reply(self, reply: Reply) -> None:
            content = b"" if self.command == "HEAD" else json.dumps(dict(reply.body)).encode()
            self.close_connection = True
            self.send_response(reply.status)
            head = {"Content-Type": "application/json", "Content-Length": str(len(content)), "Connection": "close"}
            for name, value in {**head, **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)
            self.wfile.flush()

        def drain(self) -> None:
            """Read on for a moment: a connection closed on unread bytes takes the answer with it."""
            end = time.monotonic() + DRAIN_S
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_WR)
                self.connection.settimeout(DRAIN_S / 4)
                while time.monotonic() < end and self.rfile.read1(65536):
                    pass

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = answer  # noqa: N815

    return Handler
