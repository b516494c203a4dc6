"""OTLP traces as protobuf, decoded by OpenTelemetry's own messages; imported only where a body is binary."""

from __future__ import annotations

from typing import Any

from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from cockpit.intake.otlp import MAX_EVENTS, failure
from cockpit.intake.raw import Batch, RawEvent, RawSpan, Unreadable
from cockpit.intake.values import MAX_DEPTH, moment


def read_otlp_protobuf(body: bytes) -> Batch:
    """Read a request.

    Raises:
        Unreadable: it is no such message.
    """
    request = ExportTraceServiceRequest()
    try:
        request.ParseFromString(body)
    except (DecodeError, RuntimeError) as problem:
        raise Unreadable("it is no OTLP message in protobuf") from problem
    batch = Batch()
    for one in request.resource_spans:
        resource = _attributes(one.resource.attributes)
        for scope in one.scope_spans:
            for span in scope.spans:
                _keep(batch, span, resource)
    return batch


def _keep(batch: Batch, span: Any, resource: dict[str, Any]) -> None:
    trace = _identity(span.trace_id)
    if not trace:
        batch.reasons.append("a span has no trace id")
        return
    events = tuple(RawEvent(one.name, _attributes(one.attributes)) for one in span.events[:MAX_EVENTS])
    batch.spans.append(
        RawSpan(
            trace=trace,
            id=_identity(span.span_id),
            parent=_identity(span.parent_span_id),
            name=span.name[:500],
            start=moment(span.start_time_unix_nano),
            end=moment(span.end_time_unix_nano),
            attributes=_attributes(span.attributes),
            error=failure(span.status.code, span.status.message, events),
            events=events,
            resource=resource,
        )
    )


def _attributes(pairs: Any) -> dict[str, Any]:
    return {pair.key: _value(pair.value, 0) for pair in pairs}


def _value(value: Any, depth: int) -> Any:
    kind = value.WhichOneof("value")
    if kind is None or depth > MAX_DEPTH:
        return None
    inner = getattr(value, kind)
    if kind == "array_value":
        return [_value(one, depth + 1) for one in inner.values]
    if kind == "kvlist_value":
        return {pair.key: _value(pair.value, depth + 1) for pair in inner.values}
    return inner.hex() if isinstance(inner, bytes) else inner


def _identity(raw: bytes) -> str:
    found = raw.hex()
    return found if found.strip("0") else ""
