"""Each convention of naming shows the same answer: old and new GenAI names, OpenLLMetry, OpenInference, others."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cockpit.domain.calls import SpanKind
from cockpit.intake.formats import read_document
from cockpit.intake.gather import Gatherer
from cockpit.intake.keys import Keys
from cockpit.intake.raw import RawEvent
from tests.intake.reading import one_span, otlp, otlp_span

ASKED, TOLD = "Where is order 7?", "It ships today."
CALL = {"id": "c1", "type": "function", "function": {"name": "get_order", "arguments": '{"order": 7}'}}
SYSTEM = "You help customers."


def event(name: str, **attributes: Any) -> RawEvent:
    return RawEvent(name, attributes)


NEW = {
    "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-5",
    "gen_ai.response.model": "gpt-5-0807", "gen_ai.usage.input_tokens": 12, "gen_ai.usage.output_tokens": 5,
    "gen_ai.response.finish_reasons": ["stop"], "gen_ai.request.temperature": 0.5,
    "gen_ai.system_instructions": json.dumps([{"type": "text", "content": SYSTEM}]),
    "gen_ai.input.messages": json.dumps([{"role": "user", "parts": [{"type": "text", "content": ASKED}]}]),
    "gen_ai.output.messages": json.dumps([{"role": "assistant", "parts": [
        {"type": "tool_call", "id": "c1", "name": "get_order", "arguments": {"order": 7}},
        {"type": "text", "content": TOLD}], "finish_reason": "stop"}]),
}  # fmt: skip
OPENLLMETRY = {
    "gen_ai.system": "OpenAI", "llm.request.type": "chat", "gen_ai.request.model": "gpt-5",
    "gen_ai.response.model": "gpt-5-0807", "gen_ai.usage.prompt_tokens": 12, "gen_ai.usage.completion_tokens": 5,
    "gen_ai.request.temperature": 0.5, "gen_ai.prompt.0.role": "system", "gen_ai.prompt.0.content": SYSTEM,
    "gen_ai.prompt.1.role": "user", "gen_ai.prompt.1.content": ASKED, "gen_ai.completion.0.role": "assistant",
    "gen_ai.completion.0.content": TOLD, "gen_ai.completion.0.finish_reason": "stop",
    "gen_ai.completion.0.tool_calls.0.id": "c1", "gen_ai.completion.0.tool_calls.0.name": "get_order",
    "gen_ai.completion.0.tool_calls.0.arguments": '{"order": 7}',
}  # fmt: skip
OPENINFERENCE = {
    "openinference.span.kind": "LLM", "llm.model_name": "gpt-5-0807", "llm.request.model_name": "gpt-5",
    "llm.token_count.prompt": 12, "llm.token_count.completion": 5, "llm.finish_reason": "stop",
    "llm.invocation_parameters": '{"temperature": 0.5}', "llm.input_messages.0.message.role": "system",
    "llm.input_messages.0.message.content": SYSTEM, "llm.input_messages.1.message.role": "user",
    "llm.input_messages.1.message.contents.0.message_content.type": "text",
    "llm.input_messages.1.message.contents.0.message_content.text": ASKED,
    "llm.output_messages.0.message.role": "assistant", "llm.output_messages.0.message.content": TOLD,
    "llm.output_messages.0.message.tool_calls.0.tool_call.id": "c1",
    "llm.output_messages.0.message.tool_calls.0.tool_call.function.name": "get_order",
    "llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments": '{"order": 7}',
}  # fmt: skip
LANGFUSE = {
    "langfuse.observation.type": "generation", "langfuse.observation.model.name": "gpt-5-0807",
    "gen_ai.request.model": "gpt-5", "langfuse.observation.usage_details.input": 12,
    "langfuse.observation.usage_details.output": 5, "finish_reason": "stop",
    "langfuse.observation.model.parameters": '{"temperature": 0.5}',
    "langfuse.observation.input": json.dumps([{"role": "system", "content": SYSTEM}, {"role": "user",
        "content": ASKED}]),
    "langfuse.observation.output": json.dumps({"role": "assistant", "content": TOLD, "tool_calls": [CALL]}),
}  # fmt: skip
VERCEL = {
    "ai.operationId": "ai.generateText.doGenerate", "ai.model.id": "gpt-5", "ai.response.model": "gpt-5-0807",
    "ai.usage.promptTokens": 12, "ai.usage.completionTokens": 5, "ai.response.finishReason": "stop",
    "ai.settings.temperature": 0.5, "ai.prompt.messages": json.dumps(
        [{"role": "system", "content": SYSTEM}, {"role": "user", "content": [{"type": "text", "text": ASKED}]}]),
    "ai.response.text": TOLD,
    "ai.response.toolCalls": json.dumps([{"toolCallId": "c1", "toolName": "get_order", "args": '{"order": 7}'}]),
}  # fmt: skip
UNKNOWN = {
    "acme.step": "completion", "acme.payload": json.dumps({"request": {"model": "gpt-5-0807", "messages": [
        {"role": "system", "content": SYSTEM}, {"role": "user", "content": ASKED}]},
        "response": {"choices": [{"message": {"role": "assistant", "content": TOLD, "tool_calls": [CALL]}}],
                     "usage": {"prompt_tokens": 12, "completion_tokens": 5}}}),
}  # fmt: skip
ALL: dict[str, dict[str, Any]] = {
    "new": NEW,
    "openllmetry": OPENLLMETRY,
    "openinference": OPENINFERENCE,
    "langfuse": LANGFUSE,
    "vercel": VERCEL,
    "unknown": UNKNOWN,
}


@pytest.mark.parametrize("name", ALL)
def test_every_framework_tells_the_same(name: str) -> None:
    trace = one_span(ALL[name])
    assert (trace.model, trace.tokens_in, trace.tokens_out) == ("gpt-5-0807", 12, 5)
    assert (trace.asked, trace.answered) == (ASKED, TOLD)
    assert [(one.role, one.text) for one in trace.messages][:2] == [("system", SYSTEM), ("user", ASKED)]
    (tool,) = trace.tools
    assert (tool.name, json.loads(tool.arguments)) == ("get_order", {"order": 7})
    assert trace.turns == 1
    if name != "unknown":
        assert (trace.requested_model, trace.finish, trace.parameters) == ("gpt-5", "stop", {"temperature": 0.5})


def test_messages_in_events() -> None:
    trace = one_span(
        {"gen_ai.system": "openai", "gen_ai.request.model": "gpt-5"},
        events=(
            event("gen_ai.system.message", content=SYSTEM),
            event("gen_ai.user.message", content=ASKED),
            event("gen_ai.choice", message=json.dumps({"content": TOLD, "tool_calls": [CALL]}), finish_reason="stop"),
            event("gen_ai.evaluation.result",
                  **{"gen_ai.evaluation.name": "grounding", "gen_ai.evaluation.score.value": 2.5}),
        ),
    )  # fmt: skip
    assert [one.role for one in trace.messages] == ["system", "user", "assistant"]
    assert (trace.asked, trace.answered, trace.scores) == (ASKED, TOLD, {"grounding": 2.5})
    assert [tool.name for tool in trace.tools] == ["get_order"]


@pytest.mark.parametrize(
    "attributes",
    [
        {"openinference.span.kind": "RETRIEVER", "retrieval.documents.0.document.id": "kb-7",
         "retrieval.documents.0.document.content": "Refunds take 5 days.",
             "retrieval.documents.0.document.score": 0.83},
        {"gen_ai.operation.name": "retrieval", "gen_ai.retrieval.documents": json.dumps(
            [{"id": "kb-7", "content": "Refunds take 5 days.", "score": 0.83}])},
        {"openinference.span.kind": "RETRIEVER", "output.value": json.dumps(
            {"documents": [{"page_content": "Refunds take 5 days.", "metadata": {"source": "kb-7",
                "score": 0.83}}]})},
    ],
)  # fmt: skip
def test_retrieved_documents(attributes: dict[str, Any]) -> None:
    trace = one_span(attributes, name="search")
    (chunk,) = trace.chunks
    assert (chunk.source, chunk.text, chunk.score) == ("kb-7", "Refunds take 5 days.", 0.83)
    assert trace.retrieved


def test_an_empty_retrieval_is_not_none_at_all() -> None:
    trace = one_span({"openinference.span.kind": "RETRIEVER", "output.value": "[]"}, name="search")
    assert (trace.retrieved, trace.chunks) == (True, ())
    assert not one_span(NEW).retrieved


def test_names_of_ones_own_come_before_the_usual() -> None:
    told = {**NEW, "acme.prompt": "v41", "prompt.version": "v40", "acme.customer": "beta", "tenant": "other",
            "acme.tier": "fallback", "x-config-id": "c-9", "http.route": "/ask"}  # fmt: skip
    keys = Keys.preferring(prompt=("acme.prompt",), tenant=("acme.customer",), tier=("acme.tier",))
    trace = one_span(told, keys=keys)
    assert (trace.prompt, trace.tenant, trace.tier, trace.config_id, trace.route) == (
        "v41", "beta", "fallback", "c-9", "/ask"
    )  # fmt: skip
    assert (one_span(told).prompt, one_span(told).tenant) == ("v40", "other")


def test_the_documented_order_of_prompt_versions() -> None:
    told = {"gen_ai.prompt.version": "4", "prompt.version": "3", "llm.prompt_template.version": "2",
            "langfuse.observation.prompt.version": "1"}  # fmt: skip
    while told:
        assert one_span({**NEW, **told}).prompt == min(told.values())
        told = {name: value for name, value in told.items() if value != min(told.values())}
    assert (
        one_span({**NEW, "langfuse.observation.prompt.version": 3, "langfuse.observation.prompt.name": "help"}).prompt
        == "help/3"
    )


def test_tokens_of_steps_around_a_call_are_not_counted_twice() -> None:
    gatherer = Gatherer("test")
    usage = {"gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 4}
    gatherer.add(read_document(otlp(
        otlp_span(3, {"gen_ai.operation.name": "chat", "gen_ai.request.model": "m", **usage}, parent=2),
        otlp_span(4, {"gen_ai.operation.name": "chat", "gen_ai.request.model": "m", **usage}, parent=2),
        otlp_span(2, {"gen_ai.operation.name": "invoke_agent", "gen_ai.usage.input_tokens": 20,
                      "gen_ai.usage.output_tokens": 8}, parent=1),
        otlp_span(1, {"http.route": "/ask", "tenant": "beta"}),
    )))  # fmt: skip
    (trace,) = gatherer.rest()
    assert (trace.tokens_in, trace.tokens_out, trace.turns) == (20, 8, 2)
    assert (trace.tenant, trace.route, trace.service) == ("beta", "/ask", "shop")
    assert [span.id[-1] for span in trace.spans] == ["1", "2", "3", "4"]
    assert [span.kind for span in trace.spans] == [SpanKind.OTHER, SpanKind.AGENT, SpanKind.LLM, SpanKind.LLM]


def test_an_agent_that_repeats_a_call_shows_every_time() -> None:
    gatherer = Gatherer("test")
    tools = [otlp_span(n, {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "look_up",
                           "gen_ai.tool.call.arguments": '{"q": 1}'}, parent=1) for n in range(2, 7)]  # fmt: skip
    gatherer.add(read_document(otlp(otlp_span(1, {"gen_ai.operation.name": "invoke_agent"}), *tools)))
    (trace,) = gatherer.rest()
    assert [tool.name for tool in trace.tools] == ["look_up"] * 5


def test_langsmith_runs() -> None:
    runs = [
        {"id": "r2", "trace_id": "r1", "parent_run_id": "r1", "name": "ChatAnthropic", "run_type": "llm",
         "start_time": "2026-11-01T10:00:00.1", "end_time": "2026-11-01T10:00:02",
         "inputs": {"messages": [[{"lc": 1, "type": "constructor", "id": ["langchain", "schema", "HumanMessage"],
                                   "kwargs": {"content": ASKED}}]]},
         "outputs": {"generations": [[{"text": TOLD, "message": {"id": ["x", "AIMessage"],
             "kwargs": {"content": TOLD}}}]],
                     "llm_output": {"token_usage": {"prompt_tokens": 12, "completion_tokens": 5}}},
         "extra": {"invocation_params": {"temperature": 0.5}, "metadata": {"ls_model_name": "claude-x"}}},
        {"id": "r1", "trace_id": "r1", "name": "chain", "run_type": "chain", "start_time": "2026-11-01T10:00:00",
         "end_time": "2026-11-01T10:00:03", "inputs": {"question": ASKED}, "outputs": {"answer": TOLD}},
    ]  # fmt: skip
    gatherer = Gatherer("test")
    gatherer.add(read_document(runs))
    (trace,) = gatherer.rest()
    assert (trace.id, trace.model, trace.tokens_in, trace.tokens_out) == ("r1", "claude-x", 12, 5)
    assert (trace.asked, trace.answered, trace.parameters) == (ASKED, TOLD, {"temperature": 0.5})
    assert trace.total_ms == 3000.0


def test_promptfoo_results() -> None:
    row = {"vars": {"question": ASKED}, "prompt": {"raw": ASKED, "label": "v41"},
        "provider": {"id": "openai:chat:gpt-5"},
           "response": {"output": TOLD, "tokenUsage": {"prompt": 12, "completion": 5}}, "success": False,
               "score": 0.0,
           "latencyMs": 900, "namedScores": {"safe": 0.0}, "promptIdx": 0, "testIdx": 0, "id": "row-1",
           "gradingResult": {"pass": False, "score": 0, "reason": "it was rude"}}  # fmt: skip
    gatherer = Gatherer("test")
    gatherer.add(
        read_document({"evalId": "e1", "results": {"timestamp": "2026-11-01T10:00:00Z", "results": [row, 7]}})
    )
    (trace,) = gatherer.rest()
    assert (trace.model, trace.tokens_in, trace.tokens_out, trace.prompt) == ("gpt-5", 12, 5, "v41")
    assert (trace.asked, trace.answered, trace.total_ms) == (ASKED, TOLD, 900.0)
    assert trace.scores == {"promptfoo": 0.0, "safe": 0.0}
    assert (trace.labels["outcome"], trace.labels["reason"]) == ("fail", "it was rude")


HAYSTACK = {
    "haystack.component.type": "OpenAIChatGenerator",
    "haystack.component.input": json.dumps({"messages": [{"role": "user", "content": [{"text": "Tea?"}]}]}),
    "haystack.component.output": json.dumps({"replies": [{
        "role": "assistant", "content": [{"text": "Green."}],
        "meta": {"model": "gpt-4o", "usage": {"prompt_tokens": 11, "completion_tokens": 7}},
    }]}),
}  # fmt: skip
LLAMAINDEX = {
    "openinference.span.kind": "LLM",
    "input.value": json.dumps({"messages": [json.dumps([
        {"role": "user", "blocks": [{"block_type": "text", "text": "Tea?"}]}])]}),
    "output.value": json.dumps({
        "message": {"role": "assistant", "blocks": [{"block_type": "text", "text": "Green."}]},
        "raw": {"model": "gpt-4o", "usage": {"prompt_tokens": 11, "completion_tokens": 7}},
    }),
}  # fmt: skip
BEDROCK = {
    "gen_ai.request.model": "gpt-4o",
    "input.value": json.dumps({"messages": [{"role": "user", "content": [{"text": "Tea?"}]}]}),
    "output.value": json.dumps({
        "output": {"message": {"role": "assistant", "content": [
            {"toolUse": {"toolUseId": "a", "name": "brew", "input": {"k": 1}}}, {"text": "Green."}]}},
        "usage": {"inputTokens": 11, "outputTokens": 7},
    }),
}  # fmt: skip
GEMINI = {
    "gen_ai.system": "gemini",
    "input.value": json.dumps({"contents": [{"role": "user", "parts": [{"text": "Tea?"}]}]}),
    "output.value": json.dumps({
        "candidates": [{"content": {"role": "model", "parts": [
            {"functionCall": {"name": "brew", "args": {"k": 1}}}, {"text": "Green."}]}}],
        "modelVersion": "gpt-4o", "usageMetadata": {"promptTokenCount": 11, "candidatesTokenCount": 7},
    }),
}  # fmt: skip
RESPONSES = {
    "openinference.span.kind": "LLM",
    "input.value": json.dumps([{"role": "user", "content": "Tea?"}]),
    "output.value": json.dumps({
        "model": "gpt-4o", "usage": {"input_tokens": 11, "output_tokens": 7},
        "output": [
            {"type": "function_call", "call_id": "c1", "name": "brew", "arguments": '{"k": 1}'},
            {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Green."}]},
        ],
    }),
}  # fmt: skip


@pytest.mark.parametrize(
    ("given", "calls"),
    [
        (HAYSTACK, []), (LLAMAINDEX, []), (BEDROCK, [("brew", '{"k": 1}')]), (GEMINI, [("brew", '{"k": 1}')]),
        (RESPONSES, [("brew", '{"k": 1}')]),
    ],
    ids=["haystack", "llamaindex", "bedrock", "gemini", "openai-agents"],
)  # fmt: skip
def test_bodies_of_providers_and_frameworks_are_read_as_they_are(
    given: dict[str, Any], calls: list[tuple[str, str]]
) -> None:
    trace = one_span(given)
    assert (trace.asked, trace.answered, trace.model) == ("Tea?", "Green.", "gpt-4o")
    assert (trace.tokens_in, trace.tokens_out) == (11, 7)
    assert [(one.name, one.arguments) for one in trace.tools] == calls
