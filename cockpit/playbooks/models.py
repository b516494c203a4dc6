"""The shape of the playbook files, for validation; `value()` gives the plain values of `cockpit.domain.playbook`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from cockpit.domain.facts import ASSERTED, FACTS
from cockpit.domain.filling import PLACEHOLDERS
from cockpit.domain.levers import Lever, LeverSpec
from cockpit.domain.parts import AUDIENCES, UPDATE_STATES
from cockpit.domain.playbook import (
    Cadence,
    Condition,
    Fact,
    IncidentClass,
    Option,
    Profile,
    Question,
    SeverityRule,
    Symptom,
    UpdateTemplate,
)
from cockpit.domain.steps import STEPS
from cockpit.playbooks.detect import DetectFile
from cockpit.playbooks.reading import suggest
from cockpit.playbooks.spans import Span

LAYERS = ("model", "prompt", "retrieval", "tool", "infra")

_CONDITION = re.compile(r"\s*([a-z_0-9]+)\s*(==|!=|>=|<=|>|<)\s*(\S(?:.*\S)?)\s*")
_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,12})?")


def _known(what: str, names: Iterable[str]) -> Callable[[str], str]:
    allowed = tuple(map(str, names))

    def check(word: str) -> str:
        if word not in allowed:
            raise ValueError(f"{what} {word!r} does not exist; {suggest(word, allowed)}")
        return word

    return check


def _condition(value: Any) -> Condition:
    found = _CONDITION.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise ValueError("write a condition as `fact comparison value`, such as `cost_ratio > 10`")
    fact = _known("the fact", FACTS)(found[1])
    right = _operand(found[3])
    if isinstance(right, bool | str) and found[2] not in ("==", "!="):
        raise ValueError(f"{found[2]} needs a number on its right")
    return Condition(fact, found[2], right)


def _pair(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _operand(text: str) -> Fact:
    if text in ("true", "false"):
        return text == "true"
    return float(text) if _NUMBER.fullmatch(text) else text


def _unique(values: Iterable[str], what: str) -> None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise ValueError(f"the {what} {value!r} is there twice")
        seen.add(value)


LeverName = Annotated[str, AfterValidator(_known("the lever", tuple(Lever)))]
LayerName = Annotated[str, AfterValidator(_known("the layer", LAYERS))]
FactName = Annotated[str, AfterValidator(_known("the fact", FACTS))]
StepName = Annotated[str, AfterValidator(_known("the milestone or action", STEPS))]
Name = Annotated[str, Field(pattern=r"^[a-zA-Z][a-zA-Z0-9_-]{0,39}$")]
Words = Annotated[str, Field(min_length=1, max_length=400)]
ConditionText = Annotated[Condition, BeforeValidator(_condition)]
Pair = Annotated[tuple[StepName, StepName], BeforeValidator(_pair)]


class Strict(BaseModel):
    """What all files share: nothing unknown, nothing converted on the quiet."""

    model_config = ConfigDict(extra="forbid", strict=True, arbitrary_types_allowed=True)


class RuleFile(Strict):
    """One line of the rubric."""

    id: Name
    severity: str
    text: Words
    when: list[ConditionText] = Field(min_length=1)
    floor: bool = False

    def value(self) -> SeverityRule:
        """Return the plain value."""
        return SeverityRule(self.id, self.severity, self.text, tuple(self.when), self.floor)


class ClassFile(Strict):
    """One incident class."""

    id: Name
    title: Words
    sign: Words
    advice: Words
    levers: list[LeverName]
    layer: LayerName | Literal[""] = ""
    covers: list[Name] = []

    def value(self) -> IncidentClass:
        """Return the plain value."""
        return IncidentClass(
            self.id, self.title, self.sign, self.advice, tuple(self.levers), self.layer, tuple(self.covers)
        )


class CadenceFile(Strict):
    """How often people are told."""

    first: Span
    every: Span
    severities: list[str] = []


class CanaryFile(Strict):
    """How a closed feature is opened again."""

    percent: Annotated[float, Field(gt=0, le=100)] = 5.0
    watch: Span = 1200.0


class ProfileFile(Strict):
    """One profile."""

    name: Name
    title: Words
    source: Words
    scale: list[Name] = Field(min_length=2, max_length=6)
    rules: list[RuleFile]
    targets: dict[str, Span]
    cadence: CadenceFile
    classes: list[ClassFile]
    order: list[Pair]
    order_by_severity: dict[str, list[Pair]] = {}
    postmortem_due: Span
    many_hats: bool
    proof_last: Annotated[int, Field(ge=1, le=10_000)] = 100
    contain_window: Span = 120.0
    canary: CanaryFile = CanaryFile()
    detect: DetectFile = DetectFile()

    @model_validator(mode="after")
    def check_severities(self) -> ProfileFile:
        """Hold every severity that is named against the scale."""
        named = [rule.severity for rule in self.rules] + [*self.cadence.severities, *self.order_by_severity]
        for severity in [*named, *self.targets]:
            _known("the severity", self.scale)(severity)
        if missing := [severity for severity in self.scale if severity not in self.targets]:
            raise ValueError(f"no target for {missing[0]}")
        _unique(self.scale, "severity")
        _unique((rule.id for rule in self.rules), "rule")
        _unique((one.id for one in self.classes), "class")
        return self

    def value(self) -> Profile:
        """Return the plain value."""
        return Profile(
            name=self.name,
            title=self.title,
            source=self.source,
            scale=tuple(self.scale),
            rules=tuple(rule.value() for rule in self.rules),
            targets_s=dict(self.targets),
            cadence=Cadence(self.cadence.first, self.cadence.every, tuple(self.cadence.severities)),
            classes=tuple(one.value() for one in self.classes),
            order=tuple(self.order),
            postmortem_due_s=self.postmortem_due,
            many_hats=self.many_hats,
            proof_last=self.proof_last,
            contain_window_s=self.contain_window,
            canary_percent=self.canary.percent,
            canary_watch_s=self.canary.watch,
            order_by_severity={severity: tuple(pairs) for severity, pairs in self.order_by_severity.items()},
            detect=self.detect.value(),
        )


class LeverFile(Strict):
    """One lever."""

    name: LeverName
    rung: int = Field(ge=1, le=8)
    title: Words
    what: Words
    plain: str = Field(default="", max_length=120)
    destructive: bool = False
    closes: bool = False

    def value(self) -> LeverSpec:
        """Return the plain value."""
        return LeverSpec(self.name, self.rung, self.title, self.what, self.destructive, self.closes, self.plain)


class LeversFile(Strict):
    """The ladder."""

    levers: list[LeverFile]

    @model_validator(mode="after")
    def check_unique(self) -> LeversFile:
        """Refuse a lever or a rung of the ladder that is there twice, and a ladder with a gap in it."""
        _unique((lever.name for lever in self.levers), "lever")
        _unique((f"rung {lever.rung}" for lever in self.levers if lever.rung < 8), "place")
        if missing := [str(lever) for lever in Lever if all(one.name != lever for one in self.levers)]:
            raise ValueError(f"the lever {missing[0]!r} is missing")
        return self

    def value(self) -> tuple[LeverSpec, ...]:
        """Return the plain values, the lowest rung first."""
        return tuple(sorted((lever.value() for lever in self.levers), key=lambda lever: lever.rung))


class OptionFile(Strict):
    """One answer to a question."""

    answer: Name
    label: Words
    then: str = ""
    advice: Words
    levers: list[LeverName] = []
    asserts: dict[FactName, Fact] = {}

    def value(self) -> Option:
        """Return the plain value."""
        return Option(self.answer, self.label, self.then, self.advice, tuple(self.levers), dict(self.asserts))

    @model_validator(mode="after")
    def check_asserts(self) -> OptionFile:
        """Let an answer put on record only what a person can know."""
        for fact in self.asserts:
            _known("the fact for an answer", ASSERTED)(fact)
        return self


class QuestionFile(Strict):
    """One node of the decision tree."""

    id: Name
    text: Words
    evidence: list[FactName] = []
    options: list[OptionFile] = Field(min_length=2)

    def value(self) -> Question:
        """Return the plain value."""
        return Question(self.id, self.text, tuple(one.value() for one in self.options), tuple(self.evidence))


class TreeFile(Strict):
    """The decision tree."""

    root: str
    questions: list[QuestionFile] = Field(min_length=1)

    @model_validator(mode="after")
    def check_links(self) -> TreeFile:
        """Follow every link: each must lead to a question, and none back to where it came from."""
        _unique((question.id for question in self.questions), "question")
        links = {one.id: [option.then for option in one.options if option.then] for one in self.questions}
        for name in [self.root, *(then for thens in links.values() for then in thens)]:
            _known("the question", links)(name)
        _follow(self.root, links)
        for question in self.questions:
            _unique((option.answer for option in question.options), f"answer to {question.id}")
        return self


def _follow(root: str, links: dict[str, list[str]]) -> None:
    ways: list[tuple[str, ...]] = [(root,)]
    while ways:
        way = ways.pop()
        for then in links[way[-1]]:
            if then in way:
                raise ValueError(f"the tree goes in a circle: {' → '.join([*way, then])}")
            ways.append((*way, then))


class SymptomFile(Strict):
    """One row of the symptom table."""

    id: Name
    symptom: Words
    cause: Words
    first_step: Words
    signals: list[Name] = []

    def value(self) -> Symptom:
        """Return the plain value."""
        return Symptom(self.id, self.symptom, self.cause, self.first_step, tuple(self.signals))


class SymptomsFile(Strict):
    """The symptom table."""

    symptoms: list[SymptomFile]

    def value(self) -> tuple[Symptom, ...]:
        """Return the plain values."""
        return tuple(one.value() for one in self.symptoms)


class TemplateFile(Strict):
    """One prepared update."""

    audience: Annotated[str, AfterValidator(_known("the audience", AUDIENCES))]
    state: Annotated[str, AfterValidator(_known("the state", UPDATE_STATES))]
    text: Words

    @model_validator(mode="after")
    def check_placeholders(self) -> TemplateFile:
        """Refuse a placeholder that nothing fills."""
        for name in re.findall(r"\$\{?([a-zA-Z_]*)", self.text):
            _known("the placeholder", PLACEHOLDERS)(name)
        return self

    def value(self) -> UpdateTemplate:
        """Return the plain value."""
        return UpdateTemplate(self.audience, self.state, self.text)


class TemplatesFile(Strict):
    """All prepared updates."""

    templates: list[TemplateFile]

    def value(self) -> tuple[UpdateTemplate, ...]:
        """Return the plain values."""
        return tuple(one.value() for one in self.templates)
