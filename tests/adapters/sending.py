"""An application that records with OpenInference's names and sends by OTLP, as OpenTelemetry's own exporter does."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.trace import Span, Status, StatusCode, Tracer

PROJECT = "openinference.project.name"

RETRIEVER = {
    "openinference.span.kind": "RETRIEVER", "input.value": "refund",
    "retrieval.documents.0.document.id": "kb-7",
    "retrieval.documents.0.document.content": "Refunds within 30 days",
    "retrieval.documents.0.document.score": 0.91,
    "retrieval.documents.1.document.id": "kb-9",
    "retrieval.documents.1.document.content": "Shipping",
    "retrieval.documents.1.document.score": 0.4,
}  # fmt: skip
_CALL = "llm.output_messages.0.message.tool_calls.0.tool_call"
MODEL = {
    "openinference.span.kind": "LLM", "llm.model_name": "gpt-4o-2024-08-06",
    "llm.token_count.prompt": 120, "llm.token_count.completion": 30, "llm.prompt_template.version": "support/3",
    "llm.invocation_parameters": '{"temperature": 0.2}',
    "llm.input_messages.0.message.role": "system", "llm.input_messages.0.message.content": "Be brief.",
    "llm.input_messages.1.message.role": "user", "llm.input_messages.1.message.content": "Refund order 8812?",
    "llm.output_messages.0.message.role": "assistant",
    "llm.output_messages.0.message.content": "Refunded 40 euros.",
    f"{_CALL}.id": "c1", f"{_CALL}.function.name": "refund", f"{_CALL}.function.arguments": '{"order": 8812}',
}  # fmt: skip
TOOL = {
    "openinference.span.kind": "TOOL", "tool.name": "refund", "input.value": '{"order": 8812}',
    "output.value": '{"ok": true}',
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sent:
    """A trace that was sent: its id, and that of the model's span."""

    trace: str
    model: str


@contextmanager
def tracer(url: str, project: str, headers: Mapping[str, str]) -> Iterator[Tracer]:
    """Return what spans are recorded with; they have been sent when the block ends."""
    provider = TracerProvider(resource=Resource.create({"service.name": "support-bot", PROJECT: project}))
    exporter = OTLPSpanExporter(endpoint=f"{url}/v1/traces", headers=dict(headers))
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    try:
        yield provider.get_tracer("test")
    finally:
        provider.shutdown()


def answer(tracer: Tracer, tenant: str = "acme", *, error: str = "") -> Sent:
    """Record one answer: what was asked, retrieved, called and said."""
    about: dict[str, Any] = {
        "openinference.span.kind": "CHAIN", "input.value": "Refund order 8812?", "output.value": "Refunded 40 euros.",
        "session.id": "s-7", "user.id": "u-3", "metadata": json.dumps({"tenant": tenant, "route": "/chat"}),
    }  # fmt: skip
    with tracer.start_as_current_span("answer", attributes=about) as root:
        _step(tracer, "search", RETRIEVER)
        model = _step(tracer, "ChatCompletion", MODEL)
        _step(tracer, "refund", TOOL)
        if error:
            root.set_status(Status(StatusCode.ERROR, error))
    return Sent(f"{root.get_span_context().trace_id:032x}", f"{model.get_span_context().span_id:016x}")


def _step(tracer: Tracer, name: str, attributes: Mapping[str, Any]) -> Span:
    with tracer.start_as_current_span(name, attributes=dict(attributes)) as span:
        return span
