"""Phoenix: a page of spans, and what was annotated on them and on their traces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cockpit.intake.judgements import Judgement, judgement
from cockpit.intake.stores.stored import Stored, rows, spans_of, tables
from cockpit.intake.values import word


def read(value: Any) -> Stored:
    """Read `{"spans": …, "span_annotations": …, "trace_annotations": …}`, each as Phoenix answers it."""
    stored = Stored()
    spans = value.get("spans") if isinstance(value, dict) else None
    stored.batch = spans_of(tables(rows(spans, "data"), stored, "a span"))
    traces = {span.id: span.trace for span in stored.batch.spans}
    for name in ("span_annotations", "trace_annotations"):
        if isinstance(value.get(name), dict):
            stored.judge(_judgements(tables(rows(value[name], "data"), stored, "an annotation"), traces))
    return stored


def _judgements(annotations: list[dict[str, Any]], traces: Mapping[str, str]) -> Iterator[Judgement | None]:
    for one in annotations:
        result = one.get("result") if isinstance(one.get("result"), dict) else {}
        told = word(result.get("label"))  # type: ignore[union-attr]
        trace = word(one.get("trace_id")) or traces.get(word(one.get("span_id")), "")
        score = result.get("score")  # type: ignore[union-attr]
        if score is None and not told:
            continue  # a note in words of one's own, no judgement
        yield judgement(trace, one.get("name"), score, told, one.get("updated_at"))
