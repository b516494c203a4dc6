"""A TCP proxy in which everything goes wrong that can go wrong between two machines."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from tests.adapters.served import HOST

HELD_S = 2.0
"""How long a request is held in the network by the fault `late`."""

TRICKLE = 40
"""Bytes a second of the fault `trickle`."""

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Canned:
    """An answer given in the system's place."""

    status: int
    body: bytes = b'{"error": "so it goes"}'
    headers: Mapping[str, str] | None = None
    acts: bool = False
    """Whether the system was asked all the same."""

    def content(self) -> bytes:
        """Return it as it goes over the wire."""
        headers = {"content-type": "application/json", "content-length": str(len(self.body)), **(self.headers or {})}
        lines = [f"HTTP/1.1 {self.status} So It Goes", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, "connection: close", "", ""]).encode() + self.body


PAGE = b"<!doctype html><html><body><h1>Welcome to the hotel's network</h1></body></html>"
CANNED = {
    "401": Canned(401),
    "403": Canned(403),
    "404": Canned(404),
    "409": Canned(409),
    "429": Canned(429, headers={"retry-after": "60"}),
    "500": Canned(500),
    "503": Canned(503),
    "html": Canned(200, PAGE, {"content-type": "text/html"}),
    "truncated": Canned(200, b'{"id": 7, "items": [{"na'),
    "wrong type": Canned(200, json.dumps("yes").encode()),
    "redirect": Canned(302, b"", {"location": "http://127.0.0.1:9/elsewhere"}),
    "garbage": Canned(200, b"\x00\xff\xfe" * 50),
    "500 after acting": Canned(500, acts=True),
    "liar": Canned(200, b"{}"),
}
"""Faults that answer in the system's place."""

BROKEN = ("refused", "reset before", "reset after", "cut at 10", "cut at 120", "trickle", "black hole", "late")
"""Faults of the connection itself."""

FAULTS = (*BROKEN, *CANNED)

ONLY_WRITES = ("liar",)
"""Faults that leave alone what only looks."""


class Chaos:
    """The proxy; use it with `with`. It takes one request per connection.

    Attributes:
        fault: what goes wrong from now on, "" for nothing.
        skip: how many connections are let through first.
        heals_at: when nothing goes wrong any more, by time.monotonic.
        busy: how many connections are under way.
    """

    def __init__(self, port: int) -> None:
        self._upstream = port
        self.fault = ""
        self.skip = 0
        self.heals_at = float("inf")
        self.busy = 0
        self.taken = 0
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None
        # Bound and never listening: while the proxy refuses connections, nobody else is given its port.
        self._holder = socket.socket()
        self._holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self._holder.bind((HOST, 0))
        self.port: int = self._holder.getsockname()[1]

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{HOST}:{self.port}"

    def begin(self, fault: str, *, skip: int = 0, heals_after: float = float("inf")) -> None:
        """Let something go wrong."""
        self.skip, self.fault, self.heals_at = skip, fault, time.monotonic() + heals_after
        self.taken = 0
        if fault == "refused" and not skip:
            self._do(self._unlisten())
            if heals_after != float("inf"):
                self.loop.call_soon_threadsafe(self.loop.call_later, heals_after, self._listen_again)

    def end(self) -> None:
        """Let nothing go wrong any more."""
        self.fault = ""
        self._do(self._listen())

    def settle(self, seconds: float = HELD_S + 2) -> None:
        """Wait until everything that is under way has arrived."""
        end = time.monotonic() + seconds
        while self.busy and time.monotonic() < end:
            time.sleep(0.01)

    def __enter__(self) -> Chaos:
        self._thread.start()
        self._do(self._listen())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._do(self._unlisten())
        self._do(self._stop_tasks())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(5)
        self.loop.close()
        self._holder.close()

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self.loop).result(5)

    def _listen_again(self) -> None:
        self._again = self.loop.create_task(self._listen())

    async def _listen(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._take, HOST, self.port, backlog=128, reuse_port=True)

    async def _unlisten(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _stop_tasks(self) -> None:
        while tasks := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.busy += 1
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await self._serve(self._now(), reader, writer)
        finally:
            self.busy -= 1
            writer.close()

    def _now(self) -> str:
        self.taken += 1
        healed = time.monotonic() >= self.heals_at
        return "" if healed or self.taken <= self.skip else self.fault

    async def _serve(self, fault: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if fault in ("reset before", "refused"):
            _reset(writer)
            return
        request = await _request(reader)
        if fault in ONLY_WRITES and request.startswith(b"GET "):
            fault = ""
        if fault == "black hole":
            self.busy -= 1
            with contextlib.suppress(OSError):
                await reader.read()
            self.busy += 1
            return
        if fault == "late":
            await asyncio.sleep(HELD_S)
        canned = CANNED.get(fault)
        answer = await self._forward(request) if canned is None or canned.acts else b""
        await _give(fault, canned.content() if canned else answer, writer)

    async def _forward(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(HOST, self._upstream)
        writer.write(request)
        answer = await reader.read()
        writer.close()
        return answer


async def _request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = _LENGTH.search(head)
    return head + (await reader.readexactly(int(length[1])) if length else b"")


async def _give(fault: str, answer: bytes, writer: asyncio.StreamWriter) -> None:
    cuts: dict[str, Callable[[], int]] = {
        "reset after": lambda: 0,
        "late": lambda: 0,
        "cut at 10": lambda: 10,
        "cut at 120": lambda: 120,
    }
    if fault == "trickle":
        for at in range(0, len(answer), TRICKLE // 10):
            writer.write(answer[at : at + TRICKLE // 10])
            await writer.drain()
            await asyncio.sleep(0.1)
    elif fault in cuts:
        writer.write(answer[: cuts[fault]()])
        await writer.drain()
        await asyncio.sleep(0.02)
        _reset(writer)
    else:
        writer.write(answer)
        await writer.drain()


def _reset(writer: asyncio.StreamWriter) -> None:
    connection: socket.socket = writer.get_extra_info("socket")
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
