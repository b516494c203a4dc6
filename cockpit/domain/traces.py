"""Filtering traces: the words a responder types, parsed once and matched anywhere.

`verdict:leak,wrong -tenant:acme "order number" refund` reads: the verdict contains leak or wrong, the tenant does
not contain acme, and the text contains both "order number" and refund. Case never matters; `key:=value` asks for
the whole value. Quote what has a colon or a space in it. Archived traces have more fields, and judgements:
`score.grounding<3` asks for those that were judged below 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from cockpit.errors import BadInput

KEYS = ("verdict", "tenant", "route", "prompt", "model", "session", "arm")
ARCHIVED = (*KEYS, "user", "service", "source", "tier", "config_id", "tool", "error")
"""What archived traces can be filtered by."""
TEXT = "text"
UNJUDGED = "·"
"""The verdict of a trace nobody judged yet."""

_SOUND = frozenset({UNJUDGED, "", "ok", "static"})
_TOKEN = re.compile(r'(?P<sign>-?)(?:(?P<key>[A-Za-z_]+):)?(?P<value>(?:"[^"]*"?|[^\s"])*)')
_SCORE = re.compile(r"score\.(?P<rubric>[^<>=\s]+?)(?P<sign><=|>=|<|>|=)(?P<limit>-?\d+(?:\.\d+)?)")
_VALUE = re.compile(r'((?:"[^"]*"?|[^,"])*)(?:,|$)')


class Filterable(Protocol):
    """What a filter looks at; `cockpit.world.port.TraceRow` has it all."""

    @property
    def verdict(self) -> str: ...
    @property
    def tenant(self) -> str: ...
    @property
    def route(self) -> str: ...
    @property
    def prompt(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def session(self) -> str: ...
    @property
    def arm(self) -> str: ...
    @property
    def text(self) -> str: ...


def judged(verdict: str) -> bool:
    """Whether a verdict is known at all."""
    return verdict not in (UNJUDGED, "")


def failing(verdict: str) -> bool:
    """Whether a verdict says that the answer was bad."""
    return verdict not in _SOUND


def fold(text: str) -> str:
    """Write a text as it is compared: lower case, and NUL, which separates texts in storage, made visible."""
    return text.lower().replace("\0", "\ufffd")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One value asked for, folded: to be contained, or with `whole` to be all there is."""

    text: str
    whole: bool = False

    def holds(self, value: str) -> bool:
        """Whether a folded value is, or contains, what is asked for."""
        return value == self.text if self.whole else self.text in value


@dataclass(frozen=True, slots=True)
class Term:
    """One condition on a field: any of the wanted values, or none of them when negated."""

    key: str
    wanted: tuple[Wanted, ...]
    negated: bool = False

    def holds(self, value: str) -> bool:
        """Whether a field's folded value fulfils the condition."""
        return any(one.holds(value) for one in self.wanted) is not self.negated


@dataclass(frozen=True, slots=True)
class ScoreTerm:
    """One condition on a judgement; a trace that was not judged by the rubric never fulfils it, negated or not."""

    rubric: str
    sign: str
    limit: float
    negated: bool = False

    def holds(self, scores: Mapping[str, float]) -> bool:
        """Whether the judgements of a trace fulfil the condition; rubrics are told apart without case."""
        found = next((value for name, value in scores.items() if name.lower() == self.rubric), None)
        return found is not None and self.fits(found)

    def fits(self, value: float) -> bool:
        """Whether a judgement by this rubric fulfils the condition."""
        below, equal = value < self.limit, value == self.limit
        found = (below and "<" in self.sign) or (equal and "=" in self.sign) or (
            ">" in self.sign and not below and not equal
        )  # fmt: skip
        return found is not self.negated


@dataclass(frozen=True, slots=True)
class TraceFilter:
    """All conditions a trace has to fulfil; without any, every trace does."""

    terms: tuple[Term, ...] = ()
    scores: tuple[ScoreTerm, ...] = ()
    """Only archived traces are asked for scores."""

    @classmethod
    def parse(cls, text: str, *, archived: bool = False) -> TraceFilter:
        """Read what a responder typed; `archived` allows what only archived traces have.

        Raises:
            BadInput: an unknown key, or a key without a value.
        """
        tokens = list(_tokens(text))
        judged_by = [_score(match) if archived else None for match in tokens]
        keys = ARCHIVED if archived else KEYS
        terms = tuple(_term(match, keys) for match, score in zip(tokens, judged_by, strict=True) if score is None)
        return cls(terms, tuple(score for score in judged_by if score is not None))

    def matches(self, trace: Filterable) -> bool:
        """Whether a trace fulfils every condition on its fields and its text."""
        return all(term.holds(fold(getattr(trace, term.key))) for term in self.terms)

    def __bool__(self) -> bool:
        return bool(self.terms or self.scores)


def _tokens(text: str) -> Iterator[re.Match[str]]:
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match.end() == position:
            position += 1
            continue
        position = match.end()
        yield match


def _score(match: re.Match[str]) -> ScoreTerm | None:
    if match["key"] is not None:
        return None
    found = _SCORE.fullmatch(match["value"])
    return found and ScoreTerm(found["rubric"].lower(), found["sign"], float(found["limit"]), bool(match["sign"]))


def _term(match: re.Match[str], keys: tuple[str, ...] = KEYS) -> Term:
    key, raw, negated = match["key"], match["value"], bool(match["sign"])
    if key is None:
        # A lone dash looks for a dash.
        word = _unquote(raw) if raw else match["sign"]
        return Term(TEXT, (Wanted(fold(word)),), negated and bool(raw))
    if key.lower() not in (*keys, TEXT):
        raise BadInput(
            f"There is no field {key!r} to filter by.",
            hint=f'Fields: {", ".join(keys)}. To look for the words themselves, quote them: "{key}:…".',
        )
    wanted = tuple(_wanted(part) for part in _VALUE.findall(raw) if part)
    if not wanted:
        raise BadInput(f"Nothing is asked of {key}.", hint=f"For example {key}:leak or {key}:a,b.")
    return Term(key.lower(), wanted, negated)


def _wanted(part: str) -> Wanted:
    whole = part.startswith("=")
    return Wanted(fold(_unquote(part[whole:])), whole)


def _unquote(part: str) -> str:
    return part.replace('"', "")
