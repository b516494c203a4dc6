"""A trace of one answer, whoever recorded it: what was asked, retrieved, called and said, as a tree of spans.

Text in it is as it came from outside; it is made harmless where it is drawn or exported, never here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class SpanKind(StrEnum):
    """What a span does; `other` where nobody said or nobody knows the word."""

    LLM = "llm"
    TOOL = "tool"
    RETRIEVER = "retriever"
    RERANKER = "reranker"
    EMBEDDING = "embedding"
    AGENT = "agent"
    CHAIN = "chain"
    GUARDRAIL = "guardrail"
    EVALUATOR = "evaluator"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation: `role` is system, user, assistant, tool, or what the framework says."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """One retrieved document; `score` as the retriever gave it, None where it gave none."""

    source: str
    text: str
    score: float | None = None


@dataclass(frozen=True, slots=True)
class ToolUse:
    """One tool call: arguments and result as text (JSON where they were), `failed` where that was recorded."""

    name: str
    arguments: str = ""
    result: str = ""
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """One step of a trace; ids are the recorder's own, `parent` is empty for a root.

    Attributes:
        attributes: everything recorded that no field here holds, by its original name.
    """

    id: str
    parent: str
    name: str
    kind: SpanKind
    start: datetime
    end: datetime
    error: str = ""
    model: str = ""
    inputs: tuple[Message, ...] = ()
    outputs: tuple[Message, ...] = ()
    chunks: tuple[Chunk, ...] = ()
    tools: tuple[ToolUse, ...] = ()
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost_usd: float | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CallTrace:
    """One whole answer: what it was about in one place, and the spans it is made of, in order of their start.

    Attributes:
        id: the recorder's own trace id; unique together with `source`.
        source: where it was read: `otlp`, a file's name, or a system of cockpit.toml.
        started, ended: aware UTC.
        prompt, route, tenant, tier, config_id, session, user: empty where nobody recorded them.
        requested_model: what was asked for, `model` what answered, where both are known.
        ttft_ms: milliseconds to the first token, None where it was not recorded.
        asked, answered: the last thing the user said, and the final answer.
        retrieved: whether anything was retrieved at all; with `chunks` empty, an empty retrieval block.
        scores: judgements recorded with it by rubric, on the recorder's own scale.
        finish: why the model stopped, as it said.
    """

    id: str
    source: str
    started: datetime
    ended: datetime
    spans: tuple[Span, ...] = ()
    service: str = ""
    route: str = ""
    tenant: str = ""
    session: str = ""
    user: str = ""
    prompt: str = ""
    model: str = ""
    requested_model: str = ""
    tier: str = ""
    config_id: str = ""
    asked: str = ""
    answered: str = ""
    messages: tuple[Message, ...] = ()
    chunks: tuple[Chunk, ...] = ()
    retrieved: bool = False
    tools: tuple[ToolUse, ...] = ()
    tokens_in: int = 0
    tokens_out: int = 0
    cost_usd: float | None = None
    ttft_ms: float | None = None
    error: str = ""
    finish: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    scores: Mapping[str, float] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def total_ms(self) -> float:
        """How long it took, in milliseconds."""
        return max(0.0, (self.ended - self.started).total_seconds() * 1000.0)

    @property
    def turns(self) -> int:
        """How many times a model was called."""
        return sum(1 for span in self.spans if span.kind is SpanKind.LLM)


@dataclass(frozen=True, slots=True)
class Sign:
    """What one detector found in one trace.

    Attributes:
        detector: its name, such as `refusal`, `personal_data`, `secret`, `other_tenant`, `injection`, `loop`.
        why: one sentence with the numbers, safe to be shown once it has been cleaned.
        where: (start, end) in the final answer, where it can be pointed at.
        certainty: 0 to 1, as the detector was calibrated.
    """

    detector: str
    why: str
    where: tuple[int, int] | None = None
    certainty: float = 1.0
