"""What clusters and scope look at: one answer as a text, a verdict and the facts that are known of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cockpit.detect.answer import refusal
from cockpit.domain.calls import CallTrace, Sign
from cockpit.domain.traces import failing, judged

EMPTY, NOTHING_ASKED, FOUND = "empty", "none", "found"
"""What can be said of the retrieval: nothing came back, nothing was looked for, something came back."""
SURE_ENOUGH = 0.8
"""A sign less certain than this makes no verdict."""

FACTS_OF_A_TRACE = ("prompt", "model", "route", "tenant", "tier", "config_id", "service", "finish", "session", "user")
FACTS_OF_A_ROW = ("prompt", "model", "route", "tenant", "arm", "session")


@dataclass(frozen=True, slots=True)
class Case:
    """One answer.

    Attributes:
        text: what came out (the error, else the answer), as it came from outside.
        verdict: what is wrong with it, in a word; empty where nobody judged it.
        facts: (name, value) of everything known; a name may come several times, as with tools.
    """

    id: str
    at: datetime
    text: str
    verdict: str = ""
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def failed(self) -> bool:
        """Whether it is known to have failed; what nobody judged counts as sound."""
        return failing(self.verdict)

    def values(self, name: str) -> tuple[str, ...]:
        """Return every value of one fact."""
        return tuple(value for fact, value in self.facts if fact == name)


class Row(Protocol):
    """What is read of a stored row; `cockpit.world.port.TraceRow` has it all."""

    @property
    def id(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def verdict(self) -> str: ...
    @property
    def text(self) -> str: ...


def case_of_row(row: Row) -> Case:
    """Read a row of an incident's trace store."""
    facts = ((name, str(getattr(row, name, ""))) for name in FACTS_OF_A_ROW)
    verdict = row.verdict if judged(row.verdict) else ""
    return Case(str(row.id), row.at, row.text, verdict, tuple(one for one in facts if one[1]))


def case_of(trace: CallTrace, verdict: str | None = None) -> Case:
    """Read a trace; its verdict is found by `verdict_of` unless it is known already."""
    text = trace.error or trace.answered or trace.asked
    found = verdict_of(trace) if verdict is None else verdict
    return Case(trace.id, trace.started, text, found, tuple(_facts(trace)))


def verdict_of(trace: CallTrace, signs: Iterable[Sign] = (), below: Mapping[str, float] | None = None) -> str:
    """Say in a word what is wrong with a trace; empty where nothing is known to be.

    In this order: the verdict recorded with it, an error, the surest sign of a detector, a score under its line. A
    refusal is none by itself, since many are right: only where an answer was expected (label `expect`).

    Args:
        below: the line of each rubric, on the recorder's own scale; scores without a line make no verdict.
    """
    if recorded := trace.labels.get("verdict", ""):
        return recorded
    if trace.error:
        return "error"
    meant = trace.labels.get("expect") != "answer"
    strong = [one for one in signs if one.certainty >= SURE_ENOUGH and not (meant and one.detector == refusal.NAME)]
    if strong:
        return max(strong, key=lambda one: one.certainty).detector
    low = (name for name, line in sorted((below or {}).items()) if trace.scores.get(name, line) < line)
    return next((f"low {name}" for name in low), "")


def _facts(trace: CallTrace) -> Iterator[tuple[str, str]]:
    for name in FACTS_OF_A_TRACE:
        if value := str(getattr(trace, name)):
            yield name, value
    if trace.requested_model and trace.model and trace.requested_model != trace.model:
        yield "requested_model", trace.requested_model
    yield "retrieval", FOUND if trace.chunks else EMPTY if trace.retrieved else NOTHING_ASKED
    for tool in sorted({use.name for use in trace.tools}):
        yield "tool", tool
    for tool in sorted({use.name for use in trace.tools if use.failed}):
        yield "failed_tool", tool
    if trace.error:
        yield "error", trace.error[:80]
