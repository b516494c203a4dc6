"""A failing trace beside a passing one: what differs, as data for a screen. Text in it is as it came from outside."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from cockpit.domain.calls import CallTrace, Chunk, Message, ToolUse

SAME, MISSING, ADDED, CHANGED = "same", "missing", "added", "changed"
"""How the failing side stands to the passing one: `missing` is what only the passing one has."""
MOST_WORDS = 1_200
"""Words of a text that are compared; comparing takes the square of it."""
MOST_PIECES = 200
"""Messages, chunks and tool calls that are compared."""
SCORE_MOVED = 1e-9
"""Scores farther apart than this are said to differ."""

FIELDS = ("prompt", "model", "requested_model", "route", "tenant", "tier", "config_id", "service", "finish", "error")
_PIECE = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Field:
    """A value that may differ; empty where a side has none."""

    name: str
    failing: str
    passing: str

    @property
    def differs(self) -> bool:
        """Whether the sides differ."""
        return self.failing != self.passing


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of text: what stands there on each side."""

    how: str
    failing: str
    passing: str


@dataclass(frozen=True, slots=True)
class TextContrast:
    """Two texts word by word.

    Attributes:
        about: the message's role, or `answer`.
        cut: whether only their beginnings were compared; the rest is in neither.
    """

    about: str
    marks: tuple[Mark, ...]
    cut: bool = False

    @property
    def differs(self) -> bool:
        """Whether the sides differ, as far as they were compared."""
        return any(one.how != SAME for one in self.marks)


@dataclass(frozen=True, slots=True)
class ChunkContrast:
    """One retrieved document on both sides; None where a side does not have it.

    Attributes:
        tenant: another tenant that its source or text names; empty where none is known to be.
        moved: the failing side's score less the passing one's, where both have one.
    """

    how: str
    source: str
    failing: Chunk | None
    passing: Chunk | None
    tenant: str = ""
    moved: float | None = None


@dataclass(frozen=True, slots=True)
class ToolContrast:
    """One tool call on both sides; None where a side did not make it."""

    how: str
    name: str
    failing: ToolUse | None
    passing: ToolUse | None


@dataclass(frozen=True, slots=True)
class Contrast:
    """Everything that can be held side by side; `fields`, `parameters` and `texts` hold what is the same as well."""

    fields: tuple[Field, ...]
    parameters: tuple[Field, ...]
    chunks: tuple[ChunkContrast, ...]
    tools: tuple[ToolContrast, ...]
    texts: tuple[TextContrast, ...]


def contrast(failing: CallTrace, passing: CallTrace, tenants: Collection[str] = ()) -> Contrast:
    """Hold a failing trace against a passing one.

    Args:
        tenants: names of tenants; a chunk that names one other than the failing trace's own is marked with it.
    """
    others = [one for one in tenants if one and one.lower() != failing.tenant.lower()]
    return Contrast(
        tuple(Field(name, str(getattr(failing, name)), str(getattr(passing, name))) for name in FIELDS),
        tuple(_parameters(failing.parameters, passing.parameters)),
        tuple(_chunks(failing.chunks[:MOST_PIECES], passing.chunks[:MOST_PIECES], others)),
        tuple(_tools(failing.tools[:MOST_PIECES], passing.tools[:MOST_PIECES])),
        (*_messages(failing.messages, passing.messages), _marked("answer", failing.answered, passing.answered)),
    )


def mark_words(failing: str, passing: str) -> tuple[tuple[Mark, ...], bool]:
    """Mark two texts word by word; the second value says whether only their beginnings were compared."""
    here, there = _PIECE.findall(failing), _PIECE.findall(passing)
    cut = len(here) > MOST_WORDS or len(there) > MOST_WORDS
    here, there = here[:MOST_WORDS], there[:MOST_WORDS]
    marks = []
    for kind, first, last, start, end in SequenceMatcher(None, here, there, autojunk=False).get_opcodes():
        how = {"equal": SAME, "delete": ADDED, "insert": MISSING, "replace": CHANGED}[kind]
        marks.append(Mark(how, "".join(here[first:last]), "".join(there[start:end])))
    return tuple(marks), cut


def _marked(about: str, failing: str, passing: str) -> TextContrast:
    return TextContrast(about, *mark_words(failing, passing))


def _parameters(failing: Mapping[str, Any], passing: Mapping[str, Any]) -> Iterator[Field]:
    for name in sorted({*failing, *passing}):
        yield Field(name, *(str(side[name]) if name in side else "" for side in (failing, passing)))


def _messages(failing: Sequence[Message], passing: Sequence[Message]) -> Iterator[TextContrast]:
    """Pair messages of one role in their order, so that one turn more on a side does not shift all others."""
    roles = dict.fromkeys(one.role for one in (*failing[:MOST_PIECES], *passing[:MOST_PIECES]))
    for role in roles:
        sides = ([one.text for one in side[:MOST_PIECES] if one.role == role] for side in (failing, passing))
        for here, there in zip_longest(*sides, fillvalue=""):
            yield _marked(role, here, there)


def _chunks(failing: Sequence[Chunk], passing: Sequence[Chunk], others: Sequence[str]) -> Iterator[ChunkContrast]:
    left = list(passing)
    for one in failing:
        twin = _twin(one, left)
        if twin is not None:
            left.remove(twin)
        moved = one.score - twin.score if twin and one.score is not None and twin.score is not None else None
        altered = twin is not None and (twin.text != one.text or abs(moved or 0.0) > SCORE_MOVED)
        how = ADDED if twin is None else CHANGED if altered else SAME
        yield ChunkContrast(how, one.source, one, twin, _names(one, others), moved)
    for one in left:
        yield ChunkContrast(MISSING, one.source, None, one, _names(one, others))


def _twin(one: Chunk, left: Sequence[Chunk]) -> Chunk | None:
    same = (other for other in left if other.text == one.text and other.source == one.source)
    named = (other for other in left if one.source and other.source == one.source)
    worded = (other for other in left if one.text and other.text == one.text)
    return next(same, None) or next(named, None) or next(worded, None)


def _names(chunk: Chunk, others: Sequence[str]) -> str:
    text = f"{chunk.source}\n{chunk.text}".lower()
    found = (one for one in others if re.search(rf"(?<!\w){re.escape(one.lower())}(?!\w)", text))
    return next(found, "")


def _tools(failing: Sequence[ToolUse], passing: Sequence[ToolUse]) -> Iterator[ToolContrast]:
    names = ([one.name for one in failing], [one.name for one in passing])
    for kind, first, last, start, end in SequenceMatcher(None, *names, autojunk=False).get_opcodes():
        for here, there in zip_longest(failing[first:last], passing[start:end]):
            if here and there and kind == "equal":
                yield ToolContrast(SAME if here == there else CHANGED, here.name, here, there)
                continue
            if here:
                yield ToolContrast(ADDED, here.name, here, None)
            if there:
                yield ToolContrast(MISSING, there.name, None, there)
