"""Results of promptfoo: every row of an evaluation is one call of a model with the judgement about it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from cockpit.intake.raw import Batch, Header, RawSpan
from cockpit.intake.values import amount, flat, moment, number, text, word


def is_promptfoo(value: Any) -> bool:
    """Whether a document looks like the output of `promptfoo eval -o`."""
    return bool(_rows(value))


def read_promptfoo(value: Mapping[str, Any]) -> Batch:
    """Read every row; one that is no object is told."""
    batch = Batch()
    run = word(value.get("evalId")) or "promptfoo"
    own = hashlib.sha256(text(value).encode("utf-8", "replace")).hexdigest() if _is_row(value) else run
    around = value.get("results")
    told = around.get("timestamp") if isinstance(around, dict) else None
    started = moment(told or value.get("createdAt") or value.get("timestamp"))
    for number_, row in enumerate(_rows(value)):
        if isinstance(row, dict):
            _row(batch, row, run, f"{own}/{number_}", started)
        else:
            batch.reasons.append(f"row {number_ + 1} is no object")
    return batch


def _rows(value: Any) -> list[Any]:
    if _is_row(value):
        return [value]  # a line of `promptfoo eval -o results.jsonl`
    results = value.get("results") if isinstance(value, dict) else None
    rows = results.get("results") if isinstance(results, dict) else results
    if not isinstance(rows, list):
        return []
    first = next((row for row in rows if isinstance(row, dict)), {})
    return rows if _is_row(first) else []


def _is_row(value: Any) -> bool:
    if not isinstance(value, dict) or isinstance(value.get("results"), dict | list):
        return False
    return not _CASE.isdisjoint(value) and not _ANSWER.isdisjoint(value)


_CASE, _ANSWER = frozenset({"vars", "gradingResult", "promptIdx"}), frozenset({"response", "prompt", "error"})


def _row(batch: Batch, row: Mapping[str, Any], run: str, place: str, started: datetime | None) -> None:
    response = _dict(row.get("response"))
    provider = _dict(row.get("provider")) or {"id": row.get("provider")}
    prompt = _dict(row.get("prompt")) or {"raw": row.get("prompt")}
    given = _dict(row.get("vars"))
    usage = _dict(response.get("tokenUsage") or row.get("tokenUsage"))
    trace = word(row.get("id")) or hashlib.sha256(place.encode("utf-8", "replace")).hexdigest()[:32]
    latency = amount(row.get("latencyMs")) or 0.0
    attributes = {
        "openinference.span.kind": "LLM",
        "model": word(provider.get("id")).rpartition(":")[2],
        "input": prompt.get("raw"),
        "output": response.get("output", row.get("output")),
        "usage.input": usage.get("prompt"),
        "usage.output": usage.get("completion"),
        "cost_usd": row.get("cost", response.get("cost")),
        "prompt_version": word(prompt.get("label"))[:60] or None,
        "finish_reason": response.get("finishReason"),
        **flat({"vars": given, "metadata": _metadata(row)}, depth=3),
    }
    end = started + timedelta(milliseconds=latency) if started else None
    batch.spans.append(
        RawSpan(
            trace, trace[:16], "", _name(row), started, end, attributes, error=text(response.get("error") or "")[:500]
        )
    )
    batch.headers.append(Header(trace, {}, _scores(row), _labels(row, run)))


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _metadata(row: Mapping[str, Any]) -> Any:
    case = row.get("testCase")
    return case.get("metadata") or {} if isinstance(case, dict) else {}


def _name(row: Mapping[str, Any]) -> str:
    case = row.get("testCase")
    return (
        word(row.get("description"))
        or (word(case.get("description")) if isinstance(case, dict) else "")
        or "promptfoo"
    )


def _scores(row: Mapping[str, Any]) -> dict[str, float]:
    named = row.get("namedScores")
    found = (
        {word(name): value for name, one in named.items() if (value := number(one)) is not None}
        if isinstance(named, dict)
        else {}
    )
    overall = number(row.get("score"))
    return found if overall is None else {"promptfoo": overall, **found}


def _labels(row: Mapping[str, Any], run: str) -> dict[str, str]:
    verdict = "pass" if row.get("success") is True else "fail" if row.get("success") is False else ""
    reason = row.get("gradingResult")
    why = text(reason.get("reason"))[:500] if isinstance(reason, dict) else ""
    return {
        key: value
        for key, value in (("name", _name(row)), ("eval", run), ("outcome", verdict), ("reason", why))
        if value
    }
