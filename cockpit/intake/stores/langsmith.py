"""LangSmith: a page of runs, and the feedback on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cockpit.intake.judgements import Judgement, judgement
from cockpit.intake.stores.stored import Stored, rows, spans_of, tables
from cockpit.intake.values import word


def read(value: Any) -> Stored:
    """Read `{"runs": …, "feedback": …}`: an answer of `runs/query`, and a list of feedback."""
    stored = Stored()
    runs = tables(rows(value.get("runs") if isinstance(value, dict) else None, "runs"), stored, "a run")
    batch = spans_of([_run(run) for run in runs])
    stored.batch.spans, stored.batch.reasons = batch.spans, stored.batch.reasons + batch.reasons
    traces = {span.id: span.trace for span in batch.spans}
    if "feedback" in value:
        stored.judge(_judgements(tables(rows(value, "feedback"), stored, "feedback"), traces))
    return stored


def _run(run: dict[str, Any]) -> dict[str, Any]:
    """Return a run with its metadata in its usual place; `session_id` is LangSmith's word for a project."""
    extra = run.get("extra")
    told = {name: one for name, one in run.items() if name not in _BOOKS}
    if isinstance(extra, dict):
        told["extra"] = {name: one for name, one in extra.items() if name not in ("metadata", "runtime")}
        if isinstance(extra.get("metadata"), dict):
            told["metadata"] = extra["metadata"]
    return told


_BOOKS = frozenset({
    "session_id", "app_path", "dotted_order", "feedback_stats", "parent_run_ids", "child_run_ids", "child_runs",
    "reference_example_id", "manifest_id", "s3_urls", "inputs_s3_urls", "outputs_s3_urls", "in_dataset",
    "last_queued_at", "share_token", "events",
})  # fmt: skip


def _judgements(feedback: list[dict[str, Any]], traces: Mapping[str, str]) -> Iterator[Judgement | None]:
    for one in feedback:
        score, value = one.get("score"), one.get("value")
        if score is None and not isinstance(value, str | int | float):
            continue  # a comment or a correction, no judgement
        trace = word(one.get("trace_id")) or traces.get(word(one.get("run_id")), "")
        told = value if isinstance(value, str) else ""
        at = one.get("modified_at") or one.get("created_at")
        yield judgement(trace, one.get("key"), value if score is None else score, told, at)
