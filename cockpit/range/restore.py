"""Staging systems as they were: noted before a drill, set as the scenario begins, put back at its end.

Only what the drill itself has changed is put back; what a colleague changed meanwhile is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from cockpit.domain.levers import LeverOrder, LeverPlan
from cockpit.errors import BadInput, WorldError
from cockpit.range.putback import Left, Place, Written, put_back, read_patiently, sent
from cockpit.world.contract import Reading
from cockpit.world.fleet import Fleet
from cockpit.world.planner import Planner, in_words, write_of

if TYPE_CHECKING:
    from cockpit.world.options import LiveOptions


class Restorer:
    """Knows what every wired value was before the drill.

    Attributes:
        left: what could not be put back; empty until `put_back` has run.
        done: whether it has.
    """

    def __init__(self, live: LiveOptions, fleet: Fleet) -> None:
        """Note every value that a lever or the canary sets, and plan how staging begins; changes nothing.

        Raises:
            BadInput: a value can't be read, so it could not be put back; or a start value can't be set.
        """
        self._fleet = fleet
        self._planner, self._wanted = Planner(live, fleet), live.range.start
        self._before = {place: self._noted(place) for place in _places(live)}
        self._start = [plan for lever in self._wanted if (plan := self._planned(lever))]
        self._written = Written()
        self.left: tuple[Left, ...] = ()
        self.done = False

    def notes(self) -> dict[str, Any]:
        """Return what the journal has to hold before the first change, so that anybody can put it back."""
        before = [
            {"system": system, "address": address, "value": reading.value, "shown": in_words(reading)}
            for (system, address), reading in self._before.items()
        ]
        start = [{name: plan.intent[name] for name in ("system", "address", "value")} for plan in self._start]
        return {"before": before, "start": start}

    def set_up(self) -> None:
        """Set staging systems as the scenario begins.

        Raises:
            BadInput: one can't be set.
        """
        for lever in self._wanted:
            plan = self._planned(lever)  # anew: what was set before may have raised the version of the whole system
            if plan is None:
                continue
            self._written.note(plan.intent)
            problem = sent(self._fleet, write_of(plan.intent, "range begins"), str(plan.intent["system"]))
            if problem:
                raise BadInput(f"[range.start] {lever} could not be set: {problem}")

    def changed(self, orders: Iterable[LeverOrder]) -> None:
        """Take note of what the drill's orders write."""
        self._written.note_orders(orders)

    def put_back(self) -> None:
        """Put back what the drill has changed, the last change first; a second call does nothing."""
        if not self.done:
            self.done = True
            self.left = tuple(put_back(self._fleet, self._before, self._written))

    def _planned(self, lever: str) -> LeverPlan | None:
        """Plan a start value; None where it stands as it should."""
        plan = self._planner.pull(lever, self._wanted[lever], {})
        if not plan.intent and not (plan.current == plan.target and plan.refused):
            raise BadInput(f"[range.start] {lever}: {plan.refused}")
        return plan if plan.intent else None

    def _noted(self, place: Place) -> Reading:
        try:
            return read_patiently(self._fleet, place)
        except WorldError as problem:
            raise BadInput(
                f"{place[1]} on {place[0]} can't be read, so it could not be put back: {problem}", hint=problem.hint
            ) from None


def _places(live: LiveOptions) -> list[Place]:
    found = [(one.system, one.control) for one in live.levers.values()]
    if live.canary:
        found.append((live.canary.system, live.canary.control))
    return list(dict.fromkeys(found))
