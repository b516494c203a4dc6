"""Documents of tracing systems whose spans are laid out in a way of their own, as plain records.

Jaeger's and Zipkin's answers, Datadog's LLM spans, Amazon Bedrock's log of calls, rows of a table whose column names
are paths, and the events of agents that lie in an attribute.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cockpit.intake.values import MAX_DEPTH, number, word

MOST_COLUMNS = 20_000
"""Attributes that the lists of one row are written as."""


def reshaped(value: Any) -> Any:
    """Return a document with every record laid out as usual; what has no layout of its own stays as it is."""
    if isinstance(value, dict):
        listed = value.get("data")
        if isinstance(listed, list) and any(_is_jaeger(one) for one in listed):
            return [span for trace in listed if _is_jaeger(trace) for span in _jaeger(trace)]
        if _is_jaeger(value):
            return list(_jaeger(value))
        if isinstance(listed, list):
            return {**value, "data": [_record(one) for one in listed]}
        return _record(value)
    return [_record(one) for one in value] if isinstance(value, list) else value


def _record(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = value.get("attributes")
    if isinstance(inner, dict) and "span_id" in inner and "start_ns" in inner:
        return _datadog(inner)
    if "start_ns" in value and "span_id" in value:
        return _datadog(value)
    if isinstance(value.get("tags"), dict) and "traceId" in value and "timestamp" in value and "id" in value:
        return _zipkin(value)
    if value.get("schemaType") == "ModelInvocationLog":
        return _bedrock(value)
    if "context.trace_id" in value or "context.span_id" in value:
        return _row(value)
    return value


def _is_jaeger(value: Any) -> bool:
    return isinstance(value, dict) and "traceID" in value and isinstance(value.get("spans"), list)


def _jaeger(trace: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    processes = _table(trace.get("processes"))
    for span in trace["spans"]:
        if not isinstance(span, dict):
            continue
        references = [one for one in _list(span.get("references")) if isinstance(one, dict)]
        process = _table(processes.get(word(span.get("processID"))) or span.get("process"))
        yield {
            "trace_id": span.get("traceID"), "span_id": span.get("spanID"), "name": span.get("operationName"),
            "parent_id": next((one.get("spanID") for one in references), None),
            "attributes": span.get("tags"), **_times(span.get("startTime"), span.get("duration")),
            "events": [_jaeger_log(one) for one in _list(span.get("logs")) if isinstance(one, dict)],
            "resource": {"service.name": process.get("serviceName")},
        }  # fmt: skip


def _jaeger_log(log: Mapping[str, Any]) -> dict[str, Any]:
    fields = [one for one in _list(log.get("fields")) if isinstance(one, dict)]
    name = next((one.get("value") for one in fields if one.get("key") in ("event", "name")), "")
    return {"name": name, "attributes": fields}


def _zipkin(span: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "trace_id": span["traceId"], "span_id": span["id"], "parent_id": span.get("parentId"),
        "name": span.get("name"),
        "attributes": span["tags"], **_times(span["timestamp"], span.get("duration")),
        "resource": {"service.name": _table(span.get("localEndpoint")).get("serviceName")},
    }  # fmt: skip


def _datadog(span: Mapping[str, Any]) -> dict[str, Any]:
    meta, figures = _table(span.get("meta")), _table(span.get("metrics"))
    told = {**meta, **{name: one for name, one in span.items() if name not in ("meta", "metrics")}}
    parent = word(told.get("parent_id"))
    return {
        **{name: one for name, one in told.items() if name not in _DATADOG},
        "parent_id": "" if parent in ("undefined", "0") else parent,
        "type": told.get("span_kind", told.get("kind")),
        "service.name": told.get("ml_app"),
        **{name: figures[name] for name in ("input_tokens", "output_tokens") if name in figures},
        **_times(span.get("start_ns"), span.get("duration"), 1e9),
    }


_DATADOG = frozenset({"start_ns", "duration", "span_kind", "kind", "ml_app", "parent_id"})


def _bedrock(log: Mapping[str, Any]) -> dict[str, Any]:
    given, told = _table(log.get("input")), _table(log.get("output"))
    return {
        "id": log.get("requestId"), "trace_id": log.get("requestId"), "name": log.get("operation"),
        "timestamp": log.get("timestamp"), "type": "generation", "model": log.get("modelId"),
        "input": given.get("inputBodyJson"), "output": told.get("outputBodyJson"),
        "input_tokens": given.get("inputTokenCount"), "output_tokens": told.get("outputTokenCount"),
        "error": log.get("errorCode"),
    }  # fmt: skip


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    """Read a row whose columns are paths: `context.trace_id`, `attributes.llm.model_name`."""
    attributes: dict[str, Any] = {}
    for name, value in row.items():
        if name.startswith("attributes."):
            _spread(attributes, name.removeprefix("attributes."), value, 0)
    rest = {name: one for name, one in row.items() if not name.startswith(("attributes.", "context."))}
    ids = {"trace_id": row.get("context.trace_id"), "span_id": row.get("context.span_id")}
    return {**rest, **ids, "attributes": attributes}


def _spread(found: dict[str, Any], name: str, value: Any, depth: int) -> None:
    """Write lists of objects as numbered attributes, as they were before they became a table."""
    if isinstance(value, list) and value and depth < MAX_DEPTH and all(isinstance(one, dict) for one in value):
        for place, one in enumerate(value):
            for key, inner in one.items():
                _spread(found, f"{name}.{place}.{key}", inner, depth + 1)
    elif len(found) < MOST_COLUMNS:
        found[name] = value


def _times(start: Any, duration: Any, unit: float = 1e6) -> dict[str, Any]:
    began, took = number(start), number(duration)
    if began is None or took is None:
        return {"start_time": start}
    return {"start_time": began / unit, "end_time": (began + took) / unit}


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
