"""MLflow: whole traces, each with what is known about it as a whole, its spans as OTLP has them, its assessments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from cockpit.intake.judgements import Judgement, judgement
from cockpit.intake.otlp import read_otlp
from cockpit.intake.raw import Header, RawSpan
from cockpit.intake.stores.stored import Stored, rows, tables
from cockpit.intake.values import flat, moment, number, opened, word

RUNNING = "IN_PROGRESS"
_OWN = "mlflow."
_TAKEN = ("mlflow.trace.session", "mlflow.trace.user")
_FIGURES = ("mlflow.chat.tokenUsage", "mlflow.llm.cost")


def read(value: Any) -> Stored:
    """Read the traces of one answer of `batchGet`."""
    stored = Stored()
    for one in tables(rows(value, "traces"), stored, "a trace"):
        info = one.get("trace_info")
        if not isinstance(info, dict) or not word(info.get("trace_id")):
            stored.batch.reasons.append("a trace has no trace_info")
            continue
        _take(stored, info, one.get("spans"))
    return stored


def _take(stored: Stored, info: dict[str, Any], spans: Any) -> None:
    batch = read_otlp({"resourceSpans": [{"scopeSpans": [{"spans": spans or []}]}]})
    for span in batch.spans:
        _flatten(span.attributes)
    trace = batch.spans[0].trace if batch.spans else word(info["trace_id"]).removeprefix("tr-")
    stored.batch.spans += batch.spans or [_summary(trace, info)]
    stored.batch.reasons += batch.reasons
    stored.batch.headers.append(_header(trace, info))
    stored.judge(_judgements(trace, info.get("assessments")))
    if info.get("state") == RUNNING:
        stored.running.add(trace)


def _flatten(attributes: dict[str, Any]) -> None:
    """Write MLflow's own figures as dotted names, as others are."""
    for name in _FIGURES:
        table = opened(attributes.get(name))
        if isinstance(table, dict):
            del attributes[name]
            attributes.update(flat(table, f"{name}."))


def _summary(trace: str, info: Mapping[str, Any]) -> RawSpan:
    """Return what is known of a trace whose spans are kept elsewhere, such as with a bucket's files."""
    start = moment(info.get("request_time"))
    attributes = {"input": info.get("request_preview"), "output": info.get("response_preview")}
    error = "error" if info.get("state") == "ERROR" else ""
    return RawSpan(trace, trace[:16], "", "trace", start, _end(start, info.get("execution_duration")),
                   {name: value for name, value in attributes.items() if value}, error=error)  # fmt: skip


def _end(start: datetime | None, took: Any) -> datetime | None:
    seconds = number(took.removesuffix("s")) if isinstance(took, str) else None
    return start + timedelta(seconds=seconds) if start and seconds is not None and 0 <= seconds < 1e8 else None


def _header(trace: str, info: Mapping[str, Any]) -> Header:
    told = {name: value for name, value in _texts(info.get("tags")) if not name.startswith(_OWN)}
    metadata = dict(_texts(info.get("trace_metadata")))
    told |= {name: metadata[name] for name in _TAKEN if name in metadata}
    cost = opened(metadata.get("mlflow.trace.cost"))
    return Header(trace, told | (flat(cost, "mlflow.trace.cost.") if isinstance(cost, dict) else {}))


def _texts(table: Any) -> list[tuple[str, str]]:
    return (
        [(name, value) for name, value in table.items() if isinstance(value, str)] if isinstance(table, dict) else []
    )


def _judgements(trace: str, assessments: Any) -> Iterator[Judgement | None]:
    for one in assessments if isinstance(assessments, list) else []:
        feedback = one.get("feedback") if isinstance(one, dict) else None
        # What should have been said is no judgement; one that failed or was replaced says nothing.
        if not isinstance(feedback, dict) or one.get("valid") is False or feedback.get("error"):
            continue
        yield judgement(trace, one.get("assessment_name"), feedback.get("value"), at=one.get("last_update_time"))
