"""Which format a document is in, by what it holds; and a document as spans."""

from __future__ import annotations

import hashlib
from typing import Any

from cockpit.intake.guess import guess
from cockpit.intake.otlp import is_otlp, read_otlp
from cockpit.intake.promptfoo import is_promptfoo, read_promptfoo
from cockpit.intake.raw import Batch, RawSpan, Unreadable
from cockpit.intake.records import END, IDENTITY, NAME, START, TRACE, ended, read_records
from cockpit.intake.reshape import reshaped
from cockpit.intake.stores import braintrust
from cockpit.intake.values import moment, text, word

_ABOUT = 50


def read_document(value: Any) -> Batch:
    """Read a document of any format.

    Raises:
        Unreadable: there is no trace in it, whatever the format.
    """
    try:
        return _read(value)
    except RecursionError:
        raise Unreadable("it is nested too deeply") from None


def _read(value: Any) -> Batch:
    if is_otlp(value):
        return read_otlp(value)
    if is_promptfoo(value):
        return read_promptfoo(value)
    if not isinstance(value, dict | list):
        raise Unreadable("it is no object and no list")
    if rows := _braintrust(value):
        return braintrust.read_rows(rows)
    if isinstance(value, list) and any(is_otlp(one) for one in value[:_ABOUT]):
        return _joined([read_otlp(one) for one in value if is_otlp(one)])
    value = reshaped(value)
    batch = read_records(value)
    if not batch.spans:
        batch = _joined([batch, *_plain(value)])
    if not batch.spans and not batch.headers and not batch.reasons:
        raise Unreadable("no trace was found in it")
    return batch


def _braintrust(value: dict[str, Any] | list[Any]) -> list[dict[str, Any]]:
    listed = value.get("data", value.get("events", [value])) if isinstance(value, dict) else value
    if not isinstance(listed, list) or not all(braintrust.is_row(one) for one in listed):
        return []
    return listed


def _joined(batches: list[Batch]) -> Batch:
    whole = Batch()
    for one in batches:
        whole.spans.extend(one.spans)
        whole.headers.extend(one.headers)
        whole.reasons.extend(one.reasons)
    return whole


def _plain(value: Any) -> list[Batch]:
    """Take every object that shows a conversation, a model or tokens for one call of a model."""
    if isinstance(value, list):
        return [batch for one in value if isinstance(one, dict) for batch in _plain(one)]
    found = guess(value)
    if not (
        found.model or found.tokens_in is not None or found.tokens_out is not None or found.asked or found.answered
    ):
        return []
    return [Batch([_lone(value)])]


def _lone(value: dict[str, Any]) -> RawSpan:
    identity = next((word(value[name]) for name in (*TRACE, *IDENTITY) if word(value.get(name))), "")
    trace = identity or hashlib.sha256(text(value).encode("utf-8", "replace")).hexdigest()[:32]
    start = next((found for name in START if (found := moment(value.get(name)))), None)
    end = next((found for name in END if (found := moment(value.get(name)))), None) or ended(value, start)
    error = text(value["error"])[:500] if value.get("error") else ""
    name = next((word(value[key]) for key in NAME if word(value.get(key))), "call")
    return RawSpan(trace, trace[:16], "", name, start, end, dict(value), error=error)
