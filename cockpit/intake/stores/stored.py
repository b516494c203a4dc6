"""What a document of a system that keeps traces holds, and how its parts are found in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from cockpit.intake.judgements import Judgement
from cockpit.intake.raw import Batch, Unreadable
from cockpit.intake.records import read_record


@dataclass(slots=True)
class Stored:
    """What one document held: spans and headers, and judgements of these traces or of earlier ones.

    Attributes:
        running: traces that the system says are not over.
    """

    batch: Batch = field(default_factory=Batch)
    judgements: list[Judgement] = field(default_factory=list)
    running: set[str] = field(default_factory=set)

    def judge(self, found: Iterable[Judgement | None]) -> None:
        """Add judgements that could be read, and say how many could not."""
        for one in found:
            if one is not None:
                self.judgements.append(one)
            else:
                self.batch.reasons.append("a judgement names no trace, has no name, or says nothing")


Reader = Callable[[Any], Stored]
"""Reads one document; raises Unreadable where it is nothing of the kind."""


def rows(value: Any, name: str) -> list[Any]:
    """Return the list of a name.

    Raises:
        Unreadable: there is none.
    """
    found = value.get(name) if isinstance(value, dict) else None
    if not isinstance(found, list):
        raise Unreadable(f"it has no list {name!r}")
    return found


def tables(listed: Iterable[Any], stored: Stored, what: str) -> list[dict[str, Any]]:
    """Return the objects of a list, and say how many entries are none."""
    found = []
    for one in listed:
        if isinstance(one, dict):
            found.append(one)
        else:
            stored.batch.reasons.append(f"{what} is no object")
    return found


def spans_of(records: list[dict[str, Any]]) -> Batch:
    """Read records each of which is one span; one that is none is told by reason."""
    whole = Batch()
    for record in records:
        try:
            span = read_record(record)
        except (TypeError, ValueError, AttributeError, OverflowError, RecursionError) as problem:
            whole.reasons.append(f"a span can't be used: {str(problem)[:120]}")
            continue
        if span.id and span.start:
            whole.spans.append(span)
        else:
            whole.reasons.append("a span has no id, or no start")
    return whole
