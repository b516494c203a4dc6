"""What a screen needs at one moment, as one frozen value; screens hold no state of the incident themselves."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from cockpit.domain.cadence import Rhythm
from cockpit.domain.deliveries import Wired
from cockpit.domain.events import Event
from cockpit.domain.expertise import Expertise
from cockpit.domain.guidance.next_step import Advice, StationView
from cockpit.domain.incident import IncidentState
from cockpit.domain.levers import LeverPlan, LeverView
from cockpit.domain.playbook import Fact, Playbook
from cockpit.domain.presence import Present
from cockpit.domain.severity import RuleCheck
from cockpit.session.proposed import Proposed
from cockpit.world.port import Change, SignalFrame, TraceDetail

if TYPE_CHECKING:
    from cockpit.session.look import Look


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The incident as it stands at `now`.

    Attributes:
        actor: who sits at this terminal.
        log: the journal so far, oldest first.
        refusals: for every action that may not run now, the reason; an action that is absent may run.
        harmed: users visibly harmed so far.
        next_due: when the next update is due, or None while no cadence runs.
        problem: something the person must know (the journal can't be written, the world failed); may be empty.
        here: the terminals on the incident right now, this one too; empty where nobody keeps count.
        rhythm: how updates have kept time, or None before anybody waits for news.
        channels: where updates go from here; empty in a drill, which tells nobody.
        expertise: what the people here know: software, ml, data.
        pagers: who can be woken from here.
        proposed: what detectors' pages propose for gauging and scope; None where none has come.
    """

    now: datetime
    actor: str
    state: IncidentState
    playbook: Playbook
    log: tuple[Event, ...]
    frame: SignalFrame
    facts: Mapping[str, Fact]
    checks: tuple[RuleCheck, ...]
    suggested: str | None
    floor: str | None
    levers: tuple[LeverView, ...]
    changes: tuple[Change, ...]
    card: Mapping[str, str]
    advice: Advice
    stations: tuple[StationView, ...]
    refusals: Mapping[str, str]
    harmed: int
    traces: int
    failing_share: float
    next_due: datetime | None
    people: tuple[str, ...] = ()
    expertise: Expertise = field(default_factory=dict)
    speed: float = 1.0
    paused: bool = False
    ended: str = ""
    problem: str = ""
    here: tuple[Present, ...] = ()
    rhythm: Rhythm | None = None
    channels: tuple[Wired, ...] = ()
    pagers: tuple[str, ...] = ()
    proposed: Proposed | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an action: the events it wrote, or the reason why it may not run.

    `kept` says that it waits on this machine until the journal can be reached.
    """

    action: str
    events: tuple[Event, ...] = ()
    refused: str = ""
    kept: bool = False


class Controller(Protocol):
    """What a screen may ask for; everything is answered by a future, so that no screen ever waits.

    Futures may fail with a `CockpitError`.
    """

    def do(self, action: str, arguments: Mapping[str, Any] | None = None) -> Future[Done]:
        """Carry out an action as the person at this terminal."""
        ...

    def plan(self, lever: str, target: str = "") -> Future[LeverPlan]:
        """Plan a pull without pulling."""
        ...

    def trace(self, trace: int) -> Future[TraceDetail | None]:
        """Open a trace."""
        ...

    def look(self) -> Future[Look]:
        """Look at all traces of the incident together: groups, how far it reaches, what speaks for each layer."""
        ...

    def snapshot(self) -> Snapshot | None:
        """Return the latest snapshot, or None while the incident is still being opened."""
        ...
