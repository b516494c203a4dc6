"""One OTLP/HTTP request: what is wrong with it, or the spans in it; and the answer, in the sender's own encoding."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from cockpit.intake.otlp import is_otlp, read_otlp
from cockpit.intake.raw import Batch, Unreadable

PATH = "/v1/traces"
PROTOBUF, JSON = "application/x-protobuf", "application/json"
ENCODINGS = ("", "identity", "gzip", "deflate")
_AUTO = 32 + zlib.MAX_WBITS
"""zlib's word for gzip or deflate, whichever it is."""


class Rejected(Exception):
    """A request that is answered with a status of its own; the message is for the sender."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})


@dataclass(frozen=True, slots=True)
class Ask:
    """What the head of a request says."""

    kind: str
    encoding: str
    size: int


def head_of(path: str, headers: Mapping[str, str], limit: int) -> Ask:
    """Read the head of a request.

    Raises:
        Rejected: 404, 411, 413 or 415.
    """
    if path.split("?", 1)[0].rstrip("/") != PATH:
        raise Rejected(404, f"There is only {PATH}: no metrics and no logs.")
    kind = headers.get("content-type", "").split(";", 1)[0].strip().lower()
    if kind not in (PROTOBUF, JSON):
        raise Rejected(415, f"Send {PROTOBUF} or {JSON}.")
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding not in ENCODINGS:
        raise Rejected(415, "Send it packed with gzip, or not packed.")
    length = headers.get("content-length", "")
    if not (length.isascii() and length.isdecimal()):
        raise Rejected(411, "Say how long it is: Content-Length.")
    if len(length) > 15 or int(length) > limit:
        raise Rejected(413, f"At most {limit:,} bytes are taken at once; send smaller batches.")
    return Ask(kind, encoding, int(length))


def spans_of(ask: Ask, body: bytes, limit: int) -> Batch:
    """Read the body of a request.

    Raises:
        Rejected: 400 or 413.
    """
    if len(body) < ask.size:
        raise Rejected(400, "The body is shorter than its head says.")
    content = _unpacked(body, limit) if ask.encoding in ("gzip", "deflate") else body
    if ask.kind == PROTOBUF:
        from cockpit.intake.otlp_proto import read_otlp_protobuf

        try:
            return read_otlp_protobuf(content)
        except Unreadable as problem:
            raise Rejected(400, str(problem)) from None
    try:
        value = json.loads(content or b"null")
    except (ValueError, RecursionError):
        raise Rejected(400, "It is no JSON, or nested too deeply.") from None
    if value == {}:
        return Batch()
    if not is_otlp(value):
        raise Rejected(400, "It is no ExportTraceServiceRequest: resourceSpans is missing.")
    return read_otlp(value)


def _unpacked(body: bytes, limit: int) -> bytes:
    unpacking = zlib.decompressobj(_AUTO)
    try:
        content = unpacking.decompress(body, limit + 1)
    except zlib.error:
        raise Rejected(400, "The packed body can't be unpacked.") from None
    if len(content) > limit:
        raise Rejected(413, f"At most {limit:,} bytes are taken at once, unpacked; send smaller batches.")
    if not unpacking.eof:
        raise Rejected(400, "The packed body breaks off.")
    return content


def accepted(kind: str, reasons: list[str]) -> bytes:
    """Return the answer to a request that was taken, with what in it was not."""
    told = f"{reasons[0]}{f' (and {len(reasons) - 1} more)' if len(reasons) > 1 else ''}" if reasons else ""
    if kind == JSON:
        partial = {"partialSuccess": {"rejectedSpans": str(len(reasons)), "errorMessage": told}} if reasons else {}
        return json.dumps(partial).encode()
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

    answer = ExportTraceServiceResponse()
    if reasons:
        answer.partial_success.rejected_spans = len(reasons)
        answer.partial_success.error_message = told
    return bytes(answer.SerializeToString())


def refused(kind: str, message: str) -> bytes:
    """Return the answer to a request that was not taken: `google.rpc.Status` with a message alone."""
    if kind == PROTOBUF:
        # Field 2, length-delimited: one string needs no library.
        told = message.encode("utf-8", "replace")[:120]
        return bytes([0x12, len(told)]) + told
    return json.dumps({"message": message}).encode()
