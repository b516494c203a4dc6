"""Filtering traces: the words a responder types, parsed once and matched anywhere.

`verdict:leak,wrong -tenant:acme "order number" refund` reads: the verdict contains leak or wrong, the tenant does
not contain acme, and the text contains both "order number" and refund. Case never matters; `key:=value` asks for
the whole value. Quote what has a colon or a space in it. `since:15m until:02:14` asks for a stretch of time, in UTC.
Archived traces have more fields, and judgements: `score.grounding<3` asks for those that were judged below 3.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cockpit.domain.clock import WallClock
from cockpit.domain.moments import EXAMPLES, moment
from cockpit.errors import BadInput

KEYS = ("verdict", "tenant", "route", "prompt", "model", "session", "arm")
ARCHIVED = (*KEYS, "user", "service", "source", "tier", "config_id", "tool", "error")
"""What archived traces can be filtered by."""
TEXT = "text"
SINCE, UNTIL, GROUP = "since", "until", "group"
"""Keys that ask for a stretch of time, and for a group that was found before."""
UNJUDGED = "·"
"""The verdict of a trace nobody judged yet."""

SOUND = frozenset({UNJUDGED, "", "ok", "static"})
"""Verdicts that say nothing bad."""
_TOKEN = re.compile(r'(?P<sign>-?)(?:(?P<key>[A-Za-z_]+):)?(?P<value>(?:"[^"]*"?|[^\s"])*)')
_SCORE = re.compile(r"score\.(?P<rubric>[^<>=\s]+?)(?P<sign><=|>=|<|>|=)(?P<limit>-?\d+(?:\.\d+)?)")
_VALUE = re.compile(r'((?:"[^"]*"?|[^,"])*)(?:,|$)')


class Filterable(Protocol):
    """What a filter looks at; `cockpit.world.port.TraceRow` has it all."""

    @property
    def id(self) -> int: ...
    @property
    def at(self) -> datetime: ...
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
    return verdict not in SOUND


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


class FilterError(BadInput):
    """A filter that can't be read; `start` and `end` are where in the text that was typed."""

    title = "That is no filter"

    def __init__(self, message: str, start: int, end: int, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.start, self.end = start, end


@dataclass(frozen=True, slots=True)
class TraceFilter:
    """All conditions a trace has to fulfil; without any, every trace does.

    Attributes:
        scores: only archived traces are asked for them.
        since, until: from this moment on, and before that one; None for no bound.
        ids: only these rows, in order; None for all.
    """

    terms: tuple[Term, ...] = ()
    scores: tuple[ScoreTerm, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    ids: tuple[int, ...] | None = None

    @classmethod
    def parse(
        cls,
        text: str,
        *,
        archived: bool = False,
        now: datetime | None = None,
        groups: Mapping[str, Collection[int]] | None = None,
    ) -> TraceFilter:
        """Read what a responder typed.

        Args:
            archived: allows what only archived traces have.
            now: what `since:15m` is counted from; the machine's clock where none is given.
            groups: rows by the name of a group, for `group:"name"`.

        Raises:
            FilterError: an unknown key, a key without a value, or a value that makes no sense.
        """
        return _Reading(archived, now or WallClock().now(), groups or {}).whole(text)

    def matches(self, trace: Filterable) -> bool:
        """Whether a trace fulfils every condition on its fields, its text and its time."""
        if not (self.spans(trace.at) and self.has(trace.id)):
            return False
        return all(term.holds(fold(getattr(trace, term.key))) for term in self.terms)

    def spans(self, at: datetime) -> bool:
        """Whether a moment is inside of the stretch of time."""
        return (self.since is None or at >= self.since) and (self.until is None or at < self.until)

    def has(self, trace: int) -> bool:
        """Whether a row is among those asked for."""
        if self.ids is None:
            return True
        place = bisect_left(self.ids, trace)
        return place < len(self.ids) and self.ids[place] == trace

    @property
    def is_timed(self) -> bool:
        """Whether a stretch of time is asked for."""
        return self.since is not None or self.until is not None

    def __bool__(self) -> bool:
        return bool(self.terms or self.scores or self.is_timed or self.ids is not None)


class _Reading:
    """One filter while it is read."""

    def __init__(self, archived: bool, now: datetime, groups: Mapping[str, Collection[int]]) -> None:
        self._archived = archived
        self._now = now
        self._groups = {_unquote(fold(name)): ids for name, ids in groups.items()}
        self._keys = (*(ARCHIVED if archived else KEYS), SINCE, UNTIL, *([GROUP] if groups else ()))

    def whole(self, text: str) -> TraceFilter:
        terms: list[Term] = []
        scores: list[ScoreTerm] = []
        since, until = list[datetime](), list[datetime]()
        ids: set[int] | None = None
        for match in _tokens(text):
            key = (match["key"] or "").lower()
            if self._archived and (score := _score(match)):
                scores.append(score)
            elif key in (SINCE, UNTIL):
                (since if key == SINCE else until).append(self._moment(match))
            elif key == GROUP and self._groups:
                named = self._named(match)
                ids = named if ids is None else ids & named
            else:
                terms.append(_term(match, self._keys))
        return TraceFilter(
            tuple(terms),
            tuple(scores),
            max(since, default=None),
            min(until, default=None),
            None if ids is None else tuple(sorted(ids)),
        )

    def _moment(self, match: re.Match[str]) -> datetime:
        key, told = match["key"].lower(), _unquote(match["value"])
        if match["sign"]:
            other = UNTIL if key == SINCE else SINCE
            raise _error(match, f"A moment can't be excluded with -{key}.", hint=f"Use {other}:{told}.")
        found = moment(told, self._now)
        if found is None:
            raise _error(
                match, f"{told!r} is no moment." if told else f"{key}: of when?", hint=f"Such as {EXAMPLES}."
            )
        return found

    def _named(self, match: re.Match[str]) -> set[int]:
        if match["sign"]:
            raise _error(match, "A group can't be excluded.")
        wanted = [one for one in map(_wanted, _VALUE.findall(match["value"])) if one.text]
        found = [ids for name, ids in self._groups.items() if any(one.holds(name) for one in wanted)]
        if not found:
            raise _error(match, "No group is called that.", hint="Look at the groups again.")
        return set().union(*found)


def _error(match: re.Match[str], message: str, *, hint: str = "") -> FilterError:
    return FilterError(message, match.start(), match.end(), hint=hint)


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
        raise _error(
            match,
            f"There is no field {key!r} to filter by.",
            hint=f'Fields: {", ".join(keys)}. To look for the words themselves, quote them: "{key}:…".',
        )
    wanted = tuple(_wanted(part) for part in _VALUE.findall(raw) if part)
    if not wanted:
        raise _error(match, f"Nothing is asked of {key}.", hint=f"For example {key}:leak or {key}:a,b.")
    return Term(key.lower(), wanted, negated)


def _wanted(part: str) -> Wanted:
    whole = part.startswith("=")
    return Wanted(fold(_unquote(part[whole:])), whole)


def _unquote(part: str) -> str:
    return part.replace('"', "")
