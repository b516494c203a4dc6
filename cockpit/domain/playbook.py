"""What a team agrees on in advance, as plain values: a profile, a decision tree, symptoms, classes and templates.

The values are read from cockpit/playbooks/*.yaml (or a team's own files); nothing here reads a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from cockpit.domain.legal import LegalClock
from cockpit.domain.levers import LeverSpec
from cockpit.domain.thresholds import Thresholds

Fact: TypeAlias = float | bool | str
"""One thing known about the incident: measured by a signal, or answered by a person."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison of a fact: `op` is one of == != >= <= > <; an unknown fact never holds."""

    fact: str
    op: str
    value: Fact

    def holds(self, facts: Mapping[str, Fact]) -> bool:
        """Tell whether the fact is known and compares as asked."""
        if self.fact not in facts:
            return False
        known, value = facts[self.fact], self.value
        if self.op in ("==", "!="):
            return (known == value) == (self.op == "==")
        if isinstance(known, str) or isinstance(value, str):
            return False
        return {">=": known >= value, "<=": known <= value, ">": known > value, "<": known < value}[self.op]


@dataclass(frozen=True, slots=True)
class SeverityRule:
    """One line of the rubric; it fires when all its conditions hold.

    `floor` marks the security boundary: once fired, nobody may call the incident milder than `severity`.
    """

    id: str
    severity: str
    text: str
    when: tuple[Condition, ...]
    floor: bool = False


@dataclass(frozen=True, slots=True)
class IncidentClass:
    """One class of LLM incident with its containment advice; `levers` in the order to try them.

    `covers` are the ids of finer classes, in other profiles, that this one stands for.
    """

    id: str
    title: str
    sign: str
    advice: str
    levers: tuple[str, ...]
    layer: str = ""
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Symptom:
    """One row of the symptom table; `signals` are the metrics that open it."""

    id: str
    symptom: str
    cause: str
    first_step: str
    signals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to a question: where it leads, what it advises, and the facts it puts on record."""

    answer: str
    label: str
    then: str = ""
    advice: str = ""
    levers: tuple[str, ...] = ()
    asserts: Mapping[str, Fact] | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One node of the decision tree; `evidence` names the facts and signals to look at before answering."""

    id: str
    text: str
    options: tuple[Option, ...]
    evidence: tuple[str, ...] = ()

    def option(self, answer: str) -> Option | None:
        """Find the option of an answer."""
        return next((option for option in self.options if option.answer == answer), None)


@dataclass(frozen=True, slots=True)
class UpdateTemplate:
    """A prepared update: `text` holds $placeholders that are filled from the state."""

    audience: str
    state: str
    text: str


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often people are told, in seconds: `first` after declaring, then `every`.

    `severities` are those that ask for it; none named means all.
    """

    first_s: float
    every_s: float
    severities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """Where teams differ: scale, triggers, targets, cadence, classes, order and rules of command.

    Attributes:
        scale: severities, the worst first.
        targets_s: seconds from page to containment asked for by severity.
        order: (before, after) milestone or action names; see `cockpit.drill.score.order`; `order_by_severity` adds
            pairs that hold at one severity only.
        many_hats: whether one person may hold several roles.
        proof_last: answers on the wire that must carry a pull's configuration before it counts as proven.
        contain_window_s: how long the harm signals must stay under their lines.
        canary_percent, canary_watch_s: the first share on re-opening and how long it is watched.
        detect: the lines of the detectors.
    """

    name: str
    title: str
    source: str
    scale: tuple[str, ...]
    rules: tuple[SeverityRule, ...]
    targets_s: Mapping[str, float]
    cadence: Cadence
    classes: tuple[IncidentClass, ...]
    order: tuple[tuple[str, str], ...]
    postmortem_due_s: float
    many_hats: bool = True
    proof_last: int = 100
    contain_window_s: float = 120.0
    canary_percent: float = 5.0
    canary_watch_s: float = 1200.0
    order_by_severity: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    detect: Thresholds = field(default_factory=Thresholds)

    def order_for(self, severity: str) -> tuple[tuple[str, str], ...]:
        """Return the order pairs that hold at a severity."""
        return (*self.order, *self.order_by_severity.get(severity, ()))

    def worse(self, one: str, other: str) -> bool:
        """Tell whether `one` is more severe than `other`."""
        return self.scale.index(one) < self.scale.index(other)

    def find_class(self, name: str) -> IncidentClass | None:
        """Find a class by id."""
        return next((entry for entry in self.classes if entry.id == name), None)

    def class_for(self, name: str) -> IncidentClass | None:
        """Find the class that is, or that covers, a class of another profile."""
        return self.find_class(name) or next((entry for entry in self.classes if name in entry.covers), None)


@dataclass(frozen=True, slots=True)
class Playbook:
    """Everything a team brings to an incident."""

    profile: Profile
    questions: Mapping[str, Question]
    root: str
    symptoms: tuple[Symptom, ...]
    levers: tuple[LeverSpec, ...]
    templates: tuple[UpdateTemplate, ...]
    layers: tuple[str, ...] = ("model", "prompt", "retrieval", "tool", "infra")
    clocks: tuple[LegalClock, ...] = ()

    def lever(self, name: str) -> LeverSpec | None:
        """Find a lever by name."""
        return next((spec for spec in self.levers if spec.name == name), None)

    def template(self, audience: str, state: str) -> UpdateTemplate | None:
        """Find the template for an audience and a state."""
        return next((one for one in self.templates if (one.audience, one.state) == (audience, state)), None)
