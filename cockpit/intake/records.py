"""Spans and whole traces as plain JSON objects: OpenInference, OTel SDKs, Langfuse, LangSmith, Phoenix, MLflow.

They differ in how they call id, parent and times, and in where attributes are; that is one table here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from cockpit.intake.otlp import attributes_of, failure, identity
from cockpit.intake.raw import Batch, Header, RawEvent, RawSpan
from cockpit.intake.values import MAX_DEPTH, flat, moment, number, opened, text, word

MAX_RECORDS = 2_000_000

TRACE = ("traceId", "trace_id", "spanContext.traceId", "context.trace_id", "context.traceId", "span_context.trace_id",
         "root_span_id", "request_id")  # fmt: skip
IDENTITY = ("spanId", "span_id", "spanContext.spanId", "context.span_id", "context.spanId", "run_id", "id", "uuid")
PARENT = ("parentSpanId", "parent_span_id", "parentSpanContext.spanId", "parentObservationId",
    "parent_observation_id",
          "parent_run_id", "parent_id", "parentId")  # fmt: skip
START = ("startTime", "start_time", "start_time_unix_nano", "startTimeUnixNano", "start_time_ns", "started_at",
    "start",
         "metrics.start", "startedAt", "request_created_at",
         "timestamp", "created_at", "createdAt", "created", "time", "ts")  # fmt: skip
END = ("endTime", "end_time", "end_time_unix_nano", "endTimeUnixNano", "end_time_ns", "ended_at", "end",
    "metrics.end",
       "finished_at", "endedAt", "finishedAt", "response_created_at")  # fmt: skip
TOOK_MS = ("duration_ms", "durationMs", "latency_ms", "latencyMs", "delay_ms", "response_time", "response_time_ms",
           "elapsed_ms", "took_ms")  # fmt: skip
NAME = ("name", "span_name", "span_attributes.name", "title")
KIND = ("type", "span_kind", "run_type", "spanType", "span_attributes.type", "kind")
INNER = (
    "observations",
    "spans",
    "child_runs",
    "children",
    "steps",
    "runs",
    "traces",
    "data",
    "events",
    "results",
    "items",
)
"""Where a record keeps further records."""
_ERROR_TEXT = (
    "statusMessage",
    "status_message",
    "status_description",
    "status.message",
    "status.description",
    "error",
)
_EMPTY: tuple[Any, ...] = (None, "", [], {})
_SIDES = ("input", "inputs", "output", "outputs")
_HEADER_LABELS = ("name", "environment", "release", "version")
_SPAN_SIGNS = (TRACE[:5], PARENT, START[:8])


def read_records(value: Any) -> Batch:
    """Read every record of a document, however deep it lies; nothing is found in what holds none."""
    batch = Batch()
    for count, (record, around) in enumerate(_records(value, "", 0)):
        if count >= MAX_RECORDS:
            batch.reasons.append(f"there are more than {MAX_RECORDS:,} records")
            break
        if isinstance(record, Header):
            batch.headers.append(record)
        else:
            _keep(batch, record, around)
    return batch


def _keep(batch: Batch, record: dict[str, Any], around: str) -> None:
    try:
        raw = read_record(record, around)
    except (TypeError, ValueError, AttributeError, OverflowError, RecursionError) as problem:
        batch.reasons.append(f"a span can't be used: {str(problem)[:120]}")
        return
    if raw.trace:
        batch.spans.append(raw)
    else:
        batch.reasons.append("a span names no trace")


def _records(value: Any, around: str, depth: int) -> Iterator[tuple[Any, str]]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        for one in value:
            yield from _records(one, around, depth + 1)
    elif isinstance(value, dict):
        whole = value.get("trace") if isinstance(value.get("trace"), dict) else value.get("info")
        if isinstance(whole, dict) or _is_whole(value):
            header = read_header(whole if isinstance(whole, dict) else value)
            around = header.trace
            yield header, around
        elif is_record(value):
            yield value, around
            around = word(_first(value, TRACE)) or around or word(_first(value, IDENTITY))
        for key in INNER:
            if isinstance(value.get(key), list | dict):
                yield from _records(value[key], around, depth + 1)


def is_record(value: Mapping[str, Any]) -> bool:
    """Whether an object is one span: it has an id, and a trace, a parent or a start, and is about something."""
    if _first(value, IDENTITY) is None:
        return False
    signs = sum(any(_at(value, name) is not None for name in names) for names in _SPAN_SIGNS)
    return signs >= 1 and not _is_whole(value) and ("name" in value or "attributes" in value or signs >= 2)


def _is_whole(value: Mapping[str, Any]) -> bool:
    return isinstance(value.get("observations"), list) and "id" in value and "traceId" not in value


def read_record(record: Mapping[str, Any], around: str = "") -> RawSpan:
    """Read one record; `around` is the trace it lies in, where it names none itself."""
    own = record.get("attributes")
    attributes = dict(own) if isinstance(own, dict) else attributes_of(own)
    resource = _fold_metadata(record, attributes)
    for key, value in record.items():
        if key not in _STRUCTURE and value not in _EMPTY and key not in attributes:
            is_table = isinstance(value, dict) and key not in _SIDES
            inner = flat({key: value}, depth=3) if is_table else {key: value}
            attributes.update({name: one for name, one in inner.items() if one not in _EMPTY and name not in _TIMES})
    events = tuple(_events(record.get("events")))
    parents = record.get("span_parents")
    parent = word(_first(record, PARENT)) or (word(parents[0]) if isinstance(parents, list) and parents else "")
    start = moment(_first(record, START))
    return RawSpan(
        trace=identity(word(_first(record, TRACE))) or around or word(_first(record, IDENTITY)),
        id=identity(word(_first(record, IDENTITY))),
        parent=identity(parent),
        name=word(_first(record, NAME)),
        start=start,
        end=moment(_first(record, END)) or ended(record, start),
        attributes=attributes,
        kind=word(_first(record, KIND)),
        error=_error(record, events),
        events=events,
        resource=resource,
    )


def ended(record: Mapping[str, Any], start: datetime | None) -> datetime | None:
    """Return when a record ended that says how long it took, in milliseconds."""
    took = next((found for name in TOOK_MS if (found := number(record.get(name))) is not None), None)
    return start + timedelta(milliseconds=min(took, 1e9)) if start and took is not None and took >= 0 else None


def _fold_metadata(record: Mapping[str, Any], attributes: dict[str, Any]) -> dict[str, Any]:
    """Bring what Langfuse keeps of the original span out of its metadata; return what the sender says of itself."""
    metadata = opened(record.get("metadata"))
    if isinstance(metadata, dict):
        inner = opened(metadata.get("attributes"))
        if isinstance(inner, dict):
            attributes.update({name: value for name, value in inner.items() if name not in attributes})
        left = {
            key: value for key, value in metadata.items() if key not in ("attributes", "resourceAttributes", "scope")
        }
        attributes.update(flat(left, "metadata.", 2))
        return _resource(metadata.get("resourceAttributes"))
    resource = record.get("resource")
    return _resource(resource.get("attributes", resource)) if isinstance(resource, dict) else {}


def _resource(given: Any) -> dict[str, Any]:
    inner = opened(given)
    return dict(inner) if isinstance(inner, dict) else attributes_of(inner)


def read_header(whole: Mapping[str, Any]) -> Header:
    """Read what is said about a whole trace: who and what it was about, its input and output, its scores."""
    attributes: dict[str, Any] = {}
    resource = _fold_metadata(whole, attributes)
    attributes.update({key: value for key, value in resource.items() if key not in attributes})
    for key in ("input", "output", "userId", "sessionId", "user_id", "session_id"):
        if whole.get(key) is not None:
            attributes[key] = whole[key]
    labels = {key: word(whole[key]) for key in _HEADER_LABELS if word(whole.get(key))}
    tags = whole.get("tags")
    if isinstance(tags, list) and tags:
        labels["tags"] = ", ".join(word(tag) for tag in tags[:50])
    return Header(identity(word(_first(whole, ("id", *TRACE)))), attributes, _scores(whole.get("scores")), labels)


def _scores(listed: Any) -> dict[str, float]:
    found = {}
    for one in listed if isinstance(listed, list) else []:
        value = number(one.get("value")) if isinstance(one, dict) else None
        if value is not None and word(one.get("name")):
            found[word(one["name"])] = value
    return found


def _events(listed: Any) -> Iterator[RawEvent]:
    for event in listed[:1_000] if isinstance(listed, list) else []:
        if isinstance(event, dict):
            yield RawEvent(word(event.get("name")), attributes_of(event.get("attributes")))


def _error(record: Mapping[str, Any], events: tuple[RawEvent, ...]) -> str:
    status = record.get("status")
    code = status.get("code", status.get("status_code")) if isinstance(status, dict) else status
    said = next((text(_at(record, key))[:500] for key in _ERROR_TEXT if _at(record, key)), "")
    if record.get("level") == "ERROR" or record.get("status_code") == "ERROR" or code in ("error", "failed"):
        return said or "error"
    return failure(code, said, events) or (text(record["error"])[:500] if record.get("error") else "")


def _first(record: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((value for name in names if (value := _at(record, name)) not in (None, "")), None)


def _at(record: Mapping[str, Any], name: str) -> Any:
    if "." not in name:
        return record.get(name)
    folder, _, rest = name.partition(".")
    inner = record.get(folder)
    return inner.get(rest) if isinstance(inner, dict) else None


_TIMES = frozenset({*START, *END})
_STRUCTURE = frozenset(
    {name.split(".")[0] for names in (TRACE[:-2], IDENTITY, PARENT, START, END, NAME) for name in names} - {"metrics"}
    | {"attributes", "metadata", "resource", "status", "statusMessage", "status_message", "status_code",
    "level", "scope",
       "instrumentationScope", "instrumentation_scope", "links", "observations", "child_runs", "spans", "projectId",
       "updatedAt", "context", "droppedAttributesCount", "span_parents", "scores"}
)  # fmt: skip
