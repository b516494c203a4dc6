"""OTLP traces as JSON: `ExportTraceServiceRequest`, as senders and the collector's file exporter write it."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from typing import Any

from cockpit.intake.raw import Batch, RawEvent, RawSpan
from cockpit.intake.values import MAX_DEPTH, moment, word

RESOURCES = ("resourceSpans", "resource_spans", "batches")
ERROR_CODES = (2, "2", "STATUS_CODE_ERROR", "ERROR", "Error")
_HEX = re.compile(r"[0-9a-fA-F]+")
MAX_EVENTS = 1_000


def is_otlp(value: Any) -> bool:
    """Whether a document looks like OTLP traces."""
    return isinstance(value, dict) and any(isinstance(value.get(key), list) for key in RESOURCES)


def read_otlp(value: Mapping[str, Any]) -> Batch:
    """Read every span that can be read; the others are told by reason."""
    batch = Batch()
    for around, spans in _groups(value, batch):
        for span in spans:
            try:
                batch.spans.append(_span(span, around))
            except (TypeError, ValueError, AttributeError, OverflowError) as problem:
                batch.reasons.append(f"a span is not as OTLP says: {str(problem)[:120]}")
    return batch


def _groups(value: Mapping[str, Any], batch: Batch) -> Iterator[tuple[dict[str, Any], list[Any]]]:
    for one in next((value[key] for key in RESOURCES if isinstance(value.get(key), list)), []):
        if not isinstance(one, dict):
            batch.reasons.append("an entry of resourceSpans is no object")
            continue
        resource = one.get("resource")
        around = attributes_of(resource.get("attributes")) if isinstance(resource, dict) else {}
        scopes = one.get("scopeSpans") or one.get("scope_spans") or one.get("instrumentationLibrarySpans") or []
        for scope in scopes if isinstance(scopes, list) else []:
            spans = scope.get("spans") if isinstance(scope, dict) else None
            if isinstance(spans, list):
                yield around, spans
            elif spans is not None or not isinstance(scope, dict):
                batch.reasons.append("the spans of a scope are no list")


def _span(span: Any, resource: Mapping[str, Any]) -> RawSpan:
    if not isinstance(span, dict):
        raise TypeError(f"it is {type(span).__name__}, not an object")
    trace = identity(span.get("traceId", span.get("trace_id")))
    if not trace:
        raise ValueError("it has no traceId")
    status = span.get("status")
    events = tuple(_events(span.get("events")))
    return RawSpan(
        trace=trace,
        id=identity(span.get("spanId", span.get("span_id"))),
        parent=identity(span.get("parentSpanId", span.get("parent_span_id"))),
        name=word(span.get("name")),
        start=moment(span.get("startTimeUnixNano", span.get("start_time_unix_nano"))),
        end=moment(span.get("endTimeUnixNano", span.get("end_time_unix_nano"))),
        attributes=attributes_of(span.get("attributes")),
        error=failure(status.get("code"), status.get("message"), events) if isinstance(status, dict) else "",
        events=events,
        resource=resource,
    )


def failure(code: Any, message: Any, events: tuple[RawEvent, ...]) -> str:
    """Say what failed, empty where the status says that nothing did."""
    if code not in ERROR_CODES:
        return ""
    thrown = next((event.attributes for event in events if event.name == "exception"), {})
    return word(message) or word(thrown.get("exception.message")) or word(thrown.get("exception.type")) or "error"


def _events(listed: Any) -> Iterator[RawEvent]:
    for event in listed[:MAX_EVENTS] if isinstance(listed, list) else []:
        if isinstance(event, dict):
            yield RawEvent(word(event.get("name")), attributes_of(event.get("attributes")))


def attributes_of(listed: Any) -> dict[str, Any]:
    """Return a list of keys and typed values as a dict; what is no such pair is left out."""
    if isinstance(listed, dict):
        return dict(listed)
    found: dict[str, Any] = {}
    for pair in listed if isinstance(listed, list) else ():
        if isinstance(pair, dict) and isinstance(pair.get("key"), str):
            found[pair["key"]] = value_of(pair.get("value"))
    return found


def value_of(value: Any, depth: int = 0) -> Any:
    """Return a typed value as a plain one; integers are written as text in JSON."""
    if not isinstance(value, dict) or depth > MAX_DEPTH:
        return value if not isinstance(value, dict) else None
    for key, inner in value.items():
        read = _TYPES.get(key)
        if read is not None:
            return read(inner, depth)
    return None


def _int(inner: Any, _: int) -> Any:
    return int(inner) if isinstance(inner, str) and len(inner) < 25 and inner.removeprefix("-").isdecimal() else inner


def _list(inner: Any, depth: int) -> Any:
    values = inner.get("values") if isinstance(inner, dict) else inner
    return [value_of(one, depth + 1) for one in values] if isinstance(values, list) else []


def _dict(inner: Any, depth: int) -> Any:
    values = inner.get("values") if isinstance(inner, dict) else inner
    pairs = [pair for pair in values if isinstance(pair, dict)] if isinstance(values, list) else []
    return {str(pair.get("key")): value_of(pair.get("value"), depth + 1) for pair in pairs}


def _as_it_is(inner: Any, _: int) -> Any:
    return inner


_TYPES = {
    "stringValue": _as_it_is, "string_value": _as_it_is, "intValue": _int, "int_value": _int,
    "doubleValue": _as_it_is, "double_value": _as_it_is, "boolValue": _as_it_is, "bool_value": _as_it_is,
    "arrayValue": _list, "array_value": _list, "kvlistValue": _dict, "kvlist_value": _dict, "bytesValue": _as_it_is,
}  # fmt: skip


def identity(value: Any) -> str:
    """Return an id in hexadecimal; some writers put it in base64, some put zeros for none."""
    if not isinstance(value, str) or not value:
        return ""
    if len(value) in (12, 24) and not _HEX.fullmatch(value):
        try:
            value = base64.b64decode(value, validate=True).hex()
        except (binascii.Error, ValueError):
            return str(value[:200])
    return value[:200] if value.strip("0") else ""
