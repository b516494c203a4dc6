"""What tests of traces that come in share: where the public files are, and files read in one go."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from cockpit.domain.calls import CallTrace
from cockpit.intake.files import Reading, read_files
from cockpit.intake.gather import Gatherer
from cockpit.intake.raw import Batch, RawEvent, RawSpan

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("COCKPIT_SHARED_DATA", ROOT.parent / "shared" / "data")) / "traces"
needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the public data sets are not here; COCKPIT_SHARED_DATA names their folder"
)


def traces_of(*files: Path) -> tuple[list[CallTrace], Reading]:
    """Read files; return their traces and what was counted."""
    reading = Reading()
    return [trace for whole in read_files(files, reading) for trace in whole], reading


def written(folder: Path, value: Any, name: str = "traces.json") -> Path:
    """Write a value as JSON, or text as it is."""
    file = folder / name
    file.write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
    return file


def one_span(
    attributes: Mapping[str, Any], *, name: str = "chat", events: tuple[RawEvent, ...] = (), **rest: Any
) -> CallTrace:
    """Return the trace of a single span."""
    gatherer = Gatherer("test", rest.pop("keys", None))
    gatherer.add(Batch([RawSpan("t1", "s1", "", name, None, None, dict(attributes), events=events, **rest)]))
    return gatherer.rest()[0]


def pairs(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Write attributes as OTLP's JSON does."""
    return [{"key": key, "value": typed(value)} for key, value in values.items()]


def typed(value: Any) -> dict[str, Any]:
    """Write one value as OTLP's JSON does."""
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    if isinstance(value, list):
        return {"arrayValue": {"values": [typed(one) for one in value]}}
    if isinstance(value, dict):
        return {"kvlistValue": {"values": pairs(value)}}
    return {"stringValue": str(value)}


def otlp(*spans: dict[str, Any], service: str = "shop") -> dict[str, Any]:
    """Return an export request."""
    resource = {"attributes": pairs({"service.name": service})}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": list(spans)}]}]}


def otlp_span(
    number: int, attributes: Mapping[str, Any], *, trace: str = "a" * 32, parent: int = 0, **rest: Any
) -> dict[str, Any]:
    """Return one span of a request; numbers are ids and milliseconds."""
    begun = 1_760_000_000_000_000_000 + number * 1_000_000
    return {
        "traceId": trace, "spanId": f"{number:016x}", "parentSpanId": f"{parent:016x}" if parent else "",
        "name": f"span {number}", "startTimeUnixNano": str(begun), "endTimeUnixNano": str(begun + 5_000_000),
        "attributes": pairs(attributes), **rest,
    }  # fmt: skip
