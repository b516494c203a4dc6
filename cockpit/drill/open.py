"""Beginning a drill, and going on with one: the one place where scenario, world, playbook and journal meet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.domain.events import Event
from cockpit.drill.run import DrillRun, MovableClock, OpensIncidents, check_seed, opening
from cockpit.errors import BadInput, JournalDamaged
from cockpit.playbooks.journalled import playbook_of
from cockpit.session.session import Session
from cockpit.world.port import World

if TYPE_CHECKING:
    from cockpit.simulator.schema.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Setup:
    """What a new drill needs to be told."""

    scenario: str
    seed: int = 1
    profile: str = "default"
    responder: str = "you"
    speed: float = 1.0


def begin(journal: OpensIncidents, setup: Setup) -> str:
    """Write the first line of a new drill and return its incident id.

    Raises:
        BadInput: the scenario, the profile or the seed can't be used.
    """
    from cockpit.playbooks.loader import load_playbook, profile_text
    from cockpit.simulator.loader import load_scenario

    scenario = load_scenario(setup.scenario)
    playbook = load_playbook(setup.profile)
    first = opening(
        scenario, check_seed(setup.seed), playbook, profile_text(setup.profile), setup.responder, setup.speed
    )
    return journal.open_incident([first])


def attach(journal: OpensIncidents, incident: str, clock: MovableClock) -> DrillRun:
    """Go on with a drill from its journal; the clock is moved to where the journal stands.

    Raises:
        BadInput: the incident is no drill.
        JournalDamaged: its first line does not say what was played.
    """
    first = first_event(journal.events(incident))
    clock.move_to(first.at)
    scenario = scenario_of(first)
    world = make_world(scenario, int(first.get("seed", 0)))
    session = Session(journal, incident, world, playbook_of(first), clock)
    if session.state.last_at:
        clock.move_to(session.state.last_at)
    return DrillRun(session, clock, scenario.end)


def first_event(events: list[Event]) -> Event:
    """Return the line that opened a drill."""
    if not events:
        raise JournalDamaged("the first line of this drill can't be read", hint="`cockpit log verify` says where.")
    if events[0].get("mode") != "drill":
        raise BadInput(f"{events[0].incident} is no drill")
    return events[0]


def scenario_of(first: Event) -> Scenario:
    """Read the scenario that was played, as the journal kept it."""
    from cockpit.simulator.loader import parse_scenario

    return parse_scenario(str(first.get("scenario_text", "")), str(first.get("scenario_file", "scenario")))


def make_world(scenario: Scenario, seed: int) -> World:
    """Make the simulated world; a drill can make no other."""
    from cockpit.simulator.world import SimWorld

    return SimWorld(scenario, seed)


def scenario_argument(text: str) -> str:
    """Tell a file from a name: what looks like a path is made absolute, so that a drill can be gone on with."""
    return str(Path(text).absolute()) if text.endswith((".yaml", ".yml")) or "/" in text else text
