"""One trace as lines for people and as plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cockpit.domain.calls import CallTrace, Chunk, Span, ToolUse
from cockpit.domain.events import iso

LONGEST = 2_000
"""Characters of one text that are shown; JSON has all."""
DEEPEST = 30
"""Levels of the tree that are indented."""
_FACTS = (
    "source", "service", "route", "tenant", "user", "session", "prompt", "model", "requested_model", "tier",
    "config_id", "finish", "error",
)  # fmt: skip


def lines_of(trace: CallTrace, verdict: str) -> Iterator[str]:
    """Write a trace: what it is about, what was said, what was retrieved and called, and the tree of its steps."""
    yield f"{trace.id}  {iso(trace.started)}  {trace.total_ms:,.0f} ms  verdict {verdict}"
    for name in _FACTS:
        if value := getattr(trace, name):
            yield f"  {name:<16} {_short(value)}"
    yield f"  {'tokens':<16} {trace.tokens_in:,} in, {trace.tokens_out:,} out"
    for name, value in (("cost", _dollars(trace.cost_usd)), ("first token", _ms(trace.ttft_ms))):
        if value:
            yield f"  {name:<16} {value}"
    for name, table in _tables(trace):
        if table:
            yield f"  {name:<16} " + ", ".join(f"{key}={_short(value)}" for key, value in table.items())
    yield from _part("messages", [f"{one.role}: {_short(one.text)}" for one in trace.messages])
    yield from _part("retrieved", list(map(_chunk, trace.chunks)), "(nothing)" if trace.retrieved else "")
    yield from _part("tools", list(map(_tool, trace.tools)))
    yield from _part("steps", [f"{'  ' * depth}{_step(span)}" for span, depth in tree(trace)])


def _tables(trace: CallTrace) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    return (("parameters", trace.parameters), ("scores", trace.scores), ("labels", trace.labels))


def tree(trace: CallTrace) -> Iterator[tuple[Span, int]]:
    """Yield the spans as a tree, each with its depth; those without a known parent are roots."""
    known = {span.id for span in trace.spans}
    below: dict[str, list[Span]] = {}
    for span in trace.spans:
        below.setdefault(span.parent if span.parent in known and span.parent != span.id else "", []).append(span)
    seen: set[int] = set()
    for root in (*below.get("", ()), *trace.spans):
        waiting = [(root, 0)]
        while waiting:
            span, depth = waiting.pop()
            if id(span) in seen:
                continue
            seen.add(id(span))
            yield span, min(depth, DEEPEST)
            waiting.extend((child, depth + 1) for child in reversed(below.get(span.id, ()) if span.id else ()))


def as_json(trace: CallTrace) -> dict[str, Any]:
    """Return a trace as plain values."""
    plain = {name: getattr(trace, name) for name in trace.__slots__ if name != "spans"}
    return {
        **plain,
        "started": iso(trace.started),
        "ended": iso(trace.ended),
        "total_ms": trace.total_ms,
        "turns": trace.turns,
        "messages": list(map(_plain, trace.messages)),
        "chunks": list(map(_plain, trace.chunks)),
        "tools": list(map(_plain, trace.tools)),
        "spans": [_span_as_json(span) for span in trace.spans],
    }


def _span_as_json(span: Span) -> dict[str, Any]:
    told = _plain(span)
    told |= {name: list(map(_plain, told[name])) for name in ("inputs", "outputs", "chunks", "tools")}
    return {**told, "start": iso(span.start), "end": iso(span.end), "kind": span.kind.value}


def _plain(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__slots__}


def _part(title: str, lines: list[str], empty: str = "") -> Iterator[str]:
    if lines or empty:
        yield f"  {title}"
        yield from (f"    {line}" for line in lines or [empty])


def _chunk(chunk: Chunk) -> str:
    score = "" if chunk.score is None else f" ({chunk.score:g})"
    return f"{chunk.source or '?'}{score}: {_short(chunk.text)}"


def _tool(tool: ToolUse) -> str:
    return f"{tool.name}({_short(tool.arguments)}) → {'FAILED ' if tool.failed else ''}{_short(tool.result)}"


def _step(span: Span) -> str:
    spent = (span.end - span.start).total_seconds() * 1000
    tokens = "" if span.tokens_in is None else f", {span.tokens_in}+{span.tokens_out or 0} tokens"
    model = f" {span.model}" if span.model else ""
    return f"{span.kind.value} {_short(span.name)}{model} ({spent:,.0f} ms{tokens})" + (
        f" ERROR {_short(span.error)}" if span.error else ""
    )


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} … (+{len(text) - LONGEST})"


def _dollars(value: float | None) -> str:
    return "" if value is None else f"${value:.6f}"


def _ms(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f} ms"
