"""Whom it hits: users, else sessions, tenants and routes with bad answers, counted without keeping who they are."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

MOST = 500_000
"""People that are told apart; beyond, the count stands still."""
PLACES = 2_000
"""Tenants or routes whose last bad answer is kept."""


@dataclass(slots=True)
class People:
    """Who had a bad answer, and when last; moments in seconds since 1970."""

    regulated: frozenset[str] = frozenset()
    """Routes on which a bad answer is a matter of law or health."""
    recorded: bool = False
    """Whether anybody said who asks at all."""
    leaked: bool = False
    injected: bool = False
    _leaks: set[int] = field(default_factory=set)
    _failures: dict[int, float] = field(default_factory=dict)
    _tenants: OrderedDict[str, float] = field(default_factory=OrderedDict)
    _routes: OrderedDict[str, float] = field(default_factory=OrderedDict)

    def met(self, person: str, at: float, *, failing: bool, leak: bool) -> None:
        """Note what one person was answered; what went wrong earlier is not forgotten."""
        if not person:
            return
        self.recorded = True
        who = hash(person)
        if leak and len(self._leaks) < MOST:
            self._leaks.add(who)
        if failing and (who in self._failures or len(self._failures) < MOST):
            self._failures[who] = max(at, self._failures.get(who, at))

    def bad(self, tenant: str, route: str, at: float) -> None:
        """Note where a bad answer was given."""
        for kept, name in ((self._tenants, tenant), (self._routes, route)):
            if name:
                kept[name] = max(at, kept.pop(name, at))
                if len(kept) > PLACES:
                    kept.popitem(last=False)

    def harmed(self, since: float) -> int:
        """Return how many met a leak at all, or another bad answer since a moment."""
        later = {who for who, at in self._failures.items() if at >= since}
        return len(self._leaks | later)

    def affected(self, since: float) -> tuple[int, int]:
        """Return how many tenants and routes had a bad answer since a moment."""
        tenants, routes = (sum(at >= since for at in kept.values()) for kept in (self._tenants, self._routes))
        return tenants, routes

    def touched_regulated(self, since: float) -> bool:
        """Tell whether a regulated route had a bad answer since a moment."""
        return any(self._routes.get(route, since - 1) >= since for route in self.regulated)
