"""What the stream detectors need of one answer: figures, where it came from, and what the text detectors found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cockpit.detect.answer import refusal
from cockpit.detect.answer.signs import Known, signs_of
from cockpit.domain.calls import CallTrace, Sign
from cockpit.domain.thresholds import Thresholds

LOOKED_AT = 4_000
"""Characters of an answer whose words are counted."""

OPENING = 600
"""Characters of an answer that are kept of it."""

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
        opening: the first words of the answer, for those who ask what it means.
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
    opening: str = ""

    @property
    def refused(self) -> bool:
        """Whether the answer is a refusal, as far as anything says."""
        return self.shape.refused if self.shape else any(one.detector == refusal.NAME for one in self.signs)


def sample_of(trace: CallTrace, known: Known | None = None, lines: Thresholds | None = None) -> Sample:
    """Read a trace: run the text detectors on it and keep its figures."""
    return sample_with(trace, signs_of(trace, known, lines))


def sample_with(trace: CallTrace, signs: tuple[Sign, ...], *, shaped: bool = True) -> Sample:
    """Read a trace whose signs are known already; its shape, a quarter of the work, is asked for by drift alone."""
    # A refusal that was expected is no sign, but a refusal all the same.
    told = None if trace.labels.get("expect") == "refuse" else signs
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
        shape=shape_of(trace.answered, told) if shaped and trace.answered else None,
        opening=trace.answered[:OPENING] if shaped else "",
    )


def shape_of(answer: str, signs: tuple[Sign, ...] | None = None) -> Shape:
    """Describe how an answer looks; whether it refuses is looked for where no signs are given."""
    seen = answer[:LOOKED_AT]
    words = _words(seen.lower())
    length = max(len(words), len(answer) // 6 if len(answer) > LOOKED_AT else 0)
    lines = "\n" + seen
    formats = " ".join(name for name, mark, look in _FORMATS if mark in seen and look(lines)) or "plain"
    if signs is None:
        refused = refusal.find(answer) is not None
    else:
        refused = any(one.detector == refusal.NAME for one in signs)
    return Shape(length, formats, refused, tuple(dict.fromkeys(words)))


def _words(text: str) -> list[str]:
    """Return the words of a text in lower case, cut into pieces of 24 letters.

    English words between plain and typeset marks, which is nearly all there is, take a fifth of the pattern's time.
    """
    plain = text
    if not text.isascii():
        for mark in _TYPESET:
            plain = plain.replace(mark, " ")
    if plain.isascii():
        words = plain.translate(_SPACED).split()
        if max(map(len, words), default=0) <= LONGEST_WORD:
            return words
    return _WORD.findall(text)


LONGEST_WORD = 24
_TYPESET = "’‘“”–—…•"
_WORD = re.compile(rf"[^\W\d_]{{1,{LONGEST_WORD}}}")
_SPACED = {code: chr(code) if chr(code).isalpha() else " " for code in range(128)}
_FORMATS = (
    ("json", "", re.compile(r"\s*[{\[]").match),
    ("code", "```", re.compile(r"```").search),
    ("list", "", re.compile(r"\n\s{0,6}(?:[-*•]|\d{1,3}[.)])\s").search),
    ("heading", "", re.compile(r"(?m)\n(?:#{1,6} |\*\*[^*\n]{1,80}\*\*:?$)").search),
    ("table", "|", re.compile(r"(?m)\n\s*\|.{1,200}\|\s*$").search),
)
"""How each format is told in a text with a line feed before it, and what it can't be without."""
