# ruff: noqa: RUF012 - pydantic copies defaults
"""What happens around the service: signals, injects, judges, people, and the truth that scoring needs."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from cockpit.simulator.schema.base import Name, Part, Positive, Share, Text
from cockpit.simulator.schema.service import Shift
from cockpit.simulator.spans import Span

Channel = Literal["pager", "email", "chat", "status", "phone"]
Credit = Literal["best", "acceptable", "inert", "harmful"]


class Judge(Part):
    """The model that scores a sample of the answers, late and with noise."""

    share: Share = 0.2
    delay: Span = 25.0
    """Median delay of a score."""
    noise: Annotated[float, Field(ge=0.0, le=3.0)] = 0.45
    """Standard deviation of a score, in points."""
    scores: dict[str, Annotated[list[float], Field(min_length=4, max_length=4)]] = {}
    """Mean scores (grounding, safety, adherence, plan) by outcome, where they differ from the usual."""


class Scanner(Part):
    """The cheap filter that looks at every answer; shares of what it notices."""

    leaked: Share = 0.35
    refused: Share = 0.8
    tool_error: Share = 0.95
    looping: Share = 1.0
    false_refusal: Share = 0.003


class Feedback(Part):
    """What users do after an answer of each outcome: thumbs down, and complaints by mail."""

    thumbs_down: dict[str, Share] = {}
    complain: dict[str, Share] = {}
    delay: Span = 240.0
    """Median time until a complaint arrives."""
    at_most: Annotated[int, Field(ge=0, le=200)] = 6
    texts: list[Text] = []
    """Mails, with $user, $tenant, $trace and $session."""


class Signal(Part):
    """One plot: a metric, where it is measured, and the line it should not cross."""

    name: Name
    metric: Name
    label: Text
    unit: Text = ""
    threshold: float | None = None
    floor: bool = False
    """True when below the line is bad."""
    harm: bool = False
    """Containment is judged on this signal."""
    alert: bool = True
    """Whether crossing the line is announced."""
    smooth: Span = 60.0
    routes: list[Name] = []
    tenants: list[Name] = []
    kinds: list[Name] = []


class Inject(Part):
    """A message that reaches the responders: at a time, after another one, or when a condition holds."""

    id: Name
    channel: Channel
    sender: Name
    text: Text
    at: Span | None = None
    after: Name | None = None
    when: list[Annotated[str, Field(max_length=200)]] = []
    """Conditions such as `leaks_per_min > 3` on signals and facts; all must hold."""
    delay: Span = 0.0
    about: Literal["hallucinated", "leaked", "refused", "tool_error", "looping"] | None = None
    """The outcome of the trace it speaks of: the latest one by then fills $user, $tenant, $session and $trace."""
    herring: bool = False
    """Whether it misleads."""


class ChangeLine(Part):
    """A line of the what-changed board that the scenario brings, with what it does to the configuration."""

    ref: Name
    at: Span
    what: Text
    kind: Literal["prompt", "model", "index", "tool", "guardrail", "flag", "status", "traffic", "deploy"]
    before: Text = ""
    after: Text = ""
    by: Text = ""
    note: Text = ""
    routes: list[Name] = []
    config: Shift = Shift()
    listed: bool = True
    """Whether the board shows it."""


class Fix(Part):
    """A repair that somebody ships: at a fixed time, or some time after the harm was first dammed."""

    id: Name
    what: Text
    kind: Literal["prompt", "model", "index", "tool", "guardrail", "flag", "deploy"] = "deploy"
    by: Text = ""
    at: Span | None = None
    delay: Span | None = None
    """Time after the first pull of one of `levers`."""
    levers: list[Name] = []
    """Which pulls start the clock; empty for every lever that has the credit best or acceptable."""
    routes: list[Name] = []
    config: Shift


class LeverSetting(Part):
    """How a lever works here, and what pulling it is worth."""

    delay: Annotated[list[Span], Field(min_length=2, max_length=2)] = [2.0, 10.0]
    """Soonest and latest time until a worker has it."""
    practised: Span | None = None
    """How long it took when it was last practised."""
    credit: Credit = "inert"
    targets: dict[str, Credit] = {}
    """Credit of single targets where it differs."""
    choices: list[Name] = []
    """What may be asked for, the sensible one first; empty for what the registry offers."""
    side_effects: Text = ""
    leaves: Text = ""
    undo: Text = ""
    ready: Text = ""
    """Why it can't be pulled; empty when it can."""


class Truth(Part):
    """What really happened."""

    severity: Annotated[str, Field(pattern=r"^SEV[1-4]$")]
    kind: Annotated[str, Field(alias="class", min_length=1, max_length=80)]
    layer: Annotated[str, Field(min_length=1, max_length=80)]
    component: Text = ""
    change: Text = ""
    """The ref on the board that caused it; empty when no change did."""
    root_cause: Text
    severities: list[Annotated[str, Field(pattern=r"^SEV[1-4]$")]] = []
    """Other levels that are as good an answer under some profile."""


class Step(Part):
    """One step of a policy, as in a response script; `at` counts from the page."""

    at: Span
    do: Name
    args: Annotated[dict[str, Any], Field(alias="with")] = {}


class Expected(Part):
    """An action that a good response contains."""

    do: Name
    args: Annotated[dict[str, Any], Field(alias="with")] = {}
    weight: Positive = 1.0
    target: Span
    expires: Span | None = None
    inject: Name | None = None
    """Only asked for when this inject was delivered."""


class OrderPair(Part):
    """`before` has to come before `after`; both are actions or milestones."""

    before: Name
    after: Name
    hard: bool = False


class Weights(Part):
    """What things cost in the score, in the unit of one harmed answer."""

    outcomes: dict[Literal["hallucinated", "leaked", "refused", "tool_error", "looping"], float] = {}
    lambda_lost: Annotated[float, Field(ge=0.0, le=1000.0)] = 0.0
    """One healthy request that got no answer of the model."""
    lambda_cost: Annotated[float, Field(ge=0.0, le=1000.0)] = 0.0
    """One dollar spent above what a healthy day costs."""
    unit: Text = "harmed answers"


class Provenance(Part):
    """Where facts and times come from."""

    source: Text
    grade: Text = ""
    cited: Text = ""
    assumed: Text = ""


class TextFile(Part):
    """Texts from a file of JSON lines: one string field of each."""

    path: Annotated[str, Field(min_length=1, max_length=500)]
    field: Name
    answer: Name | None = None
    """The field with the model's answer to it, where there is one."""


class Texts(Part):
    """Words that traces are made of; placeholders are listed in docs/writing-scenarios.md."""

    asks: dict[Name, list[Text]] = {}
    """Requests by kind."""
    answers: dict[Name, list[Text]] = {}
    """Answers by outcome."""
    static: Text = "The assistant is temporarily unavailable. Here are the closest help articles."
    chunks: list[Text] = []
    """Passages the index returns."""
    files: dict[Name, TextFile] = {}
    """Requests by kind from files, instead of `asks`."""
    locale: Name = "en_US"
