"""Judgements of traces as systems keep them beside the spans: numbers become scores, words become labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cockpit.intake.values import moment, number, word

JUDGED = "judged."
"""Before the name of a judgement in words, so that it is taken for no label of the cockpit's own."""
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What somebody said of one trace, under one name: a number, words, or both."""

    trace: str
    name: str
    value: float | None = None
    words: str = ""
    at: datetime = _LONG_AGO


@dataclass(frozen=True, slots=True)
class Judged:
    """All that was said of one trace; of judgements of one name the last counts."""

    scores: Mapping[str, float]
    labels: Mapping[str, str]

    @classmethod
    def of(cls, judgements: Iterable[Judgement]) -> Judged:
        """Put the judgements of one trace together."""
        scores, labels = dict[str, float](), dict[str, str]()
        for one in sorted(judgements, key=lambda one: one.at):
            if one.value is not None:
                scores[one.name] = one.value
            if one.words:
                labels[JUDGED + one.name] = one.words
        return cls(scores, labels)


def judgement(trace: str, name: Any, value: Any, words: Any = "", at: Any = None) -> Judgement | None:
    """Read one judgement; None where it names no trace, has no name, or says nothing.

    Yes and no count as 1 and 0.
    """
    told = word(words)
    if isinstance(value, bool):
        value = float(value)
    found = number(value) if not isinstance(value, str) else None
    if isinstance(value, str) and not told:
        told = word(value)
    if not trace or not word(name) or (found is None and not told):
        return None
    return Judgement(trace, word(name), found, told, moment(at) or _LONG_AGO)
