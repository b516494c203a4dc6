"""A raw span as what it means: kind, model, conversation, documents, tools, tokens, parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from cockpit.domain.calls import Chunk, SpanKind
from cockpit.intake import names
from cockpit.intake.attributes import Attributes, Named
from cockpit.intake.chunks import chunks_of
from cockpit.intake.content import Call
from cockpit.intake.guess import guess
from cockpit.intake.keys import Keys
from cockpit.intake.parameters import parameters_of
from cockpit.intake.raw import RawEvent, RawSpan
from cockpit.intake.sides import asked_of, told_of
from cockpit.intake.talk import Talk
from cockpit.intake.values import amount, count, flat, moment, number, opened, text, word

_UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)
_UNNAMED = "unknown_service"
"""What OpenTelemetry calls a service that nobody named."""
MOST_EVENTS = 1_000
_MILLISECONDS_FROM = 1_000.0
"""A time to the first token above it can't be in seconds: some exports write milliseconds under the same name."""


@dataclass(slots=True)
class Step:
    """One span as it was understood; ids of tool calls are still known, so that calls and results can be joined."""

    id: str
    parent: str
    name: str
    kind: SpanKind
    start: datetime
    end: datetime
    error: str = ""
    model: str = ""
    requested_model: str = ""
    asked: Talk = field(default_factory=Talk)
    told: Talk = field(default_factory=Talk)
    calls: list[Call] = field(default_factory=list)
    chunks: tuple[Chunk, ...] = ()
    retrieved: bool = False
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost_usd: float | None = None
    ttft_ms: float | None = None
    finish: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    scores: dict[str, float] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)

    @property
    def counted(self) -> bool:
        """Whether tokens are known."""
        return self.tokens_in is not None or self.tokens_out is not None


def understand(raw: RawSpan, keys: Keys) -> Step:
    """Read a span by the names of all frameworks that are known, and by its shape where it has none of them."""
    if "metadata" in raw.attributes:
        raw.attributes = _with_metadata(raw.attributes)
    if "events" in raw.attributes:
        raw.events = (*raw.events, *_told_events(opened(raw.attributes["events"])))
    attributes = Attributes(raw.attributes)
    start = raw.start or raw.end or _UNKNOWN
    step = Step(raw.id, raw.parent, raw.name, SpanKind.OTHER, start, max(start, raw.end or start), raw.error)
    step.facts = facts_of(attributes, raw.resource, keys)
    _model(step, attributes)
    step.kind = _kind(raw, attributes, step)
    if step.kind in (SpanKind.TOOL, SpanKind.RETRIEVER, SpanKind.RERANKER, SpanKind.EMBEDDING) or _is_genai(
        raw, step
    ):
        _contents(step, raw, attributes)
    else:
        _by_shape(step, raw, attributes)
    step.scores = _scores(raw)
    step.attributes = attributes.left()
    return step


def _with_metadata(given: dict[str, Any]) -> dict[str, Any]:
    """Write OpenInference's table of one's own facts as dotted names, where it is one."""
    metadata = opened(given["metadata"])
    if not isinstance(metadata, dict):
        return given
    return {**{name: value for name, value in given.items() if name != "metadata"}, **flat(metadata, "metadata.", 2)}


def _told_events(listed: Any) -> Iterator[RawEvent]:
    """Yield events that were written as an attribute, each with its name in it."""
    for one in listed[:MOST_EVENTS] if isinstance(listed, list) else ():
        if isinstance(one, dict) and isinstance(one.get("event.name"), str):
            yield RawEvent(one["event.name"], one)


def facts_of(attributes: Attributes, resource: Mapping[str, Any], keys: Keys) -> dict[str, str]:
    """Return whom and what a span is about, as far as it says so; the resource speaks for spans that don't."""
    values = {fact: attributes.take(named) for fact, named in attributes.present(_named(keys))}
    if resource:
        around = Attributes(resource)
        for fact, named in around.present(_named(keys)):
            if values.get(fact) is None and fact != "route":
                values[fact] = around.look(named)
    shown = {fact: word(value) for fact, value in values.items() if value is not None}
    return {fact: value for fact, value in shown.items() if value and not value.startswith(_UNNAMED)}


@cache
def _named(keys: Keys) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (
        ("service", names.SERVICE), ("session", names.SESSION), ("user", names.USER), ("prompt", keys.prompt),
        ("prompt_name", names.PROMPT_NAME), ("tenant", keys.tenant), ("route", keys.route), ("tier", keys.tier),
        ("config_id", keys.config_id),
    )  # fmt: skip


def _model(step: Step, attributes: Attributes) -> None:
    found = {what: attributes.take(named) for what, named in attributes.present(_OF_MODELS)}
    if not found:
        return
    get = found.get
    step.requested_model = word(get("requested"))
    step.model = word(get("model")) or step.requested_model
    step.tokens_in, step.tokens_out = count(get("read")), count(get("written"))
    if not step.tokens_in and not step.tokens_out and not step.model:
        step.tokens_in = step.tokens_out = None  # exports write 0 for spans that called no model
    step.cost_usd = amount(get("cost")) or None
    finish = opened(get("finish"))
    step.finish = word(finish[0] if isinstance(finish, list) and finish else finish)
    step.ttft_ms = _ttft(step, found)


_OF_MODELS: Named = (
    ("requested", names.REQUESTED_MODEL), ("model", names.MODEL), ("read", names.TOKENS_IN),
    ("written", names.TOKENS_OUT), ("cost", names.COST), ("finish", names.FINISH), ("first_ms", names.TTFT_MS),
    ("first_s", names.TTFT_S), ("first_at", names.FIRST_TOKEN_AT),
)  # fmt: skip


def _ttft(step: Step, found: Mapping[str, Any]) -> float | None:
    if (milliseconds := amount(found.get("first_ms"))) is not None:
        return milliseconds
    if (seconds := amount(found.get("first_s"))) is not None:
        return seconds if seconds >= _MILLISECONDS_FROM else seconds * 1000.0
    first = moment(opened(found["first_at"])) if "first_at" in found else None
    return (first - step.start).total_seconds() * 1000.0 if first and first >= step.start else None


def _kind(raw: RawSpan, attributes: Attributes, step: Step) -> SpanKind:
    for said in (*_words(attributes), raw.kind):
        known = names.KINDS.get(said.lower())
        if known is not None:
            return SpanKind(known)
    if attributes.look(_TOOL_SIGNS):
        return SpanKind.TOOL
    if step.model and step.counted:
        return SpanKind.LLM
    return SpanKind.CHAIN if raw.kind.lower() == "span" and attributes.look(names.INPUT) else SpanKind.OTHER


def _words(attributes: Attributes) -> list[str]:
    found = [word(attributes.given[name]) for name in names.OPERATION if name in attributes.given]
    if found:
        attributes.take(names.OPERATION)
    return found


def _is_genai(raw: RawSpan, step: Step) -> bool:
    given = raw.attributes
    known = step.model or step.counted or not given.keys().isdisjoint(_SIGNS)
    return bool(known) or any(name.startswith(_SIGN_PREFIXES) for name in given)


_TOOL_SIGNS = ("gen_ai.tool.name", "tool.name", "ai.toolCall.name")
_TOOL_IN = (*names.TOOL_ARGUMENTS, *names.INPUT)
_TOOL_OUT = (*names.TOOL_RESULT, *names.OUTPUT)
_SIGNS = frozenset((*names.INPUT, *names.OUTPUT, *names.DOCUMENTS, *names.OPERATION))
_SIGN_PREFIXES = ("gen_ai.", "llm.", "ai.", "langfuse.", "traceloop.", "openinference.", "mlflow.span", "retrieval.")


def _contents(step: Step, raw: RawSpan, attributes: Attributes) -> None:
    if step.kind is SpanKind.TOOL:
        step.calls = [_tool(step, attributes)]
    else:
        step.asked, step.told = asked_of(raw, attributes), told_of(raw, attributes)
        step.calls = [call for said in step.told.said for call in said.calls]
        _missing(step, raw)
    retriever = step.kind in (SpanKind.RETRIEVER, SpanKind.RERANKER)
    step.chunks, step.retrieved = chunks_of(attributes, retriever, attributes.look(names.OUTPUT))
    step.parameters = parameters_of(attributes)


def _tool(step: Step, attributes: Attributes) -> Call:
    arguments = attributes.take(_TOOL_IN)
    result = opened(attributes.take(_TOOL_OUT))
    arguments = opened(arguments)
    if isinstance(arguments, dict) and list(arguments) in (["input"], ["args"], ["kwargs"]):
        arguments = next(iter(arguments.values()))
    name = word(attributes.take(names.TOOL_NAME)) or step.name.removeprefix("execute_tool ")
    return Call(name, text(arguments), text(_told(result)), word(attributes.take(names.TOOL_ID)), bool(step.error))


def _told(result: Any) -> Any:
    """Return what a tool said, out of the message it was wrapped in."""
    inner = result.get("content") if isinstance(result, dict) else None
    if isinstance(inner, list) and inner and all(isinstance(one, dict) and "text" in one for one in inner):
        return "\n".join(text(one["text"]) for one in inner)
    return inner if isinstance(inner, str) and isinstance(result, dict) and "type" in result else result


def _missing(step: Step, raw: RawSpan) -> None:
    """Fill what the known names did not hold from what the shape shows."""
    is_whole = step.asked and step.told and step.counted
    if is_whole or step.kind not in (SpanKind.LLM, SpanKind.OTHER):
        return
    found = guess(raw.attributes)
    step.asked, step.told = step.asked or found.asked, step.told or found.answered
    step.calls = step.calls or found.calls
    step.model = step.model or found.model
    if not step.counted:
        step.tokens_in, step.tokens_out = found.tokens_in, found.tokens_out


def _by_shape(step: Step, raw: RawSpan, attributes: Attributes) -> None:
    found = guess(raw.attributes)
    step.model, step.tokens_in, step.tokens_out = found.model, found.tokens_in, found.tokens_out
    step.asked, step.told, step.calls = found.asked, found.answered, found.calls
    if step.model or step.counted or step.asked.sure:
        step.kind = SpanKind.LLM if step.kind is SpanKind.OTHER else step.kind
        step.chunks, step.retrieved = chunks_of(attributes, False, None)
        step.parameters = parameters_of(attributes)


def _scores(raw: RawSpan) -> dict[str, float]:
    found = {}
    for event in raw.events:
        name = word(event.attributes.get("gen_ai.evaluation.name"))
        value = number(event.attributes.get("gen_ai.evaluation.score.value"))
        if event.name == names.EVALUATION_EVENT and name and value is not None:
            found[name] = value
    return found
