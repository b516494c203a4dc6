"""GenAI traces as an application sends them, for the measurements of intake and archive."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from cockpit.domain.calls import CallTrace, Message, Span, SpanKind, ToolUse

START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
SPANS_A_TRACE = 4
TENANTS = [f"tenant-{number}" for number in range(40)]
_POOL = """order refund address where is my parcel the invoice shipped please help account delivery change cancel
customer name number email phone return policy warranty card payment failed again today tomorrow"""
WORDS = _POOL.split()
RARE = "xylophone"
RARE_EVERY = 100_000


def sentence(draw: random.Random, words: int) -> str:
    """Return a text that hardly ever repeats."""
    return " ".join(draw.choices(WORDS, k=words))


def _pairs(values: dict[str, Any]) -> list[dict[str, Any]]:
    names = {str: "stringValue", int: "intValue", float: "doubleValue"}
    return [
        {"key": key, "value": {names[type(value)]: str(value) if isinstance(value, int) else value}}
        for key, value in values.items()
    ]


def otlp_lines(traces: int, draw: random.Random) -> Iterator[str]:
    """Write one OTLP request a line, a trace each: a web request, an agent, a tool, and a call of a model."""
    service = _pairs({"service.name": "support", "telemetry.sdk.language": "python"})
    for number in range(traces):
        trace, begun = f"{number + 1:032x}", int((START + timedelta(milliseconds=number)).timestamp() * 1e9)
        asked, told = sentence(draw, 40), sentence(draw, 80)
        system = [{"role": "system", "parts": [{"type": "text", "content": "You help customers of a shop."}]}]
        said = [*system, {"role": "user", "parts": [{"type": "text", "content": asked}]}]
        answer = [{"role": "assistant", "parts": [{"type": "text", "content": told}], "finish_reason": "stop"}]
        about: list[dict[str, Any]] = [
            {"http.route": "/support", "http.request.method": "POST", "tenant": TENANTS[number % 40]},
            {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "support",
             "session.id": f"s-{number // 6}"},
            {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "get_order",
             "gen_ai.tool.call.arguments": json.dumps({"order": number}),
             "gen_ai.tool.call.result": sentence(draw, 20)},
            {"gen_ai.operation.name": "chat", "gen_ai.request.model": "sonnet-4-5", "gen_ai.request.temperature": 0.2,
             "gen_ai.usage.input_tokens": 612, "gen_ai.usage.output_tokens": 90, "prompt.version": "v41",
             "gen_ai.input.messages": json.dumps(said), "gen_ai.output.messages": json.dumps(answer)},
        ]  # fmt: skip
        spans = [
            {
                "traceId": trace,
                "spanId": f"{number * SPANS_A_TRACE + place + 1:016x}",
                "parentSpanId": f"{number * SPANS_A_TRACE + (1 if place < 2 else 2):016x}" if place else "",
                "name": f"step {place}",
                "kind": 1,
                "startTimeUnixNano": str(begun + place * 1_000_000),
                "endTimeUnixNano": str(begun + 900_000_000),
                "attributes": _pairs(one),
                "status": {},
            }
            for place, one in enumerate(about)
        ]
        whole = {"resource": {"attributes": service}, "scopeSpans": [{"scope": {"name": "bench"}, "spans": spans}]}
        yield json.dumps({"resourceSpans": [whole]})


def call_traces(first: int, stop: int, draw: random.Random) -> Iterator[CallTrace]:
    """Make traces as they lie in the archive; one in 5,000 has a low score, one in 100,000 a rare word."""
    for number in range(first, stop):
        at = START + timedelta(milliseconds=number)
        told = sentence(draw, 14) + (f" {RARE}" if number % RARE_EVERY == RARE_EVERY // 2 else "")
        said = (Message("user", sentence(draw, 8)), Message("assistant", told))
        span = Span(
            f"{number:016x}", "", "chat", SpanKind.LLM, at, at + timedelta(seconds=1), tokens_in=612, tokens_out=90
        )
        yield CallTrace(
            id=f"{number:032x}", source="otlp", started=at, ended=span.end, spans=(span,), service="support",
            route="/support", tenant=TENANTS[number % 40], session=f"s-{number // 6:06d}",
            user=f"u-{number // 20:05d}",
            prompt="v41" if number % 3 else "v40", model="sonnet-4-5@0929", asked=said[0].text, answered=told,
            messages=said, tools=(ToolUse("get_order", "{}"),), tokens_in=612, tokens_out=90,
            scores={"grounding": 1.0 if number % 5_000 == 0 else 4.0},
            labels={"verdict": "leak" if number % 5_000 == 0 else "ok"},
        )  # fmt: skip
