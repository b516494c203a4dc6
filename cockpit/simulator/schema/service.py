# ruff: noqa: RUF012 - pydantic copies defaults
"""The service a scenario describes: routes, tenants, traffic, and the registry of its configuration."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cockpit.simulator.schema.base import Condition, Count, Name, Part, Positive, Share, Text
from cockpit.simulator.spans import Span

ToolMode = Literal["on", "approval", "off"]
GuardMode = Literal["off", "warn", "block"]
Outcome = Literal["hallucinated", "leaked", "refused", "tool_error", "looping"]


class Tokens(Part):
    """Log-normal token counts: `mu` and `sigma` of the natural logarithm."""

    mu: Annotated[float, Field(ge=0.0, le=12.0)]
    sigma: Annotated[float, Field(ge=0.0, le=3.0)]


class Route(Part):
    """One entry to the assistant and the configuration it has when the scenario starts."""

    name: Name
    rate: Annotated[float, Field(gt=0.0, le=2000.0)]
    """Requests a second at the moment of the page."""
    gamma_shape: Annotated[float, Field(ge=0.05, le=20.0)] = 0.87
    """Shape of the gamma-distributed gaps between requests; below 1 they come in bursts."""
    burst_shape: Annotated[float, Field(ge=0.2, le=1000.0)] = 17.0
    """Shape of the gamma factor by which the rate of each minute varies; small is wild."""
    tokens_in: Tokens = Tokens(mu=6.63, sigma=0.99)
    tokens_out: Tokens = Tokens(mu=5.02, sigma=0.86)
    kinds: dict[Name, Share]
    """Kinds of request and their shares; the rest is `normal`."""
    prompt: Name
    model: Name
    """A snapshot or an alias."""
    fallback: Name
    """The snapshot the fallback lever turns to."""
    index: Name
    static: Name
    """The path without a model that the kill switch turns to."""
    regulated: bool = False
    """Whether wrong answers here are a matter of law or health: medical, financial, legal."""
    tools: dict[Name, ToolMode] = {}
    guardrails: dict[Literal["input", "output", "retrieval"], GuardMode] = {}
    temperature: Annotated[float, Field(ge=0.0, le=2.0)] = 0.7
    top_p: Share = 1.0
    max_tokens: Annotated[int, Field(ge=1, le=200_000)] = 1024
    retrieval_depth: Annotated[int, Field(ge=0, le=200)] = 8
    max_turns: Annotated[int, Field(ge=1, le=100_000)] = 12
    timeout: Span = 60.0
    """What conditions read as `timeout_s`; no answer ends at it by itself: an effect says what fails then."""


class Tenant(Part):
    """A customer of the service, with a pool of users."""

    name: Name
    share: Positive
    """Weight of its traffic; weights need not add up to 1."""
    users: Annotated[int, Field(ge=1, le=200_000)] = 500


class Campaign(Part):
    """Requests of one kind that start to come in at some time, such as an attack."""

    kind: Name
    start: Span
    end: Span | None = None
    rise: Span = 0.0
    share: Share
    tenants: list[Name] = []
    routes: list[Name] = []


class Kind(Part):
    """What a kind of request means for the score."""

    attack: bool = False
    """An attack is nobody's lost service when it is turned away."""
    tools: list[Name] = []
    """Tools these requests can't be answered without."""
    label: Text = ""


class Prompt(Part):
    """One version of the system prompt."""

    note: Text = ""
    routes: list[Name] = []
    """Routes it may run on; empty for all."""
    text: Text = ""
    good: bool = True
    """Whether the team knows it as good."""


class Snapshot(Part):
    """One model snapshot: what it costs, how quick it is, and how often it fails by itself."""

    usd_in: Annotated[float, Field(ge=0.0, le=1000.0)] = 3.0
    """$ for a million tokens read; `usd_out` for a million written."""
    usd_out: Annotated[float, Field(ge=0.0, le=5000.0)] = 15.0
    ttft_ms: Positive = 490.0
    """Median time to the first token."""
    token_ms: Positive = 18.0
    """Median time for each further token."""
    verbosity: Positive = 1.0
    """Factor on the length of answers."""
    rates: dict[Outcome, Share] = {}
    good: bool = True
    """Whether the team knows it as good."""


class AliasMove(Part):
    """A moment from which a floating alias means another snapshot."""

    at: Span
    to: Name


class Alias(Part):
    """A floating model name."""

    to: Name
    """What it means when the scenario starts."""
    since: Span = -2_592_000.0
    moves: list[AliasMove] = []


class Index(Part):
    """One version of the retrieval index."""

    note: Text = ""
    relevance: Share = 0.78
    """Mean score of the chunks it returns."""


class Tool(Part):
    """A tool of the agent."""

    version: Name = "1.0.0"
    arguments: Text = "{}"
    result: Text = "ok"
    approval_lost: Share = 0.3
    """Share of its users who give up when each call needs an approval."""


class Guardrail(Part):
    """A filter in front of, behind, or beside the model: what it stops once it blocks."""

    recall: dict[Outcome, Share] = {}
    false_positive: Share = 0.0
    recall_kinds: dict[Name, Share] = {}
    """Share of the requests of a kind that it stops, whatever the answer would be."""


class Cap(Part):
    """A limit on spending."""

    per_request_usd: Positive
    """A request is cut off once it has cost this much."""
    reject: Share = 0.0
    """Share of ordinary requests it turns away."""
    tenants: list[Name] = []
    """Whose requests have this budget; everybody's when empty."""


class Effect(Part):
    """Something that changes answers while its condition holds: the fault itself, or the price of a lever."""

    id: Name
    when: Condition = {}
    fault: bool = True
    """False for what is so on a healthy day too."""
    start: Span | None = None
    end: Span | None = None
    rise: Span = 0.0
    add: dict[Outcome, Annotated[float, Field(ge=-1.0, le=1.0)]] = {}
    """Added to the probabilities of the outcomes."""
    times: dict[Literal["cost", "latency", "ttft", "tokens_in", "tokens_out"], Positive] = {}
    """Factors."""
    note: Text = ""


class Loops(Part):
    """How a looping request behaves: it calls, and calls again, with an ever longer context."""

    calls_per_min: Positive = 20.0
    growth_per_min: Annotated[float, Field(ge=0.0, le=100.0)] = 0.1
    """By how much of the first call's cost each call gets dearer, a minute."""
    tools: list[Name] = []
    """Tools that keep it going: switching one off ends it."""


class Sessions(Part):
    """Conversations: how long they last and how they hold on to the configuration they began with."""

    window: Span = 900.0
    carry: Share = 0.2
    """Share of requests that go on with the prompt, model and index their session began with."""


class Cache(Part):
    """Answers served again."""

    share: Share = 0.0
    ttl: Span = 600.0


class Shift(Part):
    """What a configuration change sets: any of the fields a route has, by name."""

    prompt: Name | None = None
    model: Name | None = None
    index: Name | None = None
    tools: dict[Name, ToolMode] = {}
    tool_versions: dict[Name, Name] = {}
    guardrails: dict[Literal["input", "output", "retrieval"], GuardMode] = {}
    temperature: float | None = None
    top_p: float | None = None
    max_tokens: Count | None = None
    retrieval_depth: Count | None = None
    max_turns: Count | None = None
    timeout: Span | None = None
    clear: bool = False
    """Whether running sessions and cached answers are dropped with it."""


class CsvTraffic(Part):
    """Arrivals and token counts from a CSV file instead of made-up ones."""

    path: Annotated[str, Field(min_length=1, max_length=500)]
    time: Name = "TIMESTAMP"
    tokens_in: Name = "ContextTokens"
    tokens_out: Name = "GeneratedTokens"
    speed: Positive = 1.0
    """How many times quicker than recorded."""


class Traffic(Part):
    """Where requests come from."""

    day: Literal["flat", "measured"] = "flat"
    """`measured` gives the hours of a day the levels seen on a public trace; `hourly` gives them by hand."""
    hourly: Annotated[list[Positive], Field(min_length=24, max_length=24)] | None = None
    """24 weights from 00 h UTC."""
    csv: CsvTraffic | None = None
