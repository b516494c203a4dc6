"""The parts of an incident's state, each a small frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

ROLES = ("ic", "operations", "communications")
"""Incident commander, hands on the levers, and the voice to everybody else."""

AUDIENCES = ("team", "executives", "customers", "legal")
UPDATE_STATES = ("investigating", "identified", "monitoring", "resolved")
"""Whom an update is for, and what it says of the incident, in the order in which one goes through them."""


@dataclass(frozen=True, slots=True)
class SeverityCall:
    """One call of a severity by a person; `rules` are the rubric's rules that had fired then."""

    severity: str
    at: datetime
    actor: str
    seq: int
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer in the decision tree; answering again replaces it, the journal keeps both."""

    answer: str
    at: datetime
    actor: str
    seq: int
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Triage:
    """What is believed about the failure so far.

    `characterised` holds since, fraction, shape, reproducible, changed; `scope` holds routes, prompt, tenants;
    `hypotheses` maps a text to open, supported or refuted.
    """

    incident_class: str = ""
    layer: str = ""
    component: str = ""
    change: str = ""
    answers: Mapping[str, Answer] = field(default_factory=dict)
    characterised: Mapping[str, Any] = field(default_factory=dict)
    scope: Mapping[str, Any] = field(default_factory=dict)
    hypotheses: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Freeze:
    """One evidence freeze."""

    at: datetime
    seq: int
    digest: str


@dataclass(frozen=True, slots=True)
class Containment:
    """Whether harm has stopped: `since` is None until measured, and again when it comes back."""

    since: datetime | None = None
    seq: int = 0
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Canary:
    """A re-opening under way.

    `state` is watching, passed, aborted, or stuck: closing it was refused, so that it is still open. `before` is the
    share in percent that it was widened from; `op` its latest change asked of the world, at `asked_at`.
    """

    percent: float
    since: datetime
    op: str
    reopens: tuple[str, ...] = ()
    state: str = "watching"
    reason: str = ""
    before: float = 0.0
    asked_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether users may still meet the re-opened path because of it."""
        return self.state in ("watching", "stuck")


@dataclass(frozen=True, slots=True)
class Hold:
    """Somebody's time in a role; `until` is None while it lasts."""

    role: str
    who: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A role held out to somebody who has not said yes; the giver holds it until then."""

    role: str
    giver: str
    to: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Declined:
    """A role that somebody said no to; whoever offered it holds it still."""

    offer: Offer
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """Who holds what: `holders` by role, `offers` by role, `holds` the whole history.

    `declined` is the latest no by role, until the role is offered again or changes hands.
    """

    holders: Mapping[str, str] = field(default_factory=dict)
    offers: Mapping[str, Offer] = field(default_factory=dict)
    holds: tuple[Hold, ...] = ()
    declined: Mapping[str, Declined] = field(default_factory=dict)

    def roles_of(self, who: str) -> tuple[str, ...]:
        """Return the roles a person holds."""
        return tuple(role for role, holder in self.holders.items() if holder == who)


@dataclass(frozen=True, slots=True)
class Update:
    """One update that was posted; `missing` names what its text left out.

    `channels` are those that were chosen for it; None for all that are for its audience.
    """

    at: datetime
    seq: int
    actor: str
    audience: str
    state: str
    text: str
    missing: tuple[str, ...] = ()
    channels: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Snooze:
    """The reminder of the next update, put off by somebody; the cadence is measured all the same."""

    until: datetime
    at: datetime
    actor: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Override:
    """A point of the all-clear's checklist that was open when it was given, and why it may stay so."""

    point: str
    words: str
    reason: str


@dataclass(frozen=True, slots=True)
class Clearance:
    """The all-clear as it was given; `overrides` are the points that were open."""

    at: datetime
    actor: str
    seq: int
    overrides: tuple[Override, ...] = ()


@dataclass(frozen=True, slots=True)
class Inject:
    """Something that reached the responders from outside; `about` names the answer that it is about."""

    at: datetime
    seq: int
    inject: str
    channel: str
    sender: str
    text: str
    signal: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Pin:
    """A trace pinned to the timeline."""

    at: datetime
    seq: int
    trace: int
    verdict: str = ""
