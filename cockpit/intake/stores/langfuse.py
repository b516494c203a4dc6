"""Langfuse: observations, each with what is known about its trace, and scores by a time of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cockpit.intake.judgements import Judgement, judgement
from cockpit.intake.stores.stored import Stored, rows, spans_of, tables
from cockpit.intake.values import word

OF_TRACES = ("trace", "observation")
"""What a score is about, where that is a trace or a part of one; sessions and experiments are none."""


def read(value: Any) -> Stored:
    """Read a page of observations or of scores."""
    stored = Stored()
    listed = tables(rows(value, "data"), stored, "an entry of data")
    scores = [one for one in listed if _is_score(one)]
    batch = spans_of([_observation(one) for one in listed if not _is_score(one)])
    stored.batch.spans, stored.batch.reasons = batch.spans, stored.batch.reasons + batch.reasons
    stored.judge(_judgement(one) for one in scores if _subject(one).get("kind") in OF_TRACES)
    return stored


def _is_score(one: Mapping[str, Any]) -> bool:
    return "dataType" in one and "value" in one


def _observation(one: dict[str, Any]) -> dict[str, Any]:
    """Return an observation; an event has no end, since it takes no time."""
    is_event = one.get("type") == "EVENT" and not one.get("endTime")
    return {**one, "endTime": one.get("startTime")} if is_event else one


def _subject(one: Mapping[str, Any]) -> Mapping[str, Any]:
    subject = one.get("subject")
    return subject if isinstance(subject, dict) else {"kind": "trace", "id": one.get("traceId")}


def _judgement(one: Mapping[str, Any]) -> Judgement | None:
    subject = _subject(one)
    trace = subject.get("traceId") if subject["kind"] == "observation" else subject.get("id")
    return judgement(word(trace), one.get("name"), one.get("value"), at=one.get("timestamp"))
