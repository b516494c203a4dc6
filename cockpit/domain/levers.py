"""Levers: the ladder, the plan shown before a pull, and the saga each pull goes through.

Three different facts are kept apart throughout: what was *requested* (the pull), what the system has *stored*
(applied, by reading back) and what is *observed* on the wire (proven, by the answers themselves).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Lever(StrEnum):
    """Every lever by name; the first seven are the ladder, cheapest and safest first."""

    REVERT_PROMPT = "revert_prompt"
    PIN_MODEL = "pin_model"
    DISABLE_TOOL = "disable_tool"
    GUARDRAIL_BLOCK = "guardrail_block"
    FALLBACK_MODEL = "fallback_model"
    CAP_COST = "cap_cost"
    KILL_SWITCH = "kill_switch"
    LOWER_TEMPERATURE = "lower_temperature"
    TIGHTEN_PROMPT = "tighten_prompt"
    SHALLOWER_RETRIEVAL = "shallower_retrieval"
    CACHED_PATH = "cached_path"
    LONGER_TIMEOUT = "longer_timeout"
    DISCLAIMER = "disclaimer"
    DISABLE_QUERY_TYPE = "disable_query_type"
    DISABLE_TENANT = "disable_tenant"
    CLEAR_SESSIONS = "clear_sessions"
    FLUSH_CACHE = "flush_cache"


@dataclass(frozen=True, slots=True)
class LeverSpec:
    """One rung as the playbook describes it.

    Attributes:
        rung: place on the ladder, 1 the cheapest and safest; levers beyond the ladder share 8.
        destructive: hard to undo or hard on users, so that evidence is frozen first.
        closes: takes service away from users, so that it is re-opened through a canary.
        plain: what was done, for people who don't run the system, as in "we have made the instructions stricter".
    """

    name: str
    rung: int
    title: str
    what: str
    destructive: bool = False
    closes: bool = False
    plain: str = ""


@dataclass(frozen=True, slots=True)
class LeverView:
    """How one lever stands in the world at a moment.

    `current` is the value in force; `choices` the targets that may be asked for, the sensible one first; `ready`
    is empty, or says why it can't be pulled. A live world adds the raw value, and when the look that found it began:
    so it is seen that somebody else has changed what a pull has set.
    """

    name: str
    current: str
    choices: tuple[str, ...]
    ready: str = ""
    practised_s: float | None = None
    value: object = None
    looked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LeverPlan:
    """What a pull would do, before anything is done.

    Attributes:
        blast: who is hit, in words; `share` is the part of traffic it touches (0…1).
        effect_s: (soonest, latest) seconds until the wire shows it.
        side_effects: what else it does to users who were fine.
        undo: how it is taken back.
        leaves: what still carries the bug afterwards (sessions, caches); may be empty.
        intent: what the world needs to carry the change out, or to find out whether it was: journalled with the
            pull and handed back with the order. A live world keeps here the system, the address, the value and the
            version the plan was made on; never a secret.
        version: what the current value was known by when it was read; a pull planned on another one is refused.
        people: how many people the pull takes, 1 or 2.
        once: it is done and over: nothing stays changed that could be put back, so it may be pulled again.
    """

    lever: str
    target: str
    scope: Mapping[str, Any]
    current: str
    blast: str
    share: float
    effect_s: tuple[float, float]
    side_effects: str
    undo: str
    leaves: str = ""
    destructive: bool = False
    refused: str = ""
    intent: Mapping[str, Any] = field(default_factory=dict)
    version: str = ""
    people: int = 1
    once: bool = False


@dataclass(frozen=True, slots=True)
class LeverOrder:
    """A pull as the world receives it; `op` is its identity, so that a repeat can't double it.

    `undoes` names the op whose change is taken back; `percent` is the canary share of a re-opening; `by` is
    who asked.
    """

    op: str
    lever: str
    target: str
    scope: Mapping[str, Any]
    at: datetime
    undoes: str = ""
    percent: float | None = None
    intent: Mapping[str, Any] = field(default_factory=dict)
    by: str = ""


class Stage(StrEnum):
    """Where a pull stands in its saga."""

    PULLED = "pulled"
    APPLIED = "applied"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    PROVEN = "proven"
    NOT_PROVEN = "not proven"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pull that waits for a second person; `undoes` names the op that it would take back."""

    lever: str
    target: str
    scope: Mapping[str, Any]
    before: str
    title: str
    proposer: str
    at: datetime
    seq: int
    version: str = ""
    undoes: str = ""
    intent: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LeverPull:
    """One pull as the journal tells it; times are None until the stage was reached.

    Attributes:
        proposer: who proposed it where it took two; `actor` is who approved it then.
        alone: why one person pulled what takes two; empty otherwise.
        once: done and over, with nothing to put back.
    """

    op: str
    lever: str
    target: str
    scope: Mapping[str, Any]
    before: str
    title: str
    rung: int
    actor: str
    pulled_at: datetime
    seq: int
    stage: Stage = Stage.PULLED
    applied_at: datetime | None = None
    proven_at: datetime | None = None
    undone_at: datetime | None = None
    undoes: str = ""
    undone_by: str = ""
    kept_by: str = ""
    reason: str = ""
    matched: int = 0
    of: int = 0
    config_id: str = ""
    percent: float | None = None
    destructive: bool = False
    froze_first: bool = False
    intent: Mapping[str, Any] = field(default_factory=dict)
    version: str = ""
    proposer: str = ""
    alone: str = ""
    once: bool = False

    @property
    def stored(self) -> bool:
        """Whether the system was read back and holds it."""
        return self.applied_at is not None

    @property
    def observed(self) -> bool:
        """Whether the answers on the wire carried it."""
        return self.stored and self.proven_at is not None

    @property
    def in_force(self) -> bool:
        """Whether this pull still holds (asked for and neither refused, undone nor itself an undo)."""
        return not self.undoes and self.stage not in (Stage.REFUSED, Stage.UNDONE)

    @property
    def debt(self) -> bool:
        """Whether somebody still has to undo it or make it permanent."""
        return self.undoable and not self.kept_by

    @property
    def undoable(self) -> bool:
        """Whether it holds something that can be put back."""
        return self.in_force and not self.once

    def same_change(self, other: LeverPull) -> bool:
        """Tell whether another pull asked for the same value in the same place."""
        mine, theirs = (self.lever, self.target, dict(self.scope)), (other.lever, other.target, dict(other.scope))
        return mine == theirs

    def repeats(self, earlier: LeverPull) -> bool:
        """Tell whether it does once more what is done and over each time."""
        return self.once and self.seq > earlier.seq and self.same_change(earlier)

    @property
    def over(self) -> bool:
        """Whether it was done once and is settled, so that it can be done again."""
        return self.once and self.stage in (Stage.APPLIED, Stage.PROVEN, Stage.NOT_PROVEN)


def plain_undo(pull: LeverPull) -> LeverPlan:
    """Plan to take a pull back where nothing but its value has to be put back."""
    return LeverPlan(
        lever=pull.lever,
        target=pull.before,
        scope=pull.scope,
        current=pull.target,
        blast="whoever the pull hit",
        share=0.0,
        effect_s=(0.0, 0.0),
        side_effects="",
        undo="pull it again",
    )


def plain_canary(percent: float, current: float) -> LeverPlan:
    """Plan a canary step where nothing but the share of users changes; both in percent."""
    return LeverPlan(
        lever="canary",
        target=f"{percent:g} %",
        scope={},
        current=f"{current:g} %",
        blast=f"{percent:g} % of users",
        share=percent / 100,
        effect_s=(0.0, 0.0),
        side_effects="",
        undo="close the canary",
    )


def overwritten(pull: LeverPull, plan: LeverPlan) -> bool:
    """Whether a fresh plan finds another value where a pull had stored its own: then it can be pulled again."""
    return pull.stored and "value" in plan.intent and not plan.refused and plan.current != plan.target


def control_of(intent: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the (system, address) that an intent changes, or None where the world names none."""
    system, address = intent.get("system"), intent.get("address")
    return (str(system), str(address)) if system and address else None
