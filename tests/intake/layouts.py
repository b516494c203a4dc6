"""The same call of a model as other systems lay it out in their files."""

from __future__ import annotations

import json
from typing import Any

from tests.intake.reading import otlp, otlp_span

ASKED, TOLD, MODEL = "Where is order 7?", "It ships today.", "gpt-4o"
BEGAN, ENDED, NANOS = "2026-05-01T10:00:00.000Z", "2026-05-01T10:00:01.500Z", 1_777_629_600_000_000_000
CALL = {"id": "c1", "type": "function", "function": {"name": "get_order", "arguments": '{"order": 7}'}}
QUESTION = [{"role": "user", "content": ASKED}]
REPLY = {"role": "assistant", "content": TOLD, "tool_calls": [CALL]}
USED = {"prompt_tokens": 12, "completion_tokens": 5}
GENAI = {
    "gen_ai.request.model": MODEL, "gen_ai.usage.input_tokens": 12, "gen_ai.usage.output_tokens": 5,
    "gen_ai.input.messages": json.dumps([{"role": "user", "parts": [{"type": "text", "content": ASKED}]}]),
    "gen_ai.output.messages": json.dumps([{"role": "assistant", "parts": [
        {"type": "text", "content": TOLD},
        {"type": "tool_call", "id": "c1", "name": "get_order", "arguments": {"order": 7}}]}]),
}  # fmt: skip
PYDANTIC_AI = {
    "gen_ai.operation.name": "chat", "gen_ai.request.model": MODEL, "gen_ai.usage.input_tokens": 12,
    "gen_ai.usage.output_tokens": 5, "events": json.dumps([
        {"event.name": "gen_ai.user.message", "content": ASKED, "role": "user"},
        {"event.name": "gen_ai.choice", "index": 0, "message": REPLY}]),
}  # fmt: skip

LAYOUTS: dict[str, Any] = {
    "jaeger": {"data": [{"traceID": "5b8efff7", "processes": {"p1": {"serviceName": "svc"}}, "spans": [{
        "traceID": "5b8efff7", "spanID": "a1", "operationName": "chat", "references": [], "processID": "p1",
        "startTime": NANOS // 1000, "duration": 1_500_000, "logs": [],
        "tags": [{"key": name, "type": "string", "value": value} for name, value in GENAI.items()]}]}]},
    "zipkin": [{"traceId": "5b8efff7", "id": "a1", "name": "chat", "timestamp": NANOS // 1000, "duration": 1_500_000,
                "localEndpoint": {"serviceName": "svc"}, "tags": {name: str(one) for name, one in GENAI.items()}}],
    "datadog": {"data": [{"id": "x", "type": "span", "attributes": {
        "trace_id": "t1", "span_id": "s1", "parent_id": "undefined", "name": "openai.chat", "start_ns": NANOS,
        "duration": 1_500_000_000, "ml_app": "svc", "span_kind": "llm", "model_name": MODEL,
        "input": {"messages": QUESTION}, "output": {"messages": [
            {"role": "assistant", "content": TOLD,
             "tool_calls": [{"name": "get_order", "arguments": {"order": 7}, "tool_id": "c1"}]}]},
        "metrics": {"input_tokens": 12, "output_tokens": 5}}}]},
    "table of spans": {
        "name": "chat", "span_kind": "LLM", "parent_id": None, "start_time": BEGAN, "end_time": ENDED,
        "context.trace_id": "t1", "context.span_id": "s1", "attributes.llm.model_name": MODEL,
        "attributes.llm.token_count.prompt": 12, "attributes.llm.token_count.completion": 5,
        "attributes.llm.input_messages": [{"message.role": "user", "message.content": ASKED}],
        "attributes.llm.output_messages": [{
            "message.role": "assistant", "message.content": TOLD, "message.tool_calls": [{
                "tool_call.function.name": "get_order", "tool_call.function.arguments": '{"order": 7}'}]}]},
    "mastra": {
        "traceId": "t1", "spanId": "s1", "name": "llm", "spanType": "llm_generation", "startedAt": BEGAN,
        "endedAt": ENDED, "attributes": {"model": MODEL, "usage": {"inputTokens": 12, "outputTokens": 5}},
        "input": {"messages": QUESTION},
        "output": {"text": TOLD, "toolCalls": [{"toolCallId": "c1", "toolName": "get_order", "args": {"order": 7}}]}},
    "agents sdk": [
        {"object": "trace", "id": "trace_1", "workflow_name": "Agent"},
        {"object": "trace.span", "id": "span_1", "trace_id": "trace_1", "parent_id": None, "started_at": BEGAN,
         "ended_at": ENDED, "span_data": {"type": "generation", "model": MODEL, "input": QUESTION, "output": [REPLY],
                                          "usage": {"input_tokens": 12, "output_tokens": 5}}}],
    "exported observations": {
        "id": "o1", "trace_id": "t1", "type": "GENERATION", "name": "llm", "provided_model_name": MODEL,
        "start_time": "2026-05-01 10:00:00.000000", "end_time": "2026-05-01 10:00:01.500000",
        "input": json.dumps(QUESTION), "output": json.dumps(REPLY), "usage_details": {"input": 12, "output": 5}},
    "observations with calls beside": [{
        "id": "o1", "traceId": "t1", "startTime": BEGAN, "endTime": ENDED, "type": "GENERATION", "name": "llm",
        "providedModelName": MODEL, "inputUsage": 12, "outputUsage": 5, "input": ASKED, "output": TOLD,
        "toolCalls": [json.dumps(CALL)]}],
    "weave": {
        "id": "w1", "op_name": "openai.chat.completions.create", "trace_id": "t1", "parent_id": None,
        "started_at": BEGAN, "ended_at": ENDED, "inputs": {"model": MODEL, "messages": QUESTION},
        "output": {"model": MODEL, "choices": [{"message": REPLY}], "usage": USED}},
    "helicone": {
        "request_id": "q1", "request_created_at": BEGAN, "response_created_at": ENDED,
        "request_body": {"model": MODEL, "messages": QUESTION},
        "response_body": {"model": MODEL, "choices": [{"message": REPLY}], "usage": USED}},
    "gateway log": {
        "id": "p1", "created_at": BEGAN, "request": {"body": {"model": MODEL, "messages": QUESTION}},
        "response": {"body": {"model": MODEL, "choices": [{"message": REPLY}], "usage": USED}},
        "response_time": 1500},
    "braintrust": [{
        "id": "r1", "span_id": "s1", "root_span_id": "s1", "span_parents": None, "created": BEGAN,
        "span_attributes": {"name": "chat", "type": "llm"}, "input": QUESTION, "output": [REPLY],
        "metadata": {"model": MODEL}, "metrics": {"start": NANOS / 1e9, "end": NANOS / 1e9 + 1.5, **USED}}],
    "pydantic-ai": otlp(otlp_span(1, PYDANTIC_AI)),
}  # fmt: skip
"""Each by the name of who writes it."""
