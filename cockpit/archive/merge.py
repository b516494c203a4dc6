"""Two readings of one trace as one: spans that came late, or the same trace from a second file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cockpit.domain.calls import CallTrace

_TEXTS = ("service", "route", "tenant", "session", "user", "prompt", "model", "requested_model", "tier", "config_id",
          "asked", "error", "finish", "ttft_ms")  # fmt: skip


def grown(old: CallTrace, new: CallTrace) -> CallTrace | None:
    """Return both as one, or None where the new one says nothing that was not known.

    Of what both tell, the earlier counts, except for the answer: it comes last.
    """
    known = {span.id for span in old.spans}
    late = tuple(span for span in new.spans if span.id not in known)
    labels = _labels(old, new)
    if not late and _is_known(old.scores, new.scores) and _is_known(old.labels, labels):
        return None
    is_later = bool(late) and max(span.end for span in late) >= old.ended
    changes: dict[str, Any] = {name: getattr(old, name) or getattr(new, name) for name in _TEXTS}
    if late:
        fresh = len(late) == len(new.spans)
        changes |= {
            "spans": tuple(sorted((*old.spans, *late), key=lambda span: span.start)),
            "started": min(old.started, new.started),
            "ended": max(old.ended, new.ended),
            "tokens_in": old.tokens_in + new.tokens_in if fresh else max(old.tokens_in, new.tokens_in),
            "tokens_out": old.tokens_out + new.tokens_out if fresh else max(old.tokens_out, new.tokens_out),
            "cost_usd": _cost(old, new, fresh),
            "answered": (new.answered or old.answered) if is_later else (old.answered or new.answered),
            "messages": max(old.messages, new.messages, key=len),
            "chunks": tuple(dict.fromkeys((*old.chunks, *new.chunks))),
            "retrieved": old.retrieved or new.retrieved,
            "tools": (*old.tools, *new.tools) if fresh else max(old.tools, new.tools, key=len),
            "parameters": {**new.parameters, **old.parameters},
        }
    return replace(old, scores={**old.scores, **new.scores}, labels={**old.labels, **labels}, **changes)


def _labels(old: CallTrace, new: CallTrace) -> Mapping[str, str]:
    """Return the new labels; a part of a trace is called after its own first step, and the whole keeps its name."""
    if new.started < old.started or "name" not in old.labels:
        return new.labels
    return {name: label for name, label in new.labels.items() if name != "name"}


def _cost(old: CallTrace, new: CallTrace, fresh: bool) -> float | None:
    known = [cost for cost in (old.cost_usd, new.cost_usd) if cost is not None]
    return (sum(known) if fresh else max(known)) if known else None


def _is_known(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    return all(old.get(name) == value for name, value in new.items())
