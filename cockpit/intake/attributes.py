"""The attributes of one span while they are read: what was taken is known, what is left is kept by its own name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cockpit.intake.values import opened

MAX_ATTRIBUTES = 4_000
MAX_INDEX = 5_000


Named = tuple[tuple[str, Sequence[str]], ...]
"""What to look for, and the names it may have."""
_Plan = dict[int, tuple[Any, tuple[Any, ...]]]
_PLANS: dict[tuple[str, ...], _Plan] = {}
MAX_PLANS = 2_000
MAX_REMEMBERED = 5_000
"""Characters of a set of names that is still remembered: senders may make up as many as they like."""


def _plan_of(given: Mapping[str, Any]) -> _Plan:
    """Return what is known of spans with exactly these names: recorders write the same few sets again and again."""
    shape = tuple(given)
    plan = _PLANS.get(shape)
    if plan is None:
        plan = {}
        if sum(map(len, shape)) <= MAX_REMEMBERED:
            if len(_PLANS) >= MAX_PLANS:
                _PLANS.clear()
            _PLANS[shape] = plan
    return plan


class Attributes:
    """Attributes by name; `take` reads and marks them as held by a field.

    Names are asked for by lists that live as long as the program, such as those of `cockpit.intake.names`: which of
    them a kind of span has is remembered by the list itself.
    """

    __slots__ = ("_plan", "_taken", "given")

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.given = given
        self._plan = _plan_of(given)
        self._taken: set[str] = set()

    def take(self, names: Sequence[str]) -> Any:
        """Return the first of several names that is there and not empty; None where none is."""
        for name in self._there(names):
            value = self.given[name]
            if value is not None and value != "":
                self._taken.add(name)
                return value
        return None

    def look(self, names: Sequence[str]) -> Any:
        """Return the same without marking it: several fields read it."""
        there = self._there(names)
        return (
            next((self.given[name] for name in there if self.given[name] not in (None, "")), None) if there else None
        )

    def present(self, named: Named) -> Named:
        """Return those of several things of which a name is there, the value of which may still be empty."""
        known = self._plan.get(id(named))
        if known is None:
            there = tuple(one for one in named if any(name in self.given for name in one[1]))
            known = self._plan[id(named)] = (named, there)
        return known[1]

    def hold(self, name: str) -> None:
        """Mark a name as held by a field."""
        self._taken.add(name)

    def _there(self, names: Sequence[str]) -> tuple[str, ...]:
        known = self._plan.get(id(names))
        if known is None:
            # The list is kept beside its answer, so that its id can't become another list's.
            known = self._plan[id(names)] = (names, tuple(name for name in names if name in self.given))
        return known[1]

    def indexed(self, prefixes: Sequence[str]) -> list[Any]:
        """Return a list that was written as `prefix.0.a.b`, of the first prefix that is there, as nested values."""
        for prefix in prefixes:
            names = [
                name
                for name in self.given
                if name.startswith(prefix) and name[len(prefix) : len(prefix) + 1].isdecimal()
            ]
            if names:
                self._taken.update(names)
                return _listed(nested({name[len(prefix) :]: self.given[name] for name in names}))
        return []

    def known(self, meanings: Mapping[str, str]) -> dict[str, Any]:
        """Return what stands under names that mean something, by what they mean."""
        found: dict[str, Any] = {}
        for name in [name for name in self.given if name in meanings]:
            value = self.given[name]
            if value is not None and value != "":
                self._taken.add(name)
                found.setdefault(meanings[name], value)
        return found

    def left(self) -> dict[str, Any]:
        """Return what no field holds."""
        left = {name: value for name, value in self.given.items() if name not in self._taken}
        return dict(list(left.items())[:MAX_ATTRIBUTES]) if len(left) > MAX_ATTRIBUTES else left


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """Write dotted names as nested dicts; a name that is both a value and a folder keeps its folder."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        *folders, last = name.split(".")[:24]
        place = found
        for folder in folders:
            inner = place.get(folder)
            if not isinstance(inner, dict):
                inner = place[folder] = {}
            place = inner
        if not isinstance(place.get(last), dict):
            place[last] = opened(value) if isinstance(value, str) and value[:1] == "{" else value
    return _lists_in(found)


def _lists_in(value: dict[str, Any]) -> dict[str, Any]:
    for key, inner in value.items():
        if isinstance(inner, dict):
            _lists_in(inner)
            if inner and all(name.isdecimal() for name in inner):
                value[key] = _listed(inner)
    return value


def _listed(value: Mapping[str, Any]) -> list[Any]:
    numbered = sorted((int(name), name) for name in value if name.isdecimal() and len(name) < 7)
    return [value[name] for _, name in numbered[:MAX_INDEX]]
