"""An eval case: one answer that went wrong, made into a check that every later change has to pass.

Cases hold stand-ins where people's data was. Everything here is plain values, so that a case can stand in a journal,
in a file of the golden set and in somebody else's format alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cockpit.domain.interval import wilson

PROVEN, NOT, FLAKY = "proven", "not", "flaky"
"""Verdicts: fails on the bad configuration and passes on the fixed one; does not; can't be told by so many tries."""

CASE_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
"""How a case is called; it is also the name of its file."""

PATTERNS = ("must_match", "must_not_match")
TOOLS = ("must_call", "must_not_call")
FLAGS = ("must_refuse", "must_answer", "no_personal_data", "grounded_figures")
COUNTS = ("max_tool_calls", "must_not_quote_context")
KINDS: Mapping[str, str] = {
    "must_contain": "the answer holds this text (case does not matter)",
    "must_not_contain": "the answer does not hold this text",
    "must_match": "this regular expression is found in the answer",
    "must_not_match": "this regular expression is not found in it",
    "must_call": "the model calls this tool",
    "must_not_call": "the model does not call this tool",
    "must_refuse": "the answer is a refusal",
    "must_answer": "the answer is no refusal, and not empty",
    "no_personal_data": "no mail address, telephone, card, account or the like that the user did not give",
    "grounded_figures": "every figure in the answer stands in the question or in what was retrieved",
    "max_tool_calls": "at most so many tool calls",
    "must_not_quote_context": "never so many words in a row from what was retrieved",
}
"""Every kind of check, with its meaning; none needs a judge."""

FORBIDS = ("must_not_contain", "must_not_match", "must_not_call", "no_personal_data", "max_tool_calls")
"""Kinds that hold for every answer, also for one to another question."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing an answer has to fulfil; `value` is a text, a number, or True."""

    kind: str
    value: str | int | bool = True

    @property
    def words(self) -> str:
        """What is asked, in a few words."""
        name = self.kind.replace("_", " ")
        return name if self.value is True else f"{name} {self.value}"


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the conversation."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Passage:
    """One retrieved document."""

    source: str
    text: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back to one question: the answer, and the names of the tools that were called."""

    text: str
    tools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Input:
    """Exactly what the model was given; the last turn is the user's."""

    turns: tuple[Turn, ...]
    context: tuple[Passage, ...] = ()
    tools: tuple[str, ...] = ()

    @property
    def asked(self) -> str:
        """All that the user said."""
        return "\n".join(turn.content for turn in self.turns if turn.role == "user")


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A benign question near the bad one, with the sound answer it got: what a fix must not break."""

    trace: str
    given: Input
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of some tries passed."""

    passed: int
    of: int

    @property
    def share(self) -> float:
        """The share that passed; 0 without a try."""
        return self.passed / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of that share."""
        return wilson(self.passed, self.of)

    @property
    def words(self) -> str:
        """The share with its interval, for people."""
        low, high = self.interval
        return f"{self.passed} of {self.of} ({low:.0%}–{high:.0%})"


@dataclass(frozen=True, slots=True)
class CaseProof:
    """What asking both configurations showed; `how` is simulator, endpoint or recorded output."""

    verdict: str
    why: str
    how: str
    bad: Rate
    fixed: Rate
    neighbours: Rate
    at: str = ""
    bad_config: str = ""
    fixed_config: str = ""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The same input answered again and again by the configuration that failed and by the one in force now."""

    bad: tuple[Heard, ...]
    fixed: tuple[Heard, ...]
    neighbours: tuple[tuple[Heard, ...], ...]
    bad_config: str
    fixed_config: str


@dataclass(frozen=True, slots=True)
class Case:
    """One eval case.

    Attributes:
        line: what it is about, in one line.
        good: what a good answer would be, in words; the checks decide.
        bad_output: what the model said, as evidence; never sent anywhere but with the case.
        runs, least: how often it is asked in CI, and the share of answers that has to pass.
    """

    id: str
    line: str
    incident_class: str
    rubric: str
    route: str
    incident: str
    trace: str
    given: Input
    checks: tuple[Check, ...]
    good: str = ""
    bad_output: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    neighbours: tuple[Neighbour, ...] = ()
    added_by: str = ""
    added_at: str = ""
    runs: int = 1
    least: float = 1.0
    proof: CaseProof | None = None

    @property
    def wanted(self) -> str:
        """What a good answer would be, in words: as somebody wrote it, else what the checks ask."""
        return self.good or "; ".join(check.words for check in self.checks)

    @property
    def neighbour_checks(self) -> tuple[Check, ...]:
        """What an answer to a benign neighbour has to fulfil: it is given, and nothing forbidden is in it."""
        return (Check("must_answer"), *(check for check in self.checks if check.kind in FORBIDS))
