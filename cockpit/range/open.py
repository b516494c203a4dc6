"""Setting up a range: staging systems checked and set as the scenario begins, stand-ins started, the runner made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cockpit.domain.clock import WallClock
from cockpit.domain.events import Kind, NewEvent, Source, iso
from cockpit.domain.playbook import Playbook
from cockpit.drill.clock import DrillClock
from cockpit.drill.run import LEAD, check_seed
from cockpit.errors import BadInput, CockpitError, WorldError
from cockpit.live.open import Surroundings, hands_on, watched
from cockpit.live.seat import DriversSeat
from cockpit.range.application import Application, Switches
from cockpit.range.clocks import Clocks, DrillNews
from cockpit.range.eyes import RangeEyes
from cockpit.range.leftovers import RANGE, Tidied, put_back_event, tidy_up
from cockpit.range.observed import Glossary
from cockpit.range.played import Played
from cockpit.range.putback import told
from cockpit.range.recorder import Recorder, exporter_of
from cockpit.range.restore import Restorer
from cockpit.range.runner import RangeRunner
from cockpit.range.traffic import Traffic
from cockpit.range.upstream import Upstream
from cockpit.range.world import RangeWorld
from cockpit.session.feed import TraceFeed
from cockpit.session.session import Session
from cockpit.world.contract import Capability
from cockpit.world.exchange import Exchange, safe_address
from cockpit.world.fleet import Fleet, connect
from cockpit.world.planner import Planner

if TYPE_CHECKING:
    from cockpit.simulator.schema.scenario import Scenario
    from cockpit.world.options import LiveOptions


@dataclass(frozen=True, slots=True)
class RangeSetup:
    """What a range is told: the scenario and its seed, which system is the gateway, who responds, how fast."""

    scenario: Scenario
    gateway: str
    responder: str
    playbook: Playbook
    profile_text: str
    seed: int = 1
    speed: float = 1.0


def staging_fleet(live: LiveOptions, gateway: str, secret: Callable[[str], str]) -> Fleet:
    """Connect the systems of a range; one that serves customers is not even made.

    Raises:
        BadInput: the gateway is not there, or any wired lever is on a system that is not marked as staging.
    """
    fleet = connect(live, secret, WallClock().now, staging_only=True)
    needed = {gateway, *(lever.system for lever in live.levers.values())}
    if live.canary:
        needed.add(live.canary.system)
    if live.range.traces in live.systems:
        needed.add(live.range.traces)
    for name in sorted(needed):
        try:
            fleet.member(name)
        except WorldError as problem:
            fleet.close()
            raise BadInput(str(problem), hint=problem.hint) from None
    return fleet


def open_range(
    journal: Any,
    open_store: Callable[[str], Any],
    setup: RangeSetup,
    around: Surroundings,
    seats: Callable[[str], Path],
) -> RangeRunner:
    """Set everything up, begin the drill, and return its started runner; closing it takes everything down again.

    Args:
        open_store: opens the trace store of an incident.
        seats: the file by which terminals agree on who drives an incident.

    Raises:
        BadInput: a system is not staging, an address is taken, or a start value can't be set.
    """
    check_seed(setup.seed)
    with ExitStack() as undo:
        fleet = staging_fleet(around.live, setup.gateway, around.secret)
        undo.callback(fleet.close)
        tidied = tidy_up(journal, fleet, setup.gateway, seats)  # before it is noted what is to be put back
        staging = _staging(fleet, setup, around, undo)
        application = _stand_ins(staging.played, setup, around, fleet, undo)
        clock = staging.clock
        prepared = _prepared(staging.restorer, tidied, setup.gateway, clock)
        incident = journal.open_incident([_opening(setup, clock), prepared])
        _set_up(journal, incident, staging.restorer, clock)
        application.look()
        eyes = RangeEyes(staging.played)
        staging.played.begin(eyes.seconds(clock.now()))
        world = _world(incident, staging.played, eyes, fleet, replace(around, clock=clock), clock)
        undo.callback(world.close)
        session = Session(journal, incident, world, setup.playbook, clock)
        runner = _runner(staging, session, world, open_store(incident), DriversSeat(seats(incident)), setup)
        rate = around.live.range.rate / setup.speed
        traffic = Traffic(staging.played, application, lambda: eyes.seconds(clock.due()), rate)
        undo.callback(traffic.close)
        clock.hold()
        traffic.start()
        runner.start()
        runner.on_close(undo.pop_all().close)
        return runner


@dataclass(frozen=True, slots=True)
class _Staging:
    """What a range is played with: what puts the systems back, the scenario's requests, the drill's clock."""

    restorer: Restorer
    played: Played
    clock: DrillClock


def _staging(fleet: Fleet, setup: RangeSetup, around: Surroundings, undo: ExitStack) -> _Staging:
    restorer = Restorer(around.live, fleet)
    undo.callback(restorer.put_back)
    played = Played(setup.scenario, setup.seed, around.live.range.route)
    clock = DrillClock(setup.scenario.page - LEAD, setup.speed)
    return _Staging(restorer, played, clock)


def _runner(
    staging: _Staging, session: Session, world: RangeWorld, store: Any, seat: DriversSeat, setup: RangeSetup
) -> RangeRunner:
    feed = TraceFeed(world, store, setup.scenario.start)
    return RangeRunner(
        staging.played, staging.clock, staging.restorer, session, world, session.journal, seat, feed, store,
        setup.responder,
    )  # fmt: skip


def _set_up(journal: Any, incident: str, restorer: Restorer, clock: DrillClock) -> None:
    """Set staging as the scenario begins; where that fails, the drill is over before it began."""
    try:
        restorer.set_up()
    except CockpitError as problem:
        restorer.put_back()
        payload = {"reason": f"it could not begin: {problem.message}"}
        ended = NewEvent(Kind.DRILL_ENDED, clock.now(), "cockpit", Source.SYSTEM, payload)
        journal.append(incident, [ended, put_back_event(clock.now(), restorer.left)], expected_seq=2)
        raise


def _stand_ins(played: Played, setup: RangeSetup, around: Surroundings, fleet: Fleet, undo: ExitStack) -> Application:
    """Start the misbehaving provider behind the gateway, and the application in front of it."""
    options = around.live.range
    glossary = Glossary(setup.scenario, options.models, options.prompts)
    upstream = Upstream(options.upstream, played, glossary, setup.speed)
    undo.callback(upstream.close)
    exporter = exporter_of(around.live, around.secret, setup.scenario.service)
    if exporter:
        undo.callback(exporter.close)
    application = Application(
        options.front, played, glossary, upstream, gateway_of(around.live, setup.gateway, around), options.model,
        switches(around.live, fleet), Planner(around.live, fleet).read,
        speed=setup.speed, deadline_s=options.deadline_s,
        recorder=Recorder(played, exporter.add) if exporter else None,
    )  # fmt: skip
    undo.callback(application.close)
    return application


def switches(live: LiveOptions, fleet: Fleet) -> Switches:
    """Return where the application looks: the flag of the kill switch, the canary's share, the prompt's tag."""
    found: dict[str, tuple[str, str]] = {}
    for options in live.levers.values():
        capability = fleet.controls(options.system).control(options.control).capability
        name = {Capability.FLAG: "flag", Capability.PROMPT: "prompt"}.get(capability)
        if name:
            found.setdefault(name, (options.system, options.control))
    if live.canary:
        found["share"] = (live.canary.system, live.canary.control)
    return Switches(**found)


def _world(
    incident: str, played: Played, eyes: RangeEyes, fleet: Fleet, around: Surroundings, clock: DrillClock
) -> RangeWorld:
    wall, planner = WallClock().now, Planner(around.live, fleet)
    clocks, seen = Clocks(wall, clock.now), watched(around.live, fleet)
    news = DrillNews(clocks, fleet, seen, planner.read, planner.versions, wall, wall())
    news.start()
    hands = hands_on(incident, around, fleet, news)
    return RangeWorld(played, eyes, around.live, fleet, hands, news, practised=around.practised)


def gateway_of(live: LiveOptions, name: str, around: Surroundings) -> Exchange:
    """Return the application's way to the gateway."""
    options, table = live.range, live.systems[name]
    url = options.url or f"{str(table.get('url', '')).rstrip('/')}/v1/chat/completions"
    token = around.secret(options.token or str(table.get("token", "")))
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return Exchange(safe_address(url, bool(table.get("allow_http"))), headers, secrets=(token,) if token else ())


def _prepared(restorer: Restorer, tidied: Sequence[Tidied], gateway: str, clock: DrillClock) -> NewEvent:
    notes = restorer.notes()
    lines = [line for one in tidied for line in (str(one), *told(one.left, gateway))]
    payload = {**notes, "tidied": lines, "text": "; ".join([f"{len(notes['before'])} values", *map(str, tidied)])}
    return NewEvent(Kind.RANGE_PREPARED, clock.now(), "cockpit", Source.SYSTEM, payload)


def _opening(setup: RangeSetup, clock: DrillClock) -> NewEvent:
    scenario = setup.scenario
    payload = {
        "mode": RANGE,
        "title": scenario.title,
        "service": scenario.service,
        "scenario": scenario.name,
        "scenario_text": scenario.text,
        "scenario_file": scenario.file,
        "seed": setup.seed,
        "profile": setup.playbook.profile.name,
        "profile_text": setup.profile_text,
        "responder": setup.responder,
        "speed": setup.speed,
        "gateway": setup.gateway,
        "start": iso(scenario.start),
        "page": iso(scenario.page),
        "end": iso(scenario.end),
    }
    return NewEvent(Kind.INCIDENT_OPENED, clock.now(), setup.responder, Source.SYSTEM, payload)
