"""Station 2: the decision tree as it has been walked, and the facts that people's answers put on record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cockpit.domain.incident import Answer, IncidentState
from cockpit.domain.playbook import Fact, Option, Playbook, Question, Symptom


@dataclass(frozen=True, slots=True)
class Step:
    """One question on the way through the tree; `option` is None where the person stands now."""

    question: Question
    depth: int
    answer: Answer | None
    option: Option | None


def walk(playbook: Playbook, answers: Mapping[str, Answer]) -> Iterator[Step]:
    """Follow the answers from the root to the question that is open, or to the tree's end."""
    name, seen = playbook.root, set[str]()
    while name and name not in seen:
        seen.add(name)
        question = playbook.questions[name]
        answer = answers.get(name)
        option = question.option(answer.answer) if answer else None
        yield Step(question, len(seen) - 1, answer, option)
        name = option.then if option else ""


def open_question(playbook: Playbook, answers: Mapping[str, Answer]) -> Question | None:
    """Return the question that waits for an answer, or None at the end of the tree."""
    last = list(walk(playbook, answers))[-1]
    return last.question if last.option is None else None


def advised_levers(playbook: Playbook, state: IncidentState) -> tuple[str, ...]:
    """Return the levers that the answers and the class advise, the first the most urgent."""
    steps = [step for step in walk(playbook, state.triage.answers) if step.option]
    from_tree = [lever for step in reversed(steps) if step.option for lever in step.option.levers]
    kind = playbook.profile.find_class(state.triage.incident_class)
    return tuple(dict.fromkeys([*from_tree, *(kind.levers if kind else ())]))


def facts_on_record(playbook: Playbook, state: IncidentState) -> dict[str, Fact]:
    """Collect what people have answered, as facts for the severity rubric."""
    facts: dict[str, Fact] = {}
    for step in walk(playbook, state.triage.answers):
        if step.option and step.option.asserts:
            facts.update(step.option.asserts)
    if state.triage.incident_class:
        facts["class"] = state.triage.incident_class
    return facts


def symptoms_for(playbook: Playbook, signal: str) -> tuple[Symptom, ...]:
    """Return the rows of the symptom table that a signal opens."""
    return tuple(row for row in playbook.symptoms if signal in row.signals)
