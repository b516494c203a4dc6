"""Opening and joining a live incident: the one place where systems, world, playbook and journal meet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cockpit.domain.clock import Clock, WallClock
from cockpit.domain.events import Event, Kind, NewEvent, Source, iso
from cockpit.domain.playbook import Playbook
from cockpit.errors import BadInput, JournalDamaged, WorldError
from cockpit.live.courier import courier_on
from cockpit.live.outbox import Outbox
from cockpit.live.outlets import Stop, outlets
from cockpit.live.pager_stops import pager_stops
from cockpit.live.runner import LiveRunner, joined
from cockpit.live.seat import seat_on
from cockpit.live.sight.eyes import BothEyes
from cockpit.live.sight.opening import Recorded, Sight, sight_on
from cockpit.live.ticket_stops import ticket_stops
from cockpit.live.trace_pull.inflow import Inflow
from cockpit.playbooks.journalled import playbook_of
from cockpit.session.feed import ArrivalFeed, TraceFeed
from cockpit.session.session import Session
from cockpit.world.contract import Capability, Expectation
from cockpit.world.eyes import Eyes, MeterEyes
from cockpit.world.fleet import Fleet, connect
from cockpit.world.hands import Hands, Watcher
from cockpit.world.live import LiveWorld
from cockpit.world.news import News, Watched
from cockpit.world.planner import Planner
from cockpit.world.watching import watch_wire

if TYPE_CHECKING:
    from cockpit.live.ticketing import Wanted
    from cockpit.world.options import LiveOptions

LIVE = "live"


@dataclass(frozen=True, slots=True)
class Opening:
    """What a new live incident is told: `service` may be empty, then it is the one of cockpit.toml."""

    title: str
    responder: str
    service: str = ""
    profile: str = "default"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a live incident needs from outside.

    Attributes:
        secret: turns a reference into the secret.
        seat: the file by which terminals agree on who drives, where the journal is a file.
        practised: seconds each lever took the last time, by name.
        recorded: what recorded traces are seen with; None where meters are all there is.
        inflow: begins to bring traces in from the systems that keep them; None where no system is to be read.
        leaving: returns an open action item as it leaves for a tracker; without it none is brought there.
    """

    live: LiveOptions
    secret: Callable[[str], str]
    clock: Clock
    seat: Path
    practised: Mapping[str, float]
    recorded: Recorded | None = None
    inflow: Callable[[Fleet], Inflow] | None = None
    leaving: Callable[[Sequence[Event], str, bool], Wanted | None] | None = None


def opening(told: Opening, live: LiveOptions, clock: Clock, profile_text: str, playbook: Playbook) -> NewEvent:
    """Make the first event of a live incident; it carries the rules it is worked by.

    Raises:
        BadInput: the title is empty.
    """
    if not told.title.strip():
        raise BadInput(
            "an incident needs a title", hint='cockpit open "the assistant answers with other tenants\' data"'
        )
    payload = {
        "mode": LIVE,
        "title": told.title.strip()[:200],
        "service": told.service or live.service.name,
        "profile": playbook.profile.name,
        "profile_text": profile_text,
        "responder": told.responder,
        "start": iso(clock.now()),
    }
    return NewEvent(Kind.INCIDENT_OPENED, clock.now(), told.responder, Source.PERSON, payload)


def join(
    journal: Any,
    store: Any,
    incident: str,
    actor: str,
    around: Surroundings,
    *,
    quietly: bool = False,
    delivers: bool = False,
) -> LiveRunner:
    """Return a started runner for a live incident; it drives when no other terminal does.

    Args:
        quietly: whether the journal is not told, as for a command that only looks or pulls one lever.
        delivers: whether updates and pages go out all the same when it drives.

    Raises:
        BadInput: the incident is a drill.
    """
    first = first_event(journal.events(incident))
    playbook = playbook_of(first)
    sight = sight_of(first, around, playbook)
    fleet = connect(around.live, around.secret, around.clock.now)
    with ExitStack() as undo:  # where anything fails before it runs, no system is asked any more
        undo.callback(fleet.close)
        world = make_world(incident, first.at, around, fleet, _eyes(first, around, fleet, sight))
        undo.callback(world.close)
        session = Session(journal, incident, world, playbook, around.clock)
        if not quietly:
            session.record([joined(actor, session)])
        feed = ArrivalFeed(world, store) if sight else TraceFeed(world, store, first.at)
        seat = seat_on(journal, incident, around.seat, "" if quietly else actor)
        outbox = Outbox(around.seat.with_suffix(".outbox"))
        runner = LiveRunner(session, world, journal, seat, feed, store, actor, outbox, sight)
        if delivers or not quietly:
            _tell_others(runner, session, around, fleet, first)
        if sight and not session.state.ended:
            sight.begin(world.news.changes)
            if around.inflow and not quietly:
                sight.inflow = around.inflow(fleet)
                runner.on_close(sight.inflow.close)
        runner.start()
        undo.pop_all()
    return runner


def _eyes(first: Event, around: Surroundings, fleet: Fleet, sight: Sight | None) -> Eyes:
    """Return what the signals are seen with: meters, which begin to be read, and traces where they are recorded."""
    meters = MeterEyes(fleet, around.live.signals, around.clock.now, first.at).start()
    return BothEyes(meters, sight.eyes) if sight else meters


def _tell_others(runner: LiveRunner, session: Session, around: Surroundings, fleet: Fleet, first: Event) -> None:
    """Let updates, pages and tickets go out from here, where the incident is a real one."""
    runner.courier = courier_on(session, _stops(session, around, fleet), first)
    if runner.courier:
        runner.channels = tuple(one.wired for one in outlets(around.live, fleet))


def _stops(session: Session, around: Surroundings, fleet: Fleet) -> list[Stop]:
    """Return every place that the courier goes to."""
    found: list[Stop] = [*outlets(around.live, fleet), *pager_stops(around.live, fleet)]
    if leaving := around.leaving:
        found += ticket_stops(fleet, lambda item, raw: leaving(session.log, item, raw), around.clock.now)
    return found


def sight_of(first: Event, around: Surroundings, playbook: Playbook) -> Sight | None:
    """Return what looks at the recorded traces of an incident; None where nothing is recorded."""
    if around.recorded is None:
        return None
    service = str(first.get("service", "")) or around.live.service.name
    return sight_on(around.recorded, playbook.profile.detect, service, first.at, around.clock.now)


def make_world(incident: str, opened: datetime, around: Surroundings, fleet: Fleet, eyes: Eyes) -> LiveWorld:
    """Put hands, eyes and news together on a fleet, and begin to look."""
    hands, news = hands_and_news(incident, opened, around, fleet)
    return LiveWorld(around.live, fleet, eyes, hands, news, practised=around.practised)


def hands_and_news(incident: str, opened: datetime, around: Surroundings, fleet: Fleet) -> tuple[Hands, News]:
    """Make what carries orders out, and what looks for changes, which begins at once."""
    now, planner = around.clock.now, Planner(around.live, fleet)
    news = News(fleet, watched(around.live, fleet), planner.read, planner.versions, now, opened).start()
    return hands_on(incident, around, fleet, news), news


def hands_on(incident: str, around: Surroundings, fleet: Fleet, news: News) -> Hands:
    """Make what carries orders out; what it has read back is no news."""
    probes = around.live.probes

    def watch(expected: Expectation, probe: str, answers: int) -> Watcher | None:
        chosen = probes.get(probe) if probe else next(iter(probes.values()), None)
        return watch_wire(chosen, around.secret, WallClock().now, expected, answers) if chosen else None

    return Hands(fleet, incident, around.clock.now, watch, news.note)


def watched(live: LiveOptions, fleet: Fleet) -> list[Watched]:
    """Return every value worth looking at again and again: those that levers set, and the canary's share."""
    found = [Watched(one.system, one.control, name, _has_history(fleet, one.system, one.control))
             for name, one in live.levers.items()]  # fmt: skip
    if live.canary:
        found.append(Watched(live.canary.system, live.canary.control, "canary"))
    return [one for one in found if _usable(fleet, one)]


def first_event(events: list[Event]) -> Event:
    """Return the line that opened a live incident.

    Raises:
        BadInput: it is a drill.
        JournalDamaged: it can't be read.
    """
    if not events:
        raise JournalDamaged("the first line of this incident can't be read", hint="`cockpit log verify` says where.")
    if events[0].get("mode") != LIVE:
        incident = events[0].incident
        raise BadInput(f"{incident} is a drill, no live incident", hint=f"Look at it: cockpit debrief {incident}")
    return events[0]


def _usable(fleet: Fleet, one: Watched) -> bool:
    try:
        fleet.controls(one.system)
    except WorldError:
        return False
    return True


def _has_history(fleet: Fleet, system: str, address: str) -> bool:
    try:
        return fleet.controls(system).control(address).capability is Capability.PROMPT
    except (WorldError, BadInput):
        return False
