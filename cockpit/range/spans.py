"""What an application under drill records of each answer: OpenTelemetry spans with OpenInference's names."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opentelemetry.proto.trace.v1.trace_pb2 import Span

SCOPE = "cockpit.range"
RETRIEVAL_SHARE = 0.05
"""The part of an answer's time that looking things up takes."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """One passage that was looked up: where it is from, what it says, how well it fits."""

    source: str
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Recorded:
    """One answer as the application saw it.

    Attributes:
        began_ns, ended_ns: in nanoseconds since 1970.
        asked: the messages as they were sent; `answered` the text, or the calls as JSON.
        about: who it was for: `session.id`, `user.id`, and what is in `metadata`.
        error: why there was no answer; empty where there was one.
    """

    began_ns: int
    ended_ns: int
    route: str
    asked: Sequence[Mapping[str, Any]]
    answered: str
    model: str
    prompt: str = ""
    tokens: tuple[int, int] = (0, 0)
    calls: Sequence[tuple[str, str]] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    session: str = ""
    user: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    chunks: Sequence[Chunk] = ()
    error: str = ""


def export_of(answers: Iterable[Recorded], service: str, project: str) -> bytes:
    """Return the body of one OTLP request with the spans of some answers."""
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    request = ExportTraceServiceRequest()
    group = request.resource_spans.add()
    _tell(group.resource, {"service.name": service, "openinference.project.name": project})
    scope = group.scope_spans.add()
    scope.scope.name = SCOPE
    for one in answers:
        scope.spans.extend(spans_of(one))
    return bytes(request.SerializeToString())


def spans_of(one: Recorded) -> list[Span]:
    """Return the spans of one answer: the request, what was looked up for it, the model's call."""
    from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

    trace, root = secrets.token_bytes(16), secrets.token_bytes(8)
    looked = one.began_ns + int((one.ended_ns - one.began_ns) * RETRIEVAL_SHARE) if one.chunks else one.began_ns

    def made(name: str, begin: int, end: int, told: Mapping[str, Any], *, outer: bool = False) -> Span:
        span = Span(trace_id=trace, name=name, start_time_unix_nano=begin, end_time_unix_nano=end)
        span.span_id = root if outer else secrets.token_bytes(8)
        span.parent_span_id = b"" if outer else root
        span.kind = Span.SPAN_KIND_INTERNAL if outer else Span.SPAN_KIND_CLIENT
        _tell(span, told)
        return span

    whole = made(one.route or "answer", one.began_ns, one.ended_ns, _request(one), outer=True)
    call = made("chat", looked, one.ended_ns, _call(one))
    for span in (whole, call):
        if one.error:
            span.status.code, span.status.message = Status.STATUS_CODE_ERROR, one.error
    lookup = [made("retrieve", one.began_ns, looked, _lookup(one))] if one.chunks else []
    return [whole, *lookup, call]


def _request(one: Recorded) -> dict[str, Any]:
    return {
        "openinference.span.kind": "CHAIN",
        "input.value": str(one.asked[-1].get("content", "")) if one.asked else "",
        "output.value": one.answered,
        "session.id": one.session,
        "user.id": one.user,
        "metadata": json.dumps({"route": one.route, **one.metadata}),
    }


def _lookup(one: Recorded) -> dict[str, Any]:
    told: dict[str, Any] = {"openinference.span.kind": "RETRIEVER", "input.value": _request(one)["input.value"]}
    for number, chunk in enumerate(one.chunks):
        head = f"retrieval.documents.{number}.document"
        told |= {f"{head}.id": chunk.source, f"{head}.content": chunk.text, f"{head}.score": chunk.score}
    return told


def _call(one: Recorded) -> dict[str, Any]:
    told: dict[str, Any] = {
        "openinference.span.kind": "LLM",
        "llm.model_name": one.model,
        "llm.token_count.prompt": one.tokens[0],
        "llm.token_count.completion": one.tokens[1],
        "llm.prompt_template.version": one.prompt,
        "llm.invocation_parameters": json.dumps(dict(one.parameters)),
        "llm.output_messages.0.message.role": "assistant",
        "llm.output_messages.0.message.content": one.answered,
    }
    for number, message in enumerate(one.asked):
        for part in ("role", "content"):
            told[f"llm.input_messages.{number}.message.{part}"] = str(message.get(part, ""))
    for number, (name, arguments) in enumerate(one.calls):
        head = f"llm.output_messages.0.message.tool_calls.{number}.tool_call.function"
        told |= {f"{head}.name": name, f"{head}.arguments": arguments}
    return told


def _tell(carrier: Any, told: Mapping[str, Any]) -> None:
    """Write attributes; what is empty is left out."""
    for key, value in told.items():
        if value in ("", None):
            continue
        pair = carrier.attributes.add(key=key)
        if isinstance(value, int):
            pair.value.int_value = value
        elif isinstance(value, float):
            pair.value.double_value = value
        else:
            pair.value.string_value = str(value)
