"""Hosted systems for tests: an adapter's real system over a transport that ends in its fake."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from cockpit.world import http
from cockpit.world.contract import Deadline, Place, Reading, System, Value, Write
from cockpit.world.registry import load_adapter
from cockpit.world.specimen import Asked, Fake, Said

TOKEN = "tok-secret-0123456789"
REAL = http.Line
NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)


class Wire:
    """Carries requests to a fake, remembers them, and can answer in its place."""

    def __init__(self, fake: Fake) -> None:
        self.fake = fake
        self.asked: list[Asked] = []
        self.instead: Callable[[Asked], Said | None] = lambda _: None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer one request of httpx."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        query = parse_qs(request.url.query.decode(), keep_blank_values=True)
        path = request.url.raw_path.decode().partition("?")[0]
        asked = Asked(request.method, path, query, headers, request.content)
        self.asked.append(asked)
        said = self.instead(asked) or self.fake.answer(asked)
        return httpx.Response(said.status, headers=dict(said.headers), content=said.content())

    @property
    def writes(self) -> list[Asked]:
        """The requests that were not mere reads."""
        return [one for one in self.asked if one.method != "GET"]


def connected(
    monkeypatch: pytest.MonkeyPatch, name: str, fake: Fake, options: Mapping[str, Any] | None = None
) -> tuple[Any, Wire]:
    """Return a system of the named adapter whose requests end in a fake, and the wire between them."""
    adapter = load_adapter(name)
    wire = Wire(fake)

    def line(*args: Any, **kwargs: Any) -> http.Line:
        return REAL(*args, **kwargs, transport=httpx.MockTransport(wire), sleep=lambda _: None)

    monkeypatch.setattr(http, "Line", line)
    table = {"adapter": name, "url": "https://vendor.example", "token": "env:T"} | dict(options or {})
    place = Place("under-test", lambda reference: TOKEN if reference else "", lambda: NOW)
    system: System = adapter.connect(adapter.options(**table), place)
    return system, wire


def soon(seconds: float = 5.0) -> Deadline:
    """Return a deadline that is far enough away."""
    return Deadline(seconds)


def order(address: str, value: Value, reading: Reading, key: str = "k1") -> Write:
    """Return the change a responder plans on what was read."""
    return Write(address, value, key, reading.version, reading.value, "INC-42 by Ada")


def pull(system: Any, address: str, value: Value) -> Reading:
    """Read, write, read back."""
    system.write(order(address, value, system.read(address, soon())), soon())
    read: Reading = system.read(address, soon())
    return read
