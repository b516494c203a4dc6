"""What the stream detectors need of one answer: figures, where it came from, and what the text detectors found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cockpit.detect import refusal
from cockpit.detect.signs import Known, signs_of
from cockpit.domain.calls import CallTrace, Sign
from cockpit.domain.thresholds import Thresholds

LOOKED_AT = 4_000
"""Characters of an answer whose words are counted."""

LONGEST_NAME = 120
"""Characters of a tenant's, route's, prompt's or model's name; they stand in sentences and in the journal."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How an answer looks: its words or tokens, the formats it uses, whether it refuses, and its vocabulary."""

    length: int
    formats: str
    refused: bool
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """One answer of a stream.

    Attributes:
        at: when it was complete, aware UTC.
        id: the trace's, for evidence.
        latency_ms, ttft_ms: milliseconds, None where nobody measured.
        cost: in dollars where `priced`, else in tokens.
        failed: whether it ended in an error.
    """

    at: datetime
    id: str = ""
    tenant: str = ""
    route: str = ""
    prompt: str = ""
    model: str = ""
    scores: Mapping[str, float] = field(default_factory=dict)
    tokens_out: int = 0
    cost: float = 0.0
    priced: bool = False
    latency_ms: float | None = None
    ttft_ms: float | None = None
    failed: bool = False
    signs: tuple[Sign, ...] = ()
    shape: Shape | None = None

    @property
    def refused(self) -> bool:
        """Whether the answer is a refusal, as far as anything says."""
        return self.shape.refused if self.shape else any(one.detector == refusal.NAME for one in self.signs)


def sample_of(trace: CallTrace, known: Known | None = None, lines: Thresholds | None = None) -> Sample:
    """Read a trace: run the text detectors on it and keep its figures."""
    return sample_with(trace, signs_of(trace, known, lines))


def sample_with(trace: CallTrace, signs: tuple[Sign, ...], *, shaped: bool = True) -> Sample:
    """Read a trace whose signs are known already; its shape, a third of the work, is asked for by drift alone."""
    return Sample(
        at=trace.ended,
        id=trace.id,
        tenant=trace.tenant[:LONGEST_NAME],
        route=trace.route[:LONGEST_NAME],
        prompt=trace.prompt[:LONGEST_NAME],
        model=(trace.model or trace.requested_model)[:LONGEST_NAME],
        scores=trace.scores,
        tokens_out=trace.tokens_out,
        cost=trace.cost_usd if trace.cost_usd is not None else float(trace.tokens_in + trace.tokens_out),
        priced=trace.cost_usd is not None,
        latency_ms=trace.total_ms or None,
        ttft_ms=trace.ttft_ms,
        failed=bool(trace.error),
        signs=signs,
        shape=shape_of(trace.answered, signs) if shaped and trace.answered else None,
    )


def shape_of(answer: str, signs: tuple[Sign, ...] = ()) -> Shape:
    """Describe how an answer looks."""
    words = _WORD.findall(answer[:LOOKED_AT].lower())
    length = max(len(words), len(answer) // 6 if len(answer) > LOOKED_AT else 0)
    formats = " ".join(name for name, pattern in _FORMATS if pattern.search(answer[:LOOKED_AT])) or "plain"
    refused = any(one.detector == refusal.NAME for one in signs) or (not signs and refusal.find(answer) is not None)
    return Shape(length, formats, refused, tuple(dict.fromkeys(words)))


_WORD = re.compile(r"[^\W\d_]{1,24}")
_FORMATS = (
    ("json", re.compile(r"\A\s*[{\[]")),
    ("code", re.compile(r"```")),
    ("list", re.compile(r"(?m)^\s{0,6}(?:[-*•]|\d{1,3}[.)])\s")),
    ("heading", re.compile(r"(?m)^#{1,6} |^\*\*[^*\n]{1,80}\*\*:?$")),
    ("table", re.compile(r"(?m)^\s*\|.{1,200}\|\s*$")),
)
