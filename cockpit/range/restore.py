"""Staging systems as they were: noted before a drill, set as the scenario begins, put back at its end.

Only what the drill itself has changed is put back; what a colleague changed meanwhile is left as it is.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from cockpit.domain.levers import LeverOrder, Stage
from cockpit.errors import BadInput, CockpitError, WorldError
from cockpit.world.contract import Reading, Write
from cockpit.world.fleet import Fleet
from cockpit.world.planner import Planner, in_words, read_now, write_of
from cockpit.world.saga import carry_out, same

if TYPE_CHECKING:
    from cockpit.world.options import LiveOptions

SET_UP_S = 30.0
"""How long one staging system may take to be set or put back, in seconds."""

TRIES = 3
"""So many times a value is asked for before it counts as unreadable."""

Place = tuple[str, str]


class Restorer:
    """Knows what every wired value was before the drill.

    Attributes:
        left: what could not be put back, in words; empty until `put_back` has run.
    """

    def __init__(self, live: LiveOptions, fleet: Fleet) -> None:
        """Note every value that a lever or the canary sets.

        Raises:
            BadInput: one can't be read, so it could not be put back.
        """
        self._live = live
        self._fleet = fleet
        self._before = {place: self._noted(place) for place in _places(live)}
        self._written: dict[Place, Any] = {}
        self._done = False
        self.left: tuple[str, ...] = ()

    def set_up(self) -> None:
        """Set staging systems as the scenario begins.

        Raises:
            BadInput: one can't be set.
        """
        planner = Planner(self._live, self._fleet)
        for lever, target in self._live.range.start.items():
            plan = planner.pull(lever, target, {})
            if not plan.intent:
                if plan.current == plan.target and plan.refused:
                    continue  # it stands as it should
                raise BadInput(f"[range.start] {lever}: {plan.refused}")
            self._note(plan.intent)
            problem = self._carry_out(write_of(plan.intent, "range begins"), str(plan.intent["system"]))
            if problem:
                raise BadInput(f"[range.start] {lever} could not be set: {problem}")

    def changed(self, orders: Iterable[LeverOrder]) -> None:
        """Take note of what the drill's orders write."""
        for order in orders:
            self._note(order.intent)

    def put_back(self) -> None:
        """Put back what the drill has changed, the last change first; a second call does nothing."""
        if not self._done:
            self._done = True
            self.left = tuple(self._put_all_back())

    def _noted(self, place: Place) -> Reading:
        try:
            return self._read(place)
        except WorldError as problem:
            raise BadInput(
                f"{place[1]} on {place[0]} can't be read, so it could not be put back: {problem}", hint=problem.hint
            ) from None

    def _read(self, place: Place) -> Reading:
        """Read a value; a system that has just been started is asked again."""
        for _ in range(TRIES - 1):
            with suppress(WorldError):
                return read_now(self._fleet, *place)
        return read_now(self._fleet, *place)

    def _note(self, intent: Mapping[str, Any]) -> None:
        if intent:
            place = (str(intent["system"]), str(intent["address"]))
            self._written.pop(place, None)
            self._written[place] = intent["value"]

    def _put_all_back(self) -> Iterator[str]:
        for place in reversed(self._written):
            if place not in self._before:
                continue
            problem = self._put_back(place, self._before[place])
            if problem:
                yield f"{place[1]} on {place[0]} was {in_words(self._before[place])} before: {problem}"

    def _put_back(self, place: Place, before: Reading) -> str:
        try:
            now = self._read(place)
        except WorldError as problem:
            return f"{problem}; it may stand as the drill left it"
        if same(now.value, before.value):
            return ""
        if not same(now.value, self._written[place]):
            return f"somebody else has set it to {in_words(now)}, so it was left alone"
        key = secrets.token_hex(12)
        return self._carry_out(Write(place[1], before.value, key, now.version, now.value, "range ends"), place[0])

    def _carry_out(self, write: Write, system: str) -> str:
        """Write one value; returns what went wrong, empty when it is in force."""
        try:
            member, controls = self._fleet.member(system), self._fleet.controls(system)
            result = carry_out(controls, write, SET_UP_S, call_s=member.deadline_s)
        except CockpitError as problem:
            return str(problem)
        return "" if result.stage is Stage.APPLIED else result.reason or "nobody can tell whether it arrived"


def _places(live: LiveOptions) -> list[Place]:
    found = [(one.system, one.control) for one in live.levers.values()]
    if live.canary:
        found.append((live.canary.system, live.canary.control))
    return list(dict.fromkeys(found))
