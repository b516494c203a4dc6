"""The receiver over a real socket: statuses, both encodings, partial success, limits, and traces put together."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from google.protobuf.json_format import ParseDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from cockpit.domain.calls import CallTrace
from cockpit.domain.clock import ManualClock
from cockpit.errors import BadInput, JournalReadOnly
from cockpit.intake import gather
from cockpit.intake import receiver as receiving
from cockpit.intake.assemble import assemble
from cockpit.intake.keys import Limits
from cockpit.intake.receiver import Rate, Receiver
from tests.intake.reading import otlp, otlp_span

CHAT = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-5"}
JSON = {"Content-Type": "application/json"}
BINARY = {"Content-Type": "application/x-protobuf"}
Started = Callable[..., Receiver]


@pytest.fixture
def kept() -> list[CallTrace]:
    return []


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 21, 2, 0, tzinfo=UTC))


@pytest.fixture
def start(kept: list[CallTrace], clock: ManualClock) -> Iterator[Started]:
    running: list[Receiver] = []

    def begin(keep: Callable[[list[CallTrace]], None] = kept.extend, **limits: Any) -> Receiver:
        receiver = Receiver("127.0.0.1", 0, keep, clock=clock, limits=replace(Limits(), **limits))
        running.append(receiver)
        receiver.start()
        return receiver

    yield begin
    for receiver in running:
        receiver.close()


def send(
    receiver: Receiver, body: bytes, headers: dict[str, str], *, path: str = "/v1/traces", verb: str = "POST"
) -> tuple[int, bytes, dict[str, str]]:
    """Send one request; return status, body and headers of the answer."""
    connection = http.client.HTTPConnection(*receiver.address, timeout=10)
    try:
        connection.request(verb, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()}
    finally:
        connection.close()


def body_of(*numbers: int) -> bytes:
    return json.dumps(otlp(*(otlp_span(n, CHAT, parent=n - 1) for n in numbers))).encode()


def test_spans_of_several_requests_are_one_trace(start: Started, kept: list[CallTrace], clock: ManualClock) -> None:
    receiver = start()
    assert send(receiver, body_of(3, 2), JSON)[:2] == (200, b"{}")
    clock.move_to(clock.now() + timedelta(seconds=3))
    receiver.deliver()
    assert kept == []
    assert send(receiver, gzip.compress(body_of(1)), {**JSON, "Content-Encoding": "gzip"})[0] == 200
    clock.move_to(clock.now() + timedelta(seconds=3))
    receiver.deliver()
    (trace,) = kept
    assert [span.id[-1] for span in trace.spans] == ["1", "2", "3"]
    assert trace.source == "otlp"


def test_a_trace_without_a_root_is_not_waited_for_for_ever(
    start: Started, kept: list[CallTrace], clock: ManualClock
) -> None:
    receiver = start()
    send(receiver, body_of(3), JSON)
    clock.move_to(clock.now() + timedelta(seconds=Limits().pause_s))
    receiver.deliver()
    assert len(kept) == 1


@pytest.mark.parametrize("limits", [{"held_spans": 10}, {"held_bytes": 4_000}])
def test_what_waits_is_bounded(start: Started, kept: list[CallTrace], limits: dict[str, int]) -> None:
    receiver = start(**limits)
    for number in range(1, 15):
        body = json.dumps(otlp(otlp_span(2, CHAT, trace=f"{number:032x}", parent=1))).encode()
        assert send(receiver, body, JSON)[0] == 200
    receiver.deliver()
    assert 5 <= len(kept) < 14
    assert [trace.id for trace in kept] == sorted(trace.id for trace in kept)


def test_a_trace_that_cannot_be_put_together_keeps_no_other_back(
    start: Started, kept: list[CallTrace], clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def odd(trace: str, *more: Any) -> CallTrace:
        if trace.endswith("2"):
            raise ValueError("nobody has met this")
        return assemble(trace, *more)

    monkeypatch.setattr(gather, "assemble", odd)
    receiver = start()
    for number in (1, 2, 3):
        send(receiver, json.dumps(otlp(otlp_span(1, CHAT, trace=f"{number:032x}"))).encode(), JSON)
    clock.move_to(clock.now() + timedelta(seconds=3))
    receiver.deliver()
    assert [trace.id[-1] for trace in kept] == ["1", "3"]
    assert receiver.rejected == 1


def test_protobuf_in_and_out(start: Started, kept: list[CallTrace]) -> None:
    receiver = start()
    value = otlp(otlp_span(1, CHAT))
    span = value["resourceSpans"][0]["scopeSpans"][0]["spans"][0]
    span |= {"traceId": "qqqqqqqqqqqqqqqqqqqqqg==", "spanId": "AAAAAAAAAAE="}
    bad = {**span, "traceId": ""}
    value["resourceSpans"][0]["scopeSpans"][0]["spans"] = [span, bad]
    sent = ParseDict(value, ExportTraceServiceRequest()).SerializeToString()
    status, body, headers = send(receiver, gzip.compress(sent), {**BINARY, "Content-Encoding": "gzip"})
    told = ExportTraceServiceResponse.FromString(body)
    assert (status, headers["content-type"]) == (200, "application/x-protobuf")
    assert (told.partial_success.rejected_spans, told.partial_success.error_message) == (1, "a span has no trace id")
    receiver.deliver(everything=True)
    assert [(trace.id, trace.model, trace.service) for trace in kept] == [("a" * 32, "gpt-5", "shop")]


def test_partial_success_in_json(start: Started) -> None:
    value = otlp(otlp_span(1, CHAT), {"name": "no trace"})
    status, body, _ = send(start(), json.dumps(value).encode(), JSON)
    assert status == 200
    assert json.loads(body)["partialSuccess"]["rejectedSpans"] == "1"


@pytest.mark.parametrize(
    ("body", "headers", "path", "verb", "status"),
    [
        (b"{}", JSON, "/v1/metrics", "POST", 404),
        (b"", {}, "/v1/traces", "GET", 405),
        (b"", {}, "/v1/traces", "OPTIONS", 405),
        (b"{}", {"Content-Type": "text/plain"}, "/v1/traces", "POST", 415),
        (b"{}", {}, "/v1/traces", "POST", 415),
        (b"{}", {**JSON, "Content-Encoding": "br"}, "/v1/traces", "POST", 415),
        (b"{", JSON, "/v1/traces", "POST", 400),
        (b"[]", JSON, "/v1/traces", "POST", 400),
        (b"[" * 60_000, JSON, "/v1/traces", "POST", 400),
        (b"\xff\xff\xff", BINARY, "/v1/traces", "POST", 400),
        (b"not packed", {**JSON, "Content-Encoding": "gzip"}, "/v1/traces", "POST", 400),
        (gzip.compress(b"{}" * 50)[:-9], {**JSON, "Content-Encoding": "gzip"}, "/v1/traces", "POST", 400),
        (b" " * 70_000, JSON, "/v1/traces", "POST", 413),
        (gzip.compress(b" " * 5_000_000), {**JSON, "Content-Encoding": "gzip"}, "/v1/traces", "POST", 413),
        (b"{}", {**JSON, "Content-Length": "x"}, "/v1/traces", "POST", 411),
        (b"{}", {**JSON, "Content-Length": "9" * 30}, "/v1/traces", "POST", 413),
        (b"{}", JSON, "/v1/traces/", "POST", 200),
    ],
)  # fmt: skip
def test_every_status(
    start: Started, body: bytes, headers: dict[str, str], path: str, verb: str, status: int
) -> None:
    receiver = start(body_bytes=65_536)
    got, answer, told = send(receiver, body, headers, path=path, verb=verb)
    assert got == status
    assert told["content-type"] in ("application/json", "application/x-protobuf")
    assert answer
    assert send(receiver, b"{}", JSON)[0] == 200  # it still serves


def test_too_many_requests_are_told_when_to_come_again(start: Started) -> None:
    receiver = start(requests_a_second=0.001)
    assert send(receiver, b"{}", JSON)[0] == 200
    status, _, headers = send(receiver, b"{}", JSON)
    assert (status, headers["retry-after"]) == (429, "1")


def test_a_sender_that_dribbles_is_hung_up_on(start: Started, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "LONGEST_S", 0.5)
    receiver = start()
    began = time.monotonic()
    with socket.create_connection(receiver.address, timeout=0.1) as slow:
        slow.sendall(b"POST /v1/traces HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n")
        with suppress(ConnectionError):
            while time.monotonic() < began + 20.0:
                slow.sendall(b" ")
                with suppress(TimeoutError):
                    if not slow.recv(1):
                        break
    assert time.monotonic() < began + 15.0
    assert send(receiver, body_of(1), JSON)[0] == 200


def test_a_bucket_fills_up_again() -> None:
    moment = [0.0]
    rate = Rate(2.0, lambda: moment[0])
    assert [rate.take() for _ in range(5)] == [True, True, True, True, False]
    moment[0] = 0.5
    assert [rate.take() for _ in range(2)] == [True, False]


def test_traces_wait_while_the_disk_is_full(start: Started, kept: list[CallTrace]) -> None:
    full = [True]

    def keep(traces: list[CallTrace]) -> None:
        if full[0]:
            raise JournalReadOnly("the disk is full")
        kept.extend(traces)

    receiver = start(keep)
    send(receiver, body_of(1), JSON)
    receiver.deliver(everything=True)
    assert send(receiver, body_of(2), JSON)[0] == 503
    full[0] = False
    receiver.deliver()
    assert (len(kept), receiver.trouble) == (1, "")
    assert send(receiver, body_of(2), JSON)[0] == 200


def test_a_taken_address_is_bad_input() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(BadInput, match="Can't listen"):
            Receiver("127.0.0.1", other.getsockname()[1], print, clock=ManualClock(datetime(2026, 1, 1, tzinfo=UTC)))
