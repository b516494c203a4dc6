"""Every public trace file shows model, tokens, messages and tool calls; the facts were read off the files by hand."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from cockpit.domain.calls import SpanKind
from tests.intake.reading import SHARED, needs_shared, traces_of

pytestmark = needs_shared


@dataclass(frozen=True)
class Facts:
    """What a file says: `tools` are name, a part of the arguments, a part of the result."""

    file: str
    model: str
    tokens: tuple[int, int]
    turns: int
    roles: str
    asked: str
    answered: str
    tools: tuple[tuple[str, str, str], ...]
    scores: frozenset[str]


FILES = (
    Facts("langfuse_claude-agent-2025-12-22.json", "claude-sonnet-4-5-20250929", (34, 232), 4,
        "system user assistant",
          "What's the weather like in Berlin and New York?", "Great! Here's the current weather for both cities",
          (("mcp__weather__get_weather", "Berlin", "Weather in Berlin: Cloudy"),
           ("mcp__weather__get_weather", "New York", "Weather in New York: Sunny")),
          frozenset({"correctness", "hallucination", "toxicity"})),
    Facts("langfuse_langgraph-python-2025-08-22.json", "gpt-4o-2024-08-06", (168, 66), 2,
          "user user assistant tool assistant", "Search the web for 'example' and summarize.",
          'The search for "example" primarily leads', (("Web-Search", "example", "https://example.com"),),
          frozenset({"hallucination", "toxicity"})),
    Facts("langfuse_microsoft-agent-2025-12-17.json", "gpt-5-mini-2025-08-07", (293, 106), 2,
          "system user assistant tool assistant", "What's the weather in Tokyo?", "Current conditions in Tokyo",
          (("get_weather", "Tokyo, Japan", "stormy"),), frozenset({"correctness", "hallucination", "toxicity"})),
    Facts("langfuse_openai-agents-2025-09-30.json", "gpt-4.1-2025-04-14", (140, 44), 2,
          "system user assistant tool assistant", "What's the weather in Tokyo?",
              "The weather in Tokyo is currently sunny",
          (("get_weather", "Tokyo", "sunny"),), frozenset({"hallucination", "toxicity"})),
    Facts("langfuse_pydantic-ai-tools-2025-12-04.json", "gpt-4o-mini-2024-07-18", (1315, 209), 4,
          "system user assistant tool tool tool assistant user assistant", "programming",
          "Why do programmers hate nature?",
          (("get_pun_suggestion", "programming", "Pun idea"), ("get_dad_joke_suggestion", "programming",
              "Dad joke idea"),
           ("get_one_liner_suggestion", "programming", "One-liner idea"), ("final_result", "quality", "")),
               frozenset()),
    Facts("langfuse_vercel-aisdk-2025-11-17.json", "gpt-5-2025-08-07", (62, 85), 1, "user assistant",
          "What is the weather like today in San Francisco?", "", (("getWeather", "San Francisco", "64"),),
          frozenset({"hallucination", "toxicity"})),
)  # fmt: skip


@pytest.mark.parametrize("facts", FILES, ids=[facts.file for facts in FILES])
def test_a_framework_shows_what_it_recorded(facts: Facts) -> None:
    (trace,), reading = traces_of(SHARED / facts.file)
    assert reading.problems == []
    assert (trace.model, trace.tokens_in, trace.tokens_out, trace.turns) == (facts.model, *facts.tokens, facts.turns)
    assert " ".join(message.role for message in trace.messages) == facts.roles
    assert all(message.text for message in trace.messages)
    assert trace.asked == facts.asked
    assert trace.answered.startswith(facts.answered)
    assert bool(trace.answered) == bool(facts.answered)
    assert len(trace.tools) == len(facts.tools)
    for tool, (name, arguments, result) in zip(trace.tools, facts.tools, strict=True):
        assert tool.name == name
        assert arguments in tool.arguments
        assert result in tool.result
    assert trace.scores.keys() == facts.scores


@pytest.mark.parametrize("file", [facts.file for facts in FILES])
def test_cost_and_steps_are_those_of_the_file(file: str) -> None:
    (trace,), _ = traces_of(SHARED / file)
    told = json.loads((SHARED / file).read_text())["observations"]
    parents = {one["parentObservationId"] for one in told if one["totalCost"]}
    innermost = [one for one in told if one["totalCost"] and one["id"] not in parents]
    assert trace.cost_usd == pytest.approx(sum(one["totalCost"] for one in innermost))
    assert {span.id for span in trace.spans} == {one["id"] for one in told}
    assert {span.id: span.parent for span in trace.spans} == {
        one["id"]: one["parentObservationId"] or "" for one in told
    }
    assert [span.start for span in trace.spans] == sorted(span.start for span in trace.spans)


def test_vercel_spans_show_every_call() -> None:
    file = SHARED / "openinference_vercel_v6_spans.json"
    traces, reading = traces_of(file)
    told = {span["spanContext"]["traceId"]: span["attributes"] for span in json.loads(file.read_text())}
    assert reading.problems == []
    assert {trace.id for trace in traces} == set(told)
    for trace in traces:
        attributes = told[trace.id]
        assert trace.model == attributes.get("ai.response.model", attributes["ai.model.id"])
        usage = [attributes.get(f"ai.usage.{name}") for name in ("promptTokens", "inputTokens", "tokens")]
        assert trace.tokens_in == next(count for count in usage if count is not None)
        assert trace.asked
        if "ai.response.text" in attributes:
            assert trace.answered == attributes["ai.response.text"]
        elif "ai.response.object" in attributes:
            assert json.loads(trace.answered) == json.loads(attributes["ai.response.object"])
        if "ai.response.msToFirstChunk" in attributes:
            assert trace.ttft_ms == attributes["ai.response.msToFirstChunk"]
        wanted = SpanKind.EMBEDDING if "embed" in attributes["ai.operationId"] else SpanKind.LLM
        assert [span.kind for span in trace.spans] == [wanted]


def test_a_conversation_of_several_turns_is_whole() -> None:
    traces, _ = traces_of(SHARED / "openinference_vercel_v6_spans.json")
    (talk, _) = [trace for trace in traces if trace.asked == "And what is 3 + 3?"]
    assert [(one.role, one.text) for one in talk.messages] == [
        ("system", "You are a helpful assistant."), ("user", "What is 2 + 2?"), ("assistant", "2 + 2 equals 4."),
        ("user", "And what is 3 + 3?"), ("assistant", "3 + 3 equals 6."),
    ]  # fmt: skip


def test_web_services_show_no_model_they_do_not_have() -> None:
    file = SHARED / "otlp_jsonl_otel_demo.jsonl"
    traces, reading = traces_of(file)
    told = [
        span
        for line in file.read_text().splitlines()
        for one in json.loads(line)["resourceSpans"]
        for scope in one["scopeSpans"]
        for span in scope["spans"]
    ]
    assert (len(told), reading.spans, reading.unreadable) == (449, 449, 0)
    assert {trace.id for trace in traces} == {span["traceId"] for span in told}
    assert sum(len(trace.spans) for trace in traces) == len({(span["traceId"], span["spanId"]) for span in told})
    assert [trace for trace in traces if trace.model or trace.messages or trace.tools or trace.tokens_in] == []
    assert all(trace.service for trace in traces)
    assert any(trace.error for trace in traces)


def test_one_trace_in_several_files_is_one_trace(tmp_path: Path) -> None:
    whole = json.loads((SHARED / "langfuse_microsoft-agent-2025-12-17.json").read_text())
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    first.write_text(json.dumps(whole["observations"][2:]))
    second.write_text(json.dumps({**whole, "observations": whole["observations"][:2]}))
    from cockpit.intake.files import Reading, read_files

    apart = [trace for found in read_files([first, second], Reading(), source="one") for trace in found]
    together = [
        trace for found in read_files([SHARED / "langfuse_microsoft-agent-2025-12-17.json"], Reading(), source="one")
        for trace in found
    ]  # fmt: skip
    assert apart == together
