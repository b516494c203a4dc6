"""One run of a scenario: opened or gone on with, and moved forward in time.

A run moves on a grid of `STEP` seconds of its own time, and to every moment in between at which somebody acts; what
happens is the same however often and in whatever portions it is moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from cockpit.domain.clock import Clock
from cockpit.domain.events import Kind, NewEvent, Source, from_iso, iso
from cockpit.domain.happenings import untold
from cockpit.domain.playbook import Playbook
from cockpit.drill import cast
from cockpit.errors import BadInput
from cockpit.session.session import Log, Session
from cockpit.session.watch import Watch

if TYPE_CHECKING:
    from cockpit.simulator.schema.scenario import Scenario

STEP = timedelta(seconds=5)
"""How often the watch looks and the cast reacts, in the drill's own time."""

LEAD = timedelta(seconds=5)
"""How long before the page a drill begins."""


class MovableClock(Clock, Protocol):
    """A clock that a run can move."""

    def move_to(self, moment: datetime) -> None:
        """Go forward to a moment."""
        ...


class OpensIncidents(Log, Protocol):
    """A journal in which a run can be begun."""

    def open_incident(self, first: Sequence[NewEvent]) -> str:
        """Append the first events of a new incident and return its id."""
        ...


class DrillRun:
    """A drill that is being played."""

    def __init__(self, session: Session, clock: MovableClock, end: datetime) -> None:
        self.session = session
        self.clock = clock
        self.end = end
        self._watch = Watch(session)
        self._opened = session.log[0].at
        self._looked_until = self._last_step(clock.now())
        # What happened before anybody sat down (a signal over its line, a mail) is told when they do.
        self._heard_until = from_iso(str(session.log[0].get("start") or iso(self._opened)))

    def advance(self, to: datetime) -> None:
        """Let everything happen that happens until a moment, the drill's end at the latest."""
        to = min(to, self.end)
        while not self.session.state.ended:
            step = self._looked_until + STEP
            if step > to:
                break
            self._hear(step)
            self._look()
            self._looked_until = step
        self._hear(to)
        if to >= self.end and not self.session.state.ended:
            self.session.record([self._event(Kind.DRILL_ENDED, {"reason": "time is up"})])

    def finish(self, reason: str) -> None:
        """End the run if it has not ended."""
        if not self.session.state.ended:
            self.session.record([self._event(Kind.DRILL_ENDED, {"reason": reason})])

    def _hear(self, until: datetime) -> None:
        """Write down what the world did since it was last asked, each thing once."""
        if until <= self._heard_until or self.session.state.ended:
            return
        self.clock.move_to(until)
        happened = self.session.world.happenings(self._heard_until, until)
        if happened:
            self.session.record_if(lambda: untold(happened, self.session.log))
        self._heard_until = until  # only now: what could not be written is asked for again

    def _look(self) -> None:
        self._watch.look()
        self.session.record_if(lambda: list(cast.reactions(self.session)))

    def _last_step(self, moment: datetime) -> datetime:
        return self._opened + ((moment - self._opened) // STEP) * STEP

    def _event(self, kind: Kind, payload: dict[str, Any]) -> NewEvent:
        return NewEvent(kind, self.clock.now(), "cockpit", Source.SYSTEM, payload)


def opening(
    scenario: Scenario, seed: int, playbook: Playbook, profile_text: str, responder: str, speed: float
) -> NewEvent:
    """Make the first event of a drill; it carries everything that the run can be judged by later."""
    payload = {
        "mode": "drill",
        "title": scenario.title,
        "service": scenario.service,
        "scenario": scenario.name,
        "scenario_text": scenario.text,
        "scenario_file": scenario.file,
        "seed": seed,
        "profile": playbook.profile.name,
        "profile_text": profile_text,
        "responder": responder,
        "speed": speed,
        "start": iso(scenario.start),
        "page": iso(scenario.page),
        "end": iso(scenario.end),
    }
    return NewEvent(Kind.INCIDENT_OPENED, scenario.page - LEAD, responder, Source.SYSTEM, payload)


def check_seed(seed: int) -> int:
    """Return a seed that can be used.

    Raises:
        BadInput: it is negative or beyond 64 bits.
    """
    if not 0 <= seed < 2**63:
        raise BadInput(f"a seed is a whole number from 0 to 2^63-1, not {seed}")
    return seed
