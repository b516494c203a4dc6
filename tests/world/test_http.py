"""One request to a server that means no good, and what is certain after it."""

from __future__ import annotations

import gzip
import shutil
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.errors import BadInput, CockpitError, Refused, Unreachable, Unsure
from cockpit.world import exchange
from cockpit.world.contract import Deadline
from cockpit.world.http import BREAKS_AFTER, FIRST_OPEN_S, LONGEST_BODY, LONGEST_RETRY_S, Line, retry_after
from cockpit.world.options import SystemOptions
from tests.world.rogue import Rogue, certificate, says
from tests.world.wild import Time

SECRET = "tok/en+with&odd=signs"
OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"


def line(url: str, **table: Any) -> Line:
    """Return the way to a server."""
    options = SystemOptions(adapter="test", url=url, **table)
    return Line(options, {"authorization": f"Bearer {SECRET}"}, secrets=(SECRET,))


def ask(url: str, seconds: float = 2.0, **table: Any) -> exchange.Answer:
    """Send one request."""
    way = line(url, **table)
    try:
        return way.ask("GET", "/x", Deadline(seconds))
    finally:
        way.close()


def pages(length: int, encoding: str = "gzip") -> bytes:
    """Return an answer whose body unfolds to so many bytes."""
    body = gzip.compress(bytes(length))
    return OK + f"content-encoding: {encoding}\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body


def test_an_answer_that_unfolds_beyond_measure_is_not_unfolded() -> None:
    import tracemalloc

    content = pages(20 * LONGEST_BODY)
    with Rogue(says(content)) as rogue:
        tracemalloc.start()
        try:
            with pytest.raises(Unsure, match="longer than 16 MB"):
                ask(rogue.url, 10)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert peak < 5 * LONGEST_BODY


def test_a_packed_answer_is_read_and_one_packed_as_nobody_asked_is_not() -> None:
    with Rogue(says(pages(1000))) as rogue:
        assert ask(rogue.url).body == bytes(1000)
    with Rogue(says(pages(10, "zstd"))) as rogue, pytest.raises(Unsure, match="zstd"):
        ask(rogue.url)
    broken = OK + b"content-encoding: gzip\r\ncontent-length: 5\r\n\r\nhello"
    with Rogue(says(broken)) as rogue, pytest.raises(Unsure, match="unpacked"):
        ask(rogue.url)


@pytest.mark.parametrize(
    "content",
    [
        OK + b"x-long: " + b"a" * 1_000_000 + b"\r\n\r\n",
        OK + b"".join(b"x-%d: 1\r\n" % number for number in range(40_000)) + b"\r\n",
        OK + b"content-length: 99\r\n\r\n{}",
        OK + b"transfer-encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/9.9 huh\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: -4\r\n\r\n",
        b"",
    ],
)
def test_what_is_no_answer_is_unsure(content: bytes) -> None:
    with Rogue(says(content)) as rogue, pytest.raises(Unsure):
        ask(rogue.url)


def test_an_answer_without_a_length_ends_with_its_connection() -> None:
    with Rogue(says(OK + b'connection: close\r\n\r\n{"a": 1}')) as rogue:
        assert ask(rogue.url).table() == {"a": 1}


def test_an_answer_after_a_half_closed_connection_is_read() -> None:
    def act(connection: socket.socket) -> None:
        connection.sendall(OK + b"content-length: 2\r\n\r\n{}")
        connection.shutdown(socket.SHUT_WR)
        time.sleep(0.05)

    with Rogue(act) as rogue:
        assert ask(rogue.url).table() == {}


def test_a_trickle_is_left_in_time_and_its_thread_ends() -> None:
    def act(connection: socket.socket) -> None:
        connection.sendall(OK)
        for _ in range(400):
            connection.sendall(b"x: y\r\n")
            time.sleep(0.05)

    with Rogue(act) as rogue:
        began = time.monotonic()
        with pytest.raises(Unsure):
            ask(rogue.url, 0.3)
        assert time.monotonic() - began < 10
        end = time.monotonic() + 10
        while _callers() and time.monotonic() < end:
            time.sleep(0.02)
        assert _callers() == []


def _callers() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("call: GET /x")]


def test_a_name_that_is_looked_up_for_ever_is_left_and_nothing_is_sent_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = threading.Event()
    real = socket.getaddrinfo

    def slow(*args: Any, **kwargs: Any) -> Any:
        found.wait(30)
        return real(*args, **kwargs)

    with Rogue(says(OK + b"content-length: 2\r\n\r\n{}")) as rogue:
        monkeypatch.setattr(socket, "getaddrinfo", slow)
        began = time.monotonic()
        with pytest.raises(Unsure):
            ask(rogue.url, 0.2)
        assert time.monotonic() - began < 10
        found.set()
        time.sleep(0.3)
        assert rogue.requests == []


def test_an_echoed_secret_is_covered_in_every_form() -> None:
    echo = f"{'x' * 150} {SECRET} {httpx.QueryParams({'a': SECRET})} {SECRET[:30]}".encode()
    for status in (b"200 OK", b"400 Bad", b"500 Oops", b"409 No"):
        content = b"HTTP/1.1 " + status + b"\r\ncontent-length: %d\r\n\r\n" % len(echo) + echo
        with Rogue(says(content)) as rogue, pytest.raises(CockpitError) as caught:
            ask(rogue.url).json()
        assert "tok" not in str(caught.value)


@pytest.mark.parametrize("token", ["line\nbreak-token", "typo\u2019graphic-token", "nul\x00token"])
def test_a_token_that_can_not_be_sent_is_told_of_without_showing_it(token: str) -> None:
    with pytest.raises(BadInput, match="header authorization") as caught:
        Line(SystemOptions(adapter="test", url="https://x.example"), {"authorization": token})
    assert "token" not in str(caught.value)


@pytest.mark.parametrize("path", ["/a\x00b", "/" + "x" * 70_000])
def test_what_is_no_request_is_refused_before_it_is_sent(path: str) -> None:
    with Rogue(says(b"")) as rogue:
        with pytest.raises(Refused, match="can't be put into a request"):
            line(rogue.url).ask("GET", path, Deadline(1))
        assert rogue.requests == []


def test_a_certificate_that_nobody_vouches_for_is_refused_and_one_from_the_file_is_not(tmp_path: Path) -> None:
    if not shutil.which("openssl"):
        pytest.skip("needs the program openssl")
    cert, tls = certificate(tmp_path)
    with Rogue(says(OK + b"content-length: 2\r\n\r\n{}"), tls) as rogue:
        with pytest.raises(Unreachable, match="certificate"):
            ask(rogue.url)
        assert rogue.requests == []
        assert ask(rogue.url, ca_file=str(cert)).table() == {}
        with pytest.raises(Unreachable):
            ask(rogue.url.replace("https", "http").replace("http", "https").replace("127.0.0.1", "localhost"),
                ca_file=str(cert))  # fmt: skip


@pytest.mark.parametrize(
    "name", ["169.254.169.254", "fd00:ec2::254", "100.100.100.200", "fe80::1", "::ffff:169.254.169.254"]
)
def test_metadata_services_are_never_called(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    family = socket.AF_INET6 if ":" in name else socket.AF_INET
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_args, **_more: [(family, socket.SOCK_STREAM, 6, "", (name, 80))]
    )
    with pytest.raises(Unreachable, match="never called"):
        ask("https://innocent.example")


def test_plain_http_stays_on_this_machine() -> None:
    with pytest.raises(BadInput, match="in clear"):
        line("http://10.0.0.1")
    line("http://10.0.0.1", allow_http=True)
    with pytest.raises(BadInput, match="no url"):
        line("")


def test_the_breaker_leaves_a_dead_system_alone_and_any_answer_ends_it() -> None:
    clock, alive = Time(), False

    def serve(request: httpx.Request) -> httpx.Response:
        if not alive:
            raise httpx.ConnectError("nobody")
        return httpx.Response(200, json={})

    way = Line(
        SystemOptions(adapter="test", url="https://x.example"), {}, sleep=clock.sleep, monotonic=clock,
        transport=httpx.MockTransport(serve),
    )  # fmt: skip
    for _ in range(BREAKS_AFTER):
        with pytest.raises(Unreachable):
            way.read("/", Deadline(5))
    with pytest.raises(Unreachable, match="left alone"):
        way.read("/", Deadline(5))
    alive = True
    way.ask("PUT", "/", Deadline(5))
    assert way.read("/", Deadline(5)).status == 200
    alive = False
    for _ in range(BREAKS_AFTER):
        with pytest.raises(Unreachable):
            way.read("/", Deadline(5))
    alive = True
    clock.now += FIRST_OPEN_S * 2 + 1
    assert way.read("/", Deadline(5)).status == 200


@given(st.text(max_size=40))
def test_any_retry_after_is_a_number_or_nothing(value: str) -> None:
    found = retry_after(value)
    assert found is None or 0 <= found <= LONGEST_RETRY_S
    assert retry_after("1.5") == 1.5


@pytest.mark.parametrize("value", ["inf", "1e300", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_nobody_is_left_alone_for_longer_than_a_clock_can_count(value: str) -> None:
    assert retry_after(value) == LONGEST_RETRY_S


def test_a_retry_after_that_is_a_date_is_in_utc_even_where_it_names_no_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        soon = datetime.now(UTC) + timedelta(seconds=600)
        found = retry_after(f"{soon:%a, %d %b %Y %H:%M:%S} -0000")
    finally:
        monkeypatch.undo()
        time.tzset()
    assert found is not None
    assert 590 <= found <= 600
