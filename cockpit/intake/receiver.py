"""An OTLP/HTTP receiver: applications send their spans here, whole traces come out of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cockpit.domain.calls import CallTrace
from cockpit.domain.clock import Clock
from cockpit.errors import BadInput, CockpitError
from cockpit.intake.gather import Gatherer
from cockpit.intake.http import JSON, PROTOBUF, Ask, Rejected, accepted, head_of, refused, spans_of
from cockpit.intake.keys import Keys, Limits
from cockpit.intake.raw import Batch
from cockpit.world.listening import within

SLOWEST_S = 10.0
"""A sender that says nothing for so long is hung up on."""
LONGEST_S = 60.0
"""So is one that has not sent its request by then, however steadily it writes."""
MOST_AT_ONCE = 64
"""Connections served at once."""
BEAT_S = 0.5


class Rate:
    """A bucket of requests that fills up again: twice a second's worth may come at once."""

    def __init__(self, a_second: float, now: Callable[[], float] = time.monotonic) -> None:
        self._a_second, self._now = a_second, now
        self._left, self._at = max(1.0, 2 * a_second), now()
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Take one, if there is one left."""
        with self._lock:
            now = self._now()
            self._left = min(max(1.0, 2 * self._a_second), self._left + (now - self._at) * self._a_second)
            self._at = now
            if self._left < 1.0:
                return False
            self._left -= 1.0
            return True


class Receiver:
    """Takes spans and hands whole traces to `keep`, from a thread of its own.

    Attributes:
        requests, spans, rejected: counts since the start; `rejected` are requests that were refused and spans in
            requests that were taken.
        trouble: why traces can't be kept at present; senders are then told to try again later.
    """

    def __init__(
        self,
        host: str,
        port: int,
        keep: Callable[[list[CallTrace]], None],
        *,
        clock: Clock,
        keys: Keys | None = None,
        limits: Limits | None = None,
    ) -> None:
        """Listen.

        Raises:
            BadInput: the address is not free, or is on no interface of this machine.
        """
        self.limits = limits or Limits()
        self.requests = self.spans = self.rejected = 0
        self.trouble = ""
        self._keep, self._clock = keep, clock
        self._gatherer = Gatherer("otlp", keys, self.limits)
        self._unkept: list[CallTrace] = []
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self.rate = Rate(self.limits.requests_a_second)
        try:
            self._server = _Server((host, port), _handler(self))
        except (OSError, OverflowError) as problem:
            reason = getattr(problem, "strerror", None) or str(problem)
            raise BadInput(
                f"Can't listen on {host}:{port}: {reason}.", hint="Name another: --listen HOST:PORT."
            ) from None
        self._threads = [
            threading.Thread(target=self._server.serve_forever, daemon=True, args=(0.2,)),
            threading.Thread(target=self._beat, daemon=True),
        ]

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens; the port is the real one where 0 was asked for."""
        host, port, *_ = self._server.server_address
        return str(host), int(port)

    def start(self) -> None:
        """Begin to serve."""
        for thread in self._threads:
            thread.start()

    def take(self, batch: Batch, size: int) -> None:
        """Take what one request of so many bytes held."""
        with self._lock:
            self.spans += len(batch.spans)
            self.rejected += len(batch.reasons)
            self._gatherer.add(batch, self._clock.now(), size)

    def deliver(self, *, everything: bool = False) -> None:
        """Hand over the traces that are whole; what can't be kept now is kept later."""
        with self._lock:
            self._unkept += self._gatherer.rest() if everything else self._gatherer.ready(self._clock.now())
            self.rejected += len(self._gatherer.take_failed())
            waiting = self._unkept
            if not waiting:
                return
            try:
                self._keep(waiting)
            except CockpitError as problem:
                self.trouble = problem.message
            else:
                self._unkept, self.trouble = [], ""

    def close(self) -> None:
        """Serve nobody any more, and hand over what is there."""
        self._ended.set()
        if self._threads[0].is_alive():
            self._server.shutdown()
        self._server.server_close()
        for thread in self._threads:
            if thread.is_alive():
                thread.join()
        self.deliver(everything=True)

    def _beat(self) -> None:
        while not self._ended.wait(BEAT_S):
            self.deliver()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self._places = threading.BoundedSemaphore(MOST_AT_ONCE)
        super().__init__(address, handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        if not self._places.acquire(timeout=1.0):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a sender that hangs up is its own affair."""


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = SLOWEST_S
        server_version, sys_version = "cockpit", ""

        def handle_one_request(self) -> None:
            with within(LONGEST_S, self.connection):
                super().handle_one_request()

        def do_POST(self) -> None:
            kind = JSON
            try:
                receiver.requests += 1
                ask = self._head()
                kind = ask.kind
                batch = spans_of(ask, self.rfile.read(ask.size), receiver.limits.body_bytes)
            except Rejected as problem:
                receiver.rejected += 1
                self.close_connection = True
                asked = self.headers.get("content-type", "")
                kind = PROTOBUF if asked.startswith(PROTOBUF) else kind
                self._say(problem.status, kind, refused(kind, problem.message), problem.headers)
                return
            receiver.take(batch, ask.size)
            self._say(200, kind, accepted(kind, batch.reasons), {})

        def do_GET(self) -> None:
            self.close_connection = True
            self._say(405, JSON, refused(JSON, "Spans are sent by POST."), {"Allow": "POST"})

        do_PUT = do_DELETE = do_OPTIONS = do_PATCH = do_HEAD = do_GET  # noqa: N815 the library's names

        def _head(self) -> Ask:
            if not receiver.rate.take():
                raise Rejected(429, "Too many requests; send larger batches, or later.", {"Retry-After": "1"})
            ask = head_of(self.path, {name.lower(): value for name, value in self.headers.items()},
                          receiver.limits.body_bytes)  # fmt: skip
            if receiver.trouble:
                raise Rejected(503, "Traces can't be kept at present; try again later.", {"Retry-After": "5"})
            return ask

        def _say(self, status: int, kind: str, body: bytes, headers: dict[str, str]) -> None:
            with suppress(OSError):
                self.send_response(status)
                for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                if self.close_connection:
                    self.send_header("Connection", "close")
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing: what senders write into their requests belongs in no terminal."""

    return Handler
