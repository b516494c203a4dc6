"""Braintrust: rows of a project's logs, each one span with its scores."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from cockpit.intake.judgements import Judgement, judgement
from cockpit.intake.names import EVALUATION_EVENT
from cockpit.intake.raw import Batch, RawEvent
from cockpit.intake.stores.stored import Stored, rows, spans_of, tables
from cockpit.intake.values import word

_LIFTED = ("model", "temperature", "top_p", "max_tokens", "seed", "stop", "tool_choice", "response_format")
"""What Braintrust's wrappers of providers' clients write into `metadata`, and others beside the call."""


def read(value: Any) -> Stored:
    """Read a page of rows."""
    stored = Stored()
    listed = tables(rows(value, "data"), stored, "a row")
    batch = spans_of([_span(row) for row in listed])
    stored.batch.spans, stored.batch.reasons = batch.spans, stored.batch.reasons + batch.reasons
    for row in listed:
        stored.judge(_judgements(row))
    return stored


def is_row(value: Any) -> bool:
    """Whether an object is a row of a project's logs or experiments, as Braintrust exports them."""
    return isinstance(value, dict) and "root_span_id" in value and not _ROW.isdisjoint(value)


def read_rows(listed: Iterable[dict[str, Any]]) -> Batch:
    """Read rows of a file; each span carries its own scores, since nobody asks for them apart from it."""
    whole = Batch()
    for row in listed:
        one = spans_of([_span(row)])
        whole.reasons += one.reasons
        whole.spans += [replace(span, events=(*span.events, *_evaluations(row))) for span in one.spans]
    return whole


def _evaluations(row: Mapping[str, Any]) -> Iterator[RawEvent]:
    for one in _judgements(row):
        if one is not None and one.value is not None:
            told = {"gen_ai.evaluation.name": one.name, "gen_ai.evaluation.score.value": one.value}
            yield RawEvent(EVALUATION_EVENT, told)


def _span(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with model and figures beside the call, and without what only Braintrust needs."""
    told = {name: one for name, one in row.items() if name not in _BOOKS}
    metadata = row.get("metadata")
    if isinstance(metadata, dict):
        given = {name: metadata[name] for name in _LIFTED if metadata.get(name) is not None}
        told |= {"model": given.pop("model")} if "model" in given else {}
        told |= {"modelParameters": given} if given else {}
    metrics = row.get("metrics")
    if isinstance(metrics, dict):
        told |= {name: metrics[name] for name in _FIGURES if metrics.get(name) is not None}
    return told | {"trace_id": row.get("root_span_id"), "type": _kind(row)}


def _kind(row: Mapping[str, Any]) -> str:
    """Return what a span does; Braintrust knows no retrievers, so those are told by what they return."""
    attributes = row.get("span_attributes")
    kind = word(attributes.get("type")) if isinstance(attributes, dict) else ""
    if kind in ("function", "task", "") and _is_retrieval(row.get("output")):
        return "retriever"
    return _KINDS.get(kind, kind)


def _is_retrieval(output: Any) -> bool:
    if not isinstance(output, list) or not output:
        return False
    return all(
        isinstance(one, dict) and not _DOCUMENT.isdisjoint(one) and not _FOUND.isdisjoint(one) and "role" not in one
        for one in output
    )


_ROW = frozenset({"span_attributes", "metrics", "scores", "span_parents"})
_FIGURES = ("prompt_tokens", "completion_tokens", "time_to_first_token")
_KINDS = {"score": "evaluator", "function": "chain", "eval": "chain"}
_DOCUMENT = frozenset({"content", "page_content", "text", "document"})
_FOUND = frozenset({"score", "similarity", "relevance_score", "distance", "metadata"})
_BOOKS = frozenset({
    "_xact_id", "_pagination_key", "project_id", "log_id", "org_id", "is_root", "origin", "comments", "audit_data",
    "scores", "_async_scoring_state", "facets", "classifications", "root_span_id",
})  # fmt: skip


def _judgements(row: Mapping[str, Any]) -> Iterator[Judgement | None]:
    scores = row.get("scores")
    trace = word(row.get("root_span_id"))
    for name, value in scores.items() if isinstance(scores, dict) else ():
        if value is not None:
            yield judgement(trace, name, value, at=row.get("created"))
