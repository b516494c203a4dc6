# ruff: noqa: RUF012 - pydantic copies defaults
"""A scenario as a whole: data only, checked field by field."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, PrivateAttr

from cockpit.simulator.schema.base import Name, Part, Text
from cockpit.simulator.schema.service import (
    Alias,
    Cache,
    Campaign,
    Cap,
    Effect,
    Guardrail,
    Index,
    Kind,
    Loops,
    Prompt,
    Route,
    Sessions,
    Snapshot,
    Tenant,
    Tool,
    Traffic,
)
from cockpit.simulator.schema.story import (
    ChangeLine,
    Expected,
    Feedback,
    Fix,
    Inject,
    Judge,
    LeverSetting,
    OrderPair,
    Provenance,
    Scanner,
    Signal,
    Step,
    Texts,
    Truth,
    Weights,
)
from cockpit.simulator.spans import Moment, Span

FORMAT = "cockpit.scenario/1"


class Scenario(Part):
    """Everything a drill needs: the service, the fault, what people say, and what the truth is."""

    format: Literal["cockpit.scenario/1"]
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
    title: Annotated[str, Field(min_length=1, max_length=120)]
    service: Name
    brief: Text
    """Two sentences for the home screen; they must not give the answer away."""
    provenance: list[Provenance] = []
    start: Moment
    page: Moment
    end: Moment
    quiet: Span = 480.0
    """How long after `start` everything is still as usual; baselines are measured there."""
    workers: Annotated[int, Field(ge=1, le=64)] = 6
    people: list[Name] = []
    """Who can be handed a role; made up when empty."""
    expertise: dict[Name, list[Literal["software", "ml", "data"]]] = {}
    """What each of `people` knows."""
    station_hints: dict[Name, Text] = {}

    routes: Annotated[list[Route], Field(min_length=1, max_length=20)]
    tenants: Annotated[list[Tenant], Field(min_length=1, max_length=40)]
    kinds: Annotated[dict[Name, Kind], Field(max_length=12)] = {}
    traffic: Traffic = Traffic()
    campaigns: list[Campaign] = []
    prompts: Annotated[dict[Name, Prompt], Field(min_length=1)]
    models: Annotated[dict[Name, Snapshot], Field(min_length=1)]
    aliases: dict[Name, Alias] = {}
    indexes: Annotated[dict[Name, Index], Field(min_length=1)]
    tools: dict[Name, Tool] = {}
    guardrails: dict[Literal["input", "output", "retrieval"], Guardrail] = {}
    caps: dict[Name, Cap] = {}
    sessions: Sessions = Sessions()
    cache: Cache = Cache()
    loops: Loops = Loops()
    effects: Annotated[list[Effect], Field(max_length=60)] = []
    changes: Annotated[list[ChangeLine], Field(max_length=60)] = []
    fixes: Annotated[list[Fix], Field(max_length=20)] = []
    levers: dict[Name, LeverSetting]

    judge: Judge = Judge()
    scanner: Scanner = Scanner()
    feedback: Feedback = Feedback()
    signals: Annotated[list[Signal], Field(min_length=1, max_length=8)]
    injects: Annotated[list[Inject], Field(min_length=1, max_length=60)]
    texts: Texts = Texts()

    truth: Truth
    weights: Weights
    reference: Annotated[list[Step], Field(min_length=1, max_length=60)]
    expected: list[Expected] = []
    order: list[OrderPair] = []
    herrings: list[Name] = []
    """Refs on the board and ids of injects that mislead."""
    target_seconds: dict[Name, Span] = {}
    """Milestone to the time it should take after the page, where the profile's own does not fit."""

    _text: str = PrivateAttr(default="")
    _file: str = PrivateAttr(default="")

    @property
    def text(self) -> str:
        """The file's own text, as it is kept in the journal."""
        return self._text

    @property
    def file(self) -> str:
        """Where the text came from."""
        return self._file

    @property
    def page_s(self) -> float:
        """Seconds from the start to the page."""
        return (self.page - self.start).total_seconds()

    @property
    def horizon_s(self) -> float:
        """Seconds from the start to the end."""
        return (self.end - self.start).total_seconds()

    @property
    def kind_names(self) -> tuple[str, ...]:
        """Every kind of request, `normal` first."""
        named = [kind for route in self.routes for kind in route.kinds]
        named += [campaign.kind for campaign in self.campaigns] + list(self.kinds)
        return tuple(dict.fromkeys(["normal", *named]))

    @property
    def attack_kinds(self) -> tuple[bool, ...]:
        """Whether each kind of `kind_names` is an attack."""
        return tuple(name in self.kinds and self.kinds[name].attack for name in self.kind_names)

    def bound(self, text: str, file: str) -> Scenario:
        """Attach the text this was read from."""
        self._text, self._file = text, file
        return self
