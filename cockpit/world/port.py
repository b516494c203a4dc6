"""The World port: everything the cockpit may ask of, or do to, the system that is on fire.

A drill and a live incident differ only in what stands behind this port.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from cockpit.domain.calls import Sign, Span
from cockpit.domain.events import NewEvent
from cockpit.domain.expertise import Expertise
from cockpit.domain.levers import LeverOrder, LeverPlan, LeverPull, LeverView

AXES = ("grounding", "safety", "adherence", "plan")
"""The four axes every judge scores, 1 (worst) to 5: factual grounding, privacy and safety, instruction
adherence, plan execution."""


@dataclass(frozen=True, slots=True)
class Series:
    """One signal over a window, as it could be known at the window's end (late scores are not there yet).

    Attributes:
        values: one value per bin, oldest first; NaN where nothing was measured.
        baseline: its usual value; `threshold` the line it should not cross, `floor` True when below is bad.
        harm: whether containment is judged on this signal.
    """

    name: str
    label: str
    unit: str
    values: Sequence[float]
    latest: float
    baseline: float
    threshold: float | None
    floor: bool = False
    harm: bool = False

    @property
    def breached(self) -> bool:
        """Whether the latest value is on the wrong side of its line."""
        if self.threshold is None or self.latest != self.latest:
            return False
        return self.latest < self.threshold if self.floor else self.latest > self.threshold


@dataclass(frozen=True, slots=True)
class SignalFrame:
    """All signals over one window; `bin_s` seconds per value, ending at `at`."""

    at: datetime
    window_s: float
    bin_s: float
    series: tuple[Series, ...]
    facts: Mapping[str, float | bool | str] = field(default_factory=dict)
    """What the severity rubric may ask about (leak_seen, cost_ratio, degraded_share, p99_ratio, …)."""

    def get(self, name: str) -> Series | None:
        """Find a signal by name."""
        return next((series for series in self.series if series.name == name), None)

    @property
    def harm(self) -> tuple[Series, ...]:
        """The signals that containment is judged on; without any it can't be measured."""
        return tuple(series for series in self.series if series.harm and series.threshold is not None)


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the what-changed board; `ref` is what a responder names as the cause."""

    ref: str
    at: datetime
    what: str
    kind: str
    before: str
    after: str
    by: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """What the last answers on the wire say about one pull: `matched` of `of` carry the expected configuration.

    `enough` is the world's own word on whether these answers are proof, where it knows how they came about (fresh
    connections, every worker); None leaves that to whoever counts them.
    """

    matched: int
    of: int
    config_id: str
    expected: str
    enough: bool | None = None


@dataclass(frozen=True, slots=True)
class TraceRow:
    """One trace as the list shows it. Text is as it came from outside: never draw it undisinfected.

    `id` grows with arrival; `verdict` is what is known so far, not the truth.
    """

    id: int
    at: datetime
    verdict: str
    route: str
    prompt: str
    model: str
    tenant: str
    session: str
    ttft_ms: int
    total_ms: int
    tokens_in: int
    tokens_out: int
    cost_micros: int
    text: str
    arm: str = "primary"
    scores: tuple[float | None, ...] = (None, None, None, None)


@dataclass(frozen=True, slots=True)
class TraceDetail:
    """One trace opened: everything needed to read it and to reproduce it."""

    row: TraceRow
    messages: tuple[tuple[str, str], ...]
    """(role, text), oldest first."""
    chunks: tuple[tuple[str, float, str], ...]
    """(source, score, text) of what was retrieved."""
    tool_calls: tuple[tuple[str, str, str], ...]
    """(name, arguments, result)."""
    parameters: Mapping[str, Any]
    headers: Mapping[str, str]
    judge_note: str = ""
    ref: str = ""
    """The recorder's own id, where the trace was recorded elsewhere."""
    spans: tuple[Span, ...] = ()
    """The steps the answer is made of, in order of their start; empty where nobody recorded them."""
    signs: tuple[Sign, ...] = ()
    """What detectors found in it."""


class World(Protocol):
    """What the session needs of a world. Moments are aware UTC; calls never block for long."""

    @property
    def service(self) -> str:
        """The name of the application that is on fire."""
        ...

    @property
    def people(self) -> tuple[str, ...]:
        """Who can be handed a role besides the responders at a keyboard."""
        ...

    @property
    def expertise(self) -> Expertise:
        """What each of them knows: software, ml, data; empty where nobody says so."""
        ...

    @property
    def pagers(self) -> tuple[str, ...]:
        """Who can be woken from here, by the names of their pagers; nobody in a drill."""
        ...

    def happenings(self, since: datetime, until: datetime) -> list[NewEvent]:
        """Return what the world does by itself in (since, until]: pages, mails, read-backs, in order of time."""
        ...

    def levers(self, at: datetime) -> tuple[LeverView, ...]:
        """Return how every lever stands."""
        ...

    def plan(self, lever: str, target: str, scope: Mapping[str, Any], at: datetime) -> LeverPlan:
        """Say what a pull would do; an empty target asks for the sensible one."""
        ...

    def plan_undo(self, pull: LeverPull, at: datetime) -> LeverPlan:
        """Say what taking a pull back would do: exactly what was there before it."""
        ...

    def plan_canary(self, percent: float, at: datetime) -> LeverPlan:
        """Say what giving the re-opened feature to a share of users, in percent, would do; 0 closes it again."""
        ...

    def pull(self, order: LeverOrder) -> None:
        """Ask for a change once; asking again with the same op changes nothing."""
        ...

    def signals(self, at: datetime, window_s: float, bins: int, arm: str = "") -> SignalFrame:
        """Return every signal as it is known at a moment; `arm` looks at one arm only (`canary`, `primary`)."""
        ...

    def proof(self, op: str, at: datetime, last: int) -> Proof:
        """Look at the last answers on the wire that the pull should have reached."""
        ...

    def changes(self, at: datetime) -> tuple[Change, ...]:
        """Return what changed lately, newest first."""
        ...

    def harmed(self, at: datetime) -> int:
        """Return how many users were visibly harmed so far."""
        ...

    def card(self, at: datetime) -> Mapping[str, str]:
        """Fill the 2 a.m. card: last-known-good prompt, model and its last move, scores, retrieval."""
        ...

    def snapshot(self, at: datetime) -> Mapping[str, Any]:
        """Return the configuration in force, for the evidence freeze and the fixture."""
        ...

    def traces(self, since: datetime, until: datetime) -> Sequence[TraceRow]:
        """Return the traces that came to an end in (since, until], by id."""
        ...

    def verdicts(self, since: datetime, until: datetime) -> Sequence[tuple[int, str, tuple[float | None, ...]]]:
        """Return (trace, verdict, scores) of the judge's scores that arrived in (since, until]."""
        ...

    def trace(self, trace: int, at: datetime) -> TraceDetail | None:
        """Open one trace, as much as is known at a moment."""
        ...
