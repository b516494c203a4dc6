"""Braintrust: rows of a project's logs, each one span with its scores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cockpit.intake.judgements import Judgement, judgement
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


def _span(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with its model beside the call; whatever only Braintrust needs is left out."""
    metadata = row.get("metadata")
    lifted: dict[str, Any] = {}
    if isinstance(metadata, dict):
        given = {name: metadata[name] for name in _LIFTED if metadata.get(name) is not None}
        lifted = {"model": given.pop("model")} if "model" in given else {}
        lifted |= {"modelParameters": given} if given else {}
    kind = row.get("span_attributes")
    if isinstance(kind, dict) and kind.get("type") == "score":
        lifted["span_attributes"] = {**kind, "type": "evaluator"}
    return {name: one for name, one in row.items() if name not in _BOOKS} | lifted


_BOOKS = frozenset({
    "_xact_id", "_pagination_key", "project_id", "log_id", "org_id", "is_root", "origin", "comments", "audit_data",
    "scores", "_async_scoring_state", "facets", "classifications",
})  # fmt: skip


def _judgements(row: Mapping[str, Any]) -> Iterator[Judgement | None]:
    scores = row.get("scores")
    trace = word(row.get("root_span_id"))
    for name, value in scores.items() if isinstance(scores, dict) else ():
        if value is not None:
            yield judgement(trace, name, value, at=row.get("created"))
