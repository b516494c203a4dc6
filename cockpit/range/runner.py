"""The runner of a range: a live runner whose clock is the drill's, and which ends with the scenario."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from cockpit.domain.events import Kind, NewEvent, Source
from cockpit.domain.orders import orders_of
from cockpit.drill.clock import DrillClock
from cockpit.errors import JournalError
from cockpit.live.runner import LiveRunner
from cockpit.range.leftovers import put_back_event
from cockpit.range.played import Played
from cockpit.range.putback import told
from cockpit.range.restore import Restorer


class RangeRunner(LiveRunner):
    """Keeps a drill on real systems going, counts what it does to users, and puts the systems back at the end."""

    def __init__(self, played: Played, clock: DrillClock, restorer: Restorer, *given: Any) -> None:
        super().__init__(*given)
        self._played = played
        self._clock = clock
        self._restorer = restorer
        self._orders = 0
        self.over = False

    @property
    def ends(self) -> datetime:
        """When the drill ends by itself."""
        return self._played.scenario.end

    @property
    def found(self) -> list[str]:
        """What earlier drills had left and what became of it, in lines."""
        return list(self._said(Kind.RANGE_PREPARED, "tidied"))

    @property
    def left_behind(self) -> list[str]:
        """What could not be put back at the end, in lines, each with what to do."""
        return told(self._restorer.left, str(self.session.log[0].get("gateway")))

    def beat(self) -> None:
        """Let the clock go on, and end the drill when its time is up."""
        self._clock.tick(self.ends)
        self._ship()
        super().beat()
        if self._clock.now() >= self.ends and not self.session.state.ended:
            self.session.record([self._event(Kind.DRILL_ENDED, {"reason": "time is up"})])
        if self.session.state.ended and not self.over:
            self.finish()

    def finish(self) -> None:
        """Count what was done to users, write it down, and put the systems back as they were."""
        self._ship()
        found = self._played.measured()
        payload = {
            "j": round(found.j, 4), "harm": round(found.harm, 4), "lost": found.lost, "users": found.users,
            "excess_cost": round(found.excess_cost, 4), "counts": dict(found.counts),
            "contained_s": found.contained_s, "requests": found.requests,
        }  # fmt: skip
        self.session.record([self._event(Kind.RANGE_MEASURED, payload)])
        self._put_back()
        self.over = True

    def left(self) -> None:
        """Put back what the drill has changed, as long as its systems can be reached, and let go of them."""
        self._restorer.changed(orders_of(self.session.log))
        with suppress(JournalError):  # then the next drill looks again
            self._put_back()
        super().left()

    def _put_back(self) -> None:
        """Put staging back as it was, once, and write down that it is."""
        if not self._restorer.done:
            self._restorer.put_back()
            self.session.record([put_back_event(self._clock.now(), self._restorer.left)])

    def _trouble(self) -> str:
        return "; ".join(f"NOT PUT BACK: {one}" for one in self._restorer.left)[:300] or super()._trouble()

    def _said(self, kind: Kind, key: str) -> Any:
        return next((event.get(key, ()) for event in self.session.log if event.kind is kind), ())

    def _ship(self) -> None:
        """Let the fixes follow that follow from what was pulled."""
        orders = orders_of(self.session.log)
        if len(orders) != self._orders:
            self._orders = len(orders)
            self._played.shipped(orders)
            self._restorer.changed(orders)

    def _event(self, kind: Kind, payload: dict[str, Any]) -> NewEvent:
        return NewEvent(kind, self._clock.now(), "cockpit", Source.SYSTEM, payload)
