"""A whole trace as bytes and back: compact JSON, compressed; every text comes back as it was, lone surrogates too."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from cockpit.domain.calls import CallTrace, Chunk, Message, Span, SpanKind, ToolUse

LEVEL = 1
"""Of zlib: the fastest; texts repeat within a trace, so that even it takes them to a fifth."""
MAX_INDEXED = 100_000
"""Characters of one trace that are searched for words."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SPANS, _MESSAGES, _CHUNKS, _TOOLS, _STARTED, _ENDED = "spans", "messages", "chunks", "tools", "started", "ended"
_PLAIN = (
    "id", "source", "service", "route", "tenant", "session", "user", "prompt", "model", "requested_model", "tier",
    "config_id", "asked", "answered", "retrieved", "tokens_in", "tokens_out", "cost_usd", "ttft_ms", "error",
    "finish",
)  # fmt: skip
_TABLES = ("parameters", "scores", "labels")


def pack(trace: CallTrace) -> bytes:
    """Write a trace."""
    told: dict[str, Any] = {name: getattr(trace, name) for name in _PLAIN}
    told |= {name: dict(getattr(trace, name)) for name in _TABLES}
    told |= {_STARTED: micros(trace.started), _ENDED: micros(trace.ended)}
    told |= _lists(trace.messages, trace.chunks, trace.tools)
    told[_SPANS] = [_span(span) for span in trace.spans]
    written = json.dumps(told, separators=(",", ":"), default=str)
    return zlib.compress(written.encode("ascii"), LEVEL)


def unpack(content: bytes) -> CallTrace:
    """Read what `pack` wrote."""
    told = json.loads(zlib.decompress(content))
    return CallTrace(
        started=moment_of(told[_STARTED]),
        ended=moment_of(told[_ENDED]),
        messages=_messages(told[_MESSAGES]),
        chunks=_chunks(told[_CHUNKS]),
        tools=_tools(told[_TOOLS]),
        spans=tuple(_span_of(one) for one in told[_SPANS]),
        **{name: told[name] for name in (*_PLAIN, *_TABLES)},
    )


def words_of(trace: CallTrace) -> str:
    """Return every text of a trace once, as it is searched."""
    texts = dict.fromkeys(_texts(trace))
    return "\n".join(text for text in texts if text)[:MAX_INDEXED]


def micros(moment: datetime) -> int:
    """Write a moment as microseconds since 1970."""
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(microseconds: int) -> datetime:
    """Read what `micros` wrote."""
    return _EPOCH + timedelta(microseconds=microseconds)


def _texts(trace: CallTrace) -> Iterator[str]:
    yield from (trace.asked, trace.answered, trace.error)
    yield from (message.text for message in trace.messages)
    for span in trace.spans:
        yield from (message.text for message in (*span.inputs, *span.outputs))
        yield span.error
    for chunk in trace.chunks:
        yield from (chunk.source, chunk.text)
    for tool in trace.tools:
        yield from (tool.name, tool.arguments, tool.result)


def _lists(messages: tuple[Message, ...], chunks: tuple[Chunk, ...], tools: tuple[ToolUse, ...]) -> Mapping[str, Any]:
    return {
        _MESSAGES: [(one.role, one.text) for one in messages],
        _CHUNKS: [(one.source, one.text, one.score) for one in chunks],
        _TOOLS: [(one.name, one.arguments, one.result, one.failed) for one in tools],
    }


def _span(span: Span) -> list[Any]:
    return [
        span.id, span.parent, span.name, span.kind.value, micros(span.start), micros(span.end), span.error,
        span.model,
        [(one.role, one.text) for one in span.inputs], [(one.role, one.text) for one in span.outputs],
        [(one.source, one.text, one.score) for one in span.chunks],
        [(one.name, one.arguments, one.result, one.failed) for one in span.tools],
        span.tokens_in, span.tokens_out, span.cost_usd, dict(span.parameters), dict(span.attributes),
    ]  # fmt: skip


def _span_of(told: list[Any]) -> Span:
    identity, parent, name, kind, start, end, error, model, inputs, outputs, chunks, tools, *rest = told
    return Span(
        identity, parent, name, SpanKind(kind), moment_of(start), moment_of(end), error, model, _messages(inputs),
        _messages(outputs), _chunks(chunks), _tools(tools), *rest,
    )  # fmt: skip


def _messages(told: list[Any]) -> tuple[Message, ...]:
    return tuple(Message(role, text) for role, text in told)


def _chunks(told: list[Any]) -> tuple[Chunk, ...]:
    return tuple(Chunk(source, text, score) for source, text, score in told)


def _tools(told: list[Any]) -> tuple[ToolUse, ...]:
    return tuple(ToolUse(name, arguments, result, failed) for name, arguments, result, failed in told)
