"""How far it reaches, from the data: since when, which share, who was hit, and what speaks for each layer."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cockpit.detect.clusters.cases import Case
from cockpit.detect.clusters.rates import Rate, Shared, corrected, differences
from cockpit.domain.events import iso

LAYERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("model", ("model", "requested_model", "finish")),
    ("prompt", ("prompt", "config_id")),
    ("retrieval", ("retrieval",)),
    ("tool", ("tool", "failed_tool")),
    ("infra", ("error", "route", "tier", "service", "arm")),
)
"""Which facts speak of which layer."""
CLEAR_STEP = 8.0
"""How many times e likelier a step has to be than a steady share to be called one: chance makes one in about 200."""
MOST_HIT = 50
"""Tenants that are named, those with most failures first."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One tenant: how many of its answers failed."""

    tenant: str
    rate: Rate


@dataclass(frozen=True, slots=True)
class Scope:
    """How far it reaches.

    Attributes:
        first_failing: the first failure seen; it may be one of the usual few.
        since: when the share of failures rose, where the data clearly show a rise; None where they do not.
        before, after: the share before and from then on; of everything where there is no clear rise.
        tenants: by failures; `sessions` and `users` count those with a failure, None where none were recorded.
    """

    failing: Rate
    first_failing: datetime | None
    since: datetime | None
    before: Rate
    after: Rate
    tenants: tuple[Hit, ...]
    tenants_hit: int | None
    sessions: int | None
    users: int | None

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "failing": self.failing.to_json(),
            "first_failing": iso(self.first_failing) if self.first_failing else None,
            "since": iso(self.since) if self.since else None,
            "before": self.before.to_json(),
            "after": self.after.to_json(),
            "tenants": [{"tenant": one.tenant, **one.rate.to_json()} for one in self.tenants],
            "tenants_hit": self.tenants_hit,
            "sessions": self.sessions,
            "users": self.users,
        }


@dataclass(frozen=True, slots=True)
class Layer:
    """What speaks for one layer: its facts among the failing against the passing, the surest first.

    An association says where to look first; it does not say what caused it.
    """

    name: str
    facts: tuple[Shared, ...]

    @property
    def speaks(self) -> bool:
        """Whether anything here is surely commoner among the failing."""
        return any(one.sure and one.lift > 1 for one in self.facts)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {"layer": self.name, "speaks": self.speaks, "facts": [one.to_json() for one in self.facts]}


def scope_of(cases: Sequence[Case]) -> Scope:
    """Return how far it reaches, from failing and passing cases together, in any order."""
    ordered = sorted(cases, key=lambda one: (one.at, one.id))
    failed = [one for one in ordered if one.failed]
    place = _rise(ordered)
    after = ordered[place:] if place is not None else ordered
    began = next((one.at for one in after if one.failed), None) if place is not None else None
    tenants = _hits(ordered)
    return Scope(
        Rate(len(failed), len(ordered)),
        failed[0].at if failed else None,
        began,
        _rate(ordered[:place] if place is not None else ordered),
        _rate(after),
        tuple(tenants[:MOST_HIT]),
        len(tenants) if _recorded(ordered, "tenant") else None,
        _different(ordered, failed, "session"),
        _different(ordered, failed, "user"),
    )


def layers_of(cases: Sequence[Case]) -> tuple[Layer, ...]:
    """Return what speaks for each layer, corrected for everything compared in all of them."""
    failed = [one.facts for one in cases if one.failed]
    passed = [one.facts for one in cases if not one.failed]
    named = {fact for _, facts in LAYERS for fact in facts}
    among, against = ([[fact for fact in facts if fact[0] in named] for facts in side] for side in (failed, passed))
    found = corrected(differences(among, against)) if against else []
    return tuple(Layer(name, tuple(one for one in found if one.fact in facts)) for name, facts in LAYERS)


def _rise(ordered: Sequence[Case]) -> int | None:
    """Return the place of the likeliest single rise, or None where a steady share explains the data about as well.

    A rise lies between two moments: among traces of one moment (or of none, as where no time was recorded) there is
    no before.
    """
    n, total = len(ordered), sum(one.failed for one in ordered)
    steady, best, found, seen = _likelihood(total, n), CLEAR_STEP, None, 0
    for place in range(1, n):
        seen += ordered[place - 1].failed
        if ordered[place].at == ordered[place - 1].at or seen * (n - place) >= (total - seen) * place:
            continue
        gain = _likelihood(seen, place) + _likelihood(total - seen, n - place) - steady
        if gain > best:
            best, found = gain, place
    return found


def _likelihood(part: int, whole: int) -> float:
    """Return the log-likelihood of a share at its best."""
    rest = whole - part
    return sum(one * math.log(one / whole) for one in (part, rest) if one)


def _rate(cases: Sequence[Case]) -> Rate:
    return Rate(sum(one.failed for one in cases), len(cases))


def _hits(cases: Sequence[Case]) -> list[Hit]:
    all_of, failed = Counter[str](), Counter[str]()
    for one in cases:
        for tenant in one.values("tenant"):
            all_of[tenant] += 1
            failed[tenant] += one.failed
    hit = (Hit(tenant, Rate(n, all_of[tenant])) for tenant, n in failed.items() if n)
    return sorted(hit, key=lambda one: (-one.rate.part, one.tenant))


def _recorded(cases: Sequence[Case], name: str) -> bool:
    return any(one.values(name) for one in cases)


def _different(cases: Sequence[Case], failed: Sequence[Case], name: str) -> int | None:
    return len({value for one in failed for value in one.values(name)}) if _recorded(cases, name) else None
