"""Filtering traces: the words a responder types, parsed once and matched anywhere.

`verdict:leak,wrong -tenant:acme "order number" refund` reads: the verdict contains leak or wrong, the tenant does
not contain acme, and the text contains both "order number" and refund. Case never matters; `key:=value` asks for
the whole value. Quote what has a colon or a space in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from cockpit.errors import BadInput

KEYS = ("verdict", "tenant", "route", "prompt", "model", "session", "arm")
TEXT = "text"
UNJUDGED = "·"
"""The verdict of a trace nobody judged yet."""

_SOUND = frozenset({UNJUDGED, "", "ok", "static"})
_TOKEN = re.compile(r'(?P<sign>-?)(?:(?P<key>[A-Za-z_]+):)?(?P<value>(?:"[^"]*"?|[^\s"])*)')
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
class TraceFilter:
    """All conditions a trace has to fulfil; without any, every trace does."""

    terms: tuple[Term, ...] = ()

    @classmethod
    def parse(cls, text: str) -> TraceFilter:
        """Read what a responder typed.

        Raises:
            BadInput: an unknown key, or a key without a value.
        """
        return cls(tuple(_term(match) for match in _tokens(text)))

    def matches(self, trace: Filterable) -> bool:
        """Whether a trace fulfils every condition."""
        return all(term.holds(fold(getattr(trace, term.key))) for term in self.terms)

    def __bool__(self) -> bool:
        return bool(self.terms)


def _tokens(text: str) -> Iterator[re.Match[str]]:
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match.end() == position:
            position += 1
            continue
        position = match.end()
        yield match


def _term(match: re.Match[str]) -> Term:
    key, raw, negated = match["key"], match["value"], bool(match["sign"])
    if key is None:
        # A lone dash looks for a dash.
        word = _unquote(raw) if raw else match["sign"]
        return Term(TEXT, (Wanted(fold(word)),), negated and bool(raw))
    if key.lower() not in (*KEYS, TEXT):
        raise BadInput(
            f"There is no field {key!r} to filter by.",
            hint=f'Fields: {", ".join(KEYS)}. To look for the words themselves, quote them: "{key}:…".',
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
