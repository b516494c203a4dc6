"""Station 2: the decision tree, characterising, scope, hypotheses, evidence, pins and notes."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from cockpit.domain.events import Kind, NewEvent, canonical
from cockpit.domain.triage import walk
from cockpit.session.action import Action, Context
from cockpit.session.rules import all_of, open_still, paged

STATUSES = ("open", "supported", "refuted")


@dataclass(frozen=True, slots=True)
class AnswerQuestion:
    """An answer to a question of the decision tree, and what was looked at."""

    question: str
    answer: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Characterise:
    """Since when, what fraction (0…1), what shape, how many of three examples reproduce, what changed."""

    since: str = ""
    fraction: float | None = None
    shape: str = ""
    reproducible: str = ""
    changed: str = ""


@dataclass(frozen=True, slots=True)
class SetScope:
    """Which routes, prompt version and tenants are hit."""

    routes: list[str] = field(default_factory=list)
    prompt: str = ""
    tenants: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SetHypothesis:
    """A guess at the cause and how it stands: open, supported or refuted."""

    hypothesis: str
    status: str = "open"


@dataclass(frozen=True, slots=True)
class PinTrace:
    """The id of a trace, and why it matters."""

    trace: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A line for the timeline; `at` (ISO-8601 with a zone) when it happened earlier than it is written."""

    text: str
    at: datetime | None = None


def _reachable(context: Context, arguments: AnswerQuestion | None) -> str:
    if arguments is None:
        return ""
    steps = {step.question.id: step.question for step in walk(context.playbook, context.state.triage.answers)}
    if arguments.question not in context.playbook.questions:
        return f"there is no question {arguments.question!r}: {', '.join(context.playbook.questions)}"
    if arguments.question not in steps:
        return f"{arguments.question!r} is not on the way yet: answer {list(steps)[-1]!r} first"
    question = steps[arguments.question]
    if question.option(arguments.answer) is None:
        return (
            f"{arguments.answer!r} is no answer to {question.id!r}: {', '.join(o.answer for o in question.options)}"
        )
    return ""


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _answer(context: Context, arguments: AnswerQuestion) -> list[NewEvent]:
    facts = context.facts()
    question = context.playbook.questions[arguments.question]
    seen = ", ".join(f"{name} {_plain(facts[name])}" for name in question.evidence if name in facts)
    return [
        context.event(
            Kind.QUESTION_ANSWERED,
            question=arguments.question,
            answer=arguments.answer,
            evidence=arguments.evidence or seen,
        )
    ]


def _something(context: Context, arguments: Characterise | SetScope | None) -> str:
    if arguments is None or any(value not in ("", None, []) for value in asdict(arguments).values()):
        return ""
    return "nothing was said: give at least one of " + ", ".join(asdict(arguments))


def _share(context: Context, arguments: Characterise | None) -> str:
    if arguments is None or arguments.fraction is None or 0 <= arguments.fraction <= 1:
        return ""
    return f"a fraction lies between 0 and 1, not {arguments.fraction:g}"


def _characterise(context: Context, arguments: Characterise) -> list[NewEvent]:
    return [context.event(Kind.CHARACTERISED, **asdict(arguments))]


def _scope(context: Context, arguments: SetScope) -> list[NewEvent]:
    given = {key: value for key, value in asdict(arguments).items() if value}
    return [context.event(Kind.SCOPE_SET, **given)]


def _status_known(context: Context, arguments: SetHypothesis | None) -> str:
    if arguments is None or arguments.status in STATUSES:
        return ""
    return f"a hypothesis is {', '.join(STATUSES)}, not {arguments.status!r}"


def _hypothesis(context: Context, arguments: SetHypothesis) -> list[NewEvent]:
    return [context.event(Kind.HYPOTHESIS_SET, **asdict(arguments))]


def _freeze(context: Context, _: Any) -> list[NewEvent]:
    held = dict(context.world.snapshot(context.now))
    digest = hashlib.sha256(canonical(held).encode("ascii")).hexdigest()
    return [context.event(Kind.EVIDENCE_FROZEN, digest=digest, held=held)]


def _pin(context: Context, arguments: PinTrace) -> list[NewEvent]:
    detail = context.world.trace(arguments.trace, context.now)
    verdict = detail.row.verdict if detail else ""
    return [context.event(Kind.TRACE_PINNED, trace=arguments.trace, verdict=verdict, note=arguments.note)]


def _trace_known(context: Context, arguments: PinTrace | None) -> str:
    if arguments is None:
        return ""
    if any(pin.trace == arguments.trace for pin in context.state.pins):
        return f"trace {arguments.trace} is pinned already"
    known_trace = context.world.trace(arguments.trace, context.now)
    return "" if known_trace else f"there is no trace {arguments.trace} yet"


def _said(context: Context, arguments: Note | None) -> str:
    if arguments is None:
        return ""
    if not arguments.text.strip():
        return "an empty note says nothing"
    if arguments.at and arguments.at.tzinfo is None:
        return "the time of a note needs its zone (for instance 2026-06-12T02:11:00Z)"
    return "a note can't be about the future" if arguments.at and arguments.at > context.now else ""


def _note(context: Context, arguments: Note) -> list[NewEvent]:
    event = context.event(Kind.NOTED, text=arguments.text)
    if arguments.at is None:
        return [event]
    return [NewEvent(event.kind, arguments.at, event.actor, event.source, event.payload)]


ACTIONS = (
    Action(
        "answer", "Answer", "Answer the question the decision tree asks; every answer can be given again.",
        "after the page, for a question that the answers so far lead to", 2,
        all_of(paged, _reachable), _answer, AnswerQuestion, needs=("question", "answer"),
    ),
    Action(
        "characterise", "Characterise", "Since when, what fraction, what shape, reproducible, what changed.",
        "after the page, until the all-clear", 2, all_of(paged, _something, _share), _characterise, Characterise,
        needs=("since",),
    ),
    Action(
        "set_scope", "Set the scope", "Which routes, prompt version and tenants are hit.",
        "after the page, until the all-clear", 2, all_of(paged, _something), _scope, SetScope, needs=("routes",),
    ),
    Action(
        "set_hypothesis", "Hypothesis", "Write down a guess at the cause, and how it stands.",
        "after the page, until the all-clear", 2, all_of(paged, _status_known), _hypothesis, SetHypothesis,
        needs=("hypothesis",),
    ),
    Action(
        "freeze_evidence", "Freeze evidence",
        "Keep the configuration, the signals and the worst traces as they are now, before a lever changes them.",
        "after the page, until the all-clear", 2, paged, _freeze, keys=("e",),
    ),
    Action(
        "pin_trace", "Pin a trace", "Put a trace on the timeline.", "for a trace that is not pinned yet", 2,
        all_of(open_still, _trace_known), _pin, PinTrace, needs=("trace",),
    ),
    Action(
        "note", "Note", "Write a line into the timeline, back-dated if need be.", "while the incident is open", 4,
        all_of(open_still, _said), _note, Note, ("n",), ("text",),
    ),
)  # fmt: skip
