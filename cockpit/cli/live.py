"""`cockpit open`, `cockpit attach`: working a real incident on the team's own systems."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from cockpit.cli.output import print_json
from cockpit.cli.places import journal_of, open_journal, paths_of, settings_of
from cockpit.domain.clock import WallClock
from cockpit.errors import BadInput

if TYPE_CHECKING:
    from cockpit.domain.events import Event
    from cockpit.journal.log import Journal
    from cockpit.live.open import Surroundings
    from cockpit.live.runner import LiveRunner
    from cockpit.live.sight.opening import Recorded
    from cockpit.live.ticketing import Wanted
    from cockpit.live.trace_pull.inflow import Inflow
    from cockpit.world.fleet import Fleet


def open_new(given: Namespace) -> int:
    """Open a live incident, and its screen unless only its id is wanted.

    Raises:
        BadInput: there is no terminal for the screen.
    """
    from cockpit.tui.launch import no_screen

    if not given.json and (problem := no_screen()):
        raise BadInput(problem, hint="Nothing was opened. `cockpit open TITLE --json` opens it and prints its id.")
    incident = begin(given)
    if given.json:
        print_json({"incident": incident})
        return 0
    return _show(given, incident)


def attach(given: Namespace) -> int:
    """Join a live incident on the screen."""
    with open_journal(given, read_only=True) as journal:
        check_live(journal, given.incident)
    return _show(given, given.incident)


def begin(given: Namespace) -> str:
    """Write the first line of a live incident and return its id."""
    from cockpit.live.open import Opening, opening
    from cockpit.playbooks.loader import load_playbook, profile_text

    settings = settings_of(given)
    playbook, text = load_playbook(settings.profile), profile_text(settings.profile)
    told = Opening(given.title, settings.responder, given.service or "", settings.profile)
    with open_journal(given) as journal:
        return journal.open_incident([opening(told, settings.live, WallClock(), text, playbook)])


def attach_live(given: Namespace, incident: str, *, quietly: bool = False, delivers: bool = False) -> LiveRunner:
    """Return a started runner for a live incident; a quiet one sends updates and pages only when it `delivers`."""
    from cockpit.journal.traces.store import TraceStore
    from cockpit.live.open import join

    paths = paths_of(given)
    journal = journal_of(given)
    with ExitStack() as undo:
        undo.callback(journal.close)
        check_live(journal, incident)
        around = surroundings(given, incident, journal)
        store = TraceStore.open(paths.traces(incident))
        runner = join(
            journal, store, incident, settings_of(given).responder, around, quietly=quietly, delivers=delivers
        )
        runner.on_close(undo.pop_all().close)
        return runner


def surroundings(given: Namespace, incident: str, journal: Journal) -> Surroundings:
    """Return what a live incident needs from outside."""
    from cockpit.live.history import practices
    from cockpit.live.open import Surroundings
    from cockpit.world.secrets import secret_reader

    practised = {
        name: took for name, one in practices(journal).items() if (took := one.observed_s or one.stored_s) is not None
    }
    seat = paths_of(given).traces(incident).with_suffix(".driver")
    live = settings_of(given).live
    return Surroundings(
        live, secret_reader(os.environ), WallClock(), seat, practised, _recorded(given), _inflow(given), _leaving
    )


def _leaving(events: Sequence[Event], item: str, raw: bool) -> Wanted | None:
    """Return an open action item as it leaves for a tracker."""
    from cockpit.postmortem.as_ticket import open_item

    return open_item(events, item, raw)


def _inflow(given: Namespace) -> Callable[[Fleet], Inflow] | None:
    """Return what begins to bring traces in; None where no system is named for it."""
    settings, data = settings_of(given), paths_of(given).data
    if not settings.traces.sources:
        return None
    from cockpit.live.trace_pull.inflow import Inflow

    return lambda fleet: Inflow(fleet, settings.traces, settings.intake, data, WallClock().now)


def _recorded(given: Namespace) -> Recorded:
    """Return what recorded traces are seen with."""
    from cockpit.archive.store import NAME
    from cockpit.cli.traces.baseline import load
    from cockpit.cli.traces.known import known_of
    from cockpit.live.sight.opening import Recorded

    options, data = settings_of(given).traces, paths_of(given).data
    baseline = load(data, options.baseline) if options.baseline else None
    return Recorded(data / NAME, options, known_of(given), baseline)


def check_live(journal: Journal, incident: str) -> None:
    """Make sure that an incident is live.

    Raises:
        BadInput: it is a drill.
        UnknownIncident: there is none of that id.
    """
    from cockpit.live.open import first_event

    first_event(journal.events(incident))


def open_incident_id(given: Namespace) -> str:
    """Return the live incident a command is about: the one named, else the latest that is still open.

    Raises:
        BadInput: none is named and none is open.
    """
    with open_journal(given) as journal:
        if getattr(given, "incident", None):
            check_live(journal, given.incident)
            return str(given.incident)
        found = next((line.id for line in journal.incidents() if line.mode != "drill" and not line.ended), None)
    if found is None:
        raise BadInput("no live incident is open", hint='Open one first: cockpit open "what is wrong"')
    return found


def _show(given: Namespace, incident: str) -> int:
    from cockpit.cli.desk import Desk
    from cockpit.cli.learn.papers import DeskPapers
    from cockpit.cli.learn.similar import DeskMemory
    from cockpit.cli.places import screen_settings
    from cockpit.tui.app import CockpitApp
    from cockpit.tui.launch import run

    opener = lambda: attach_live(given, incident)  # noqa: E731
    return run(
        CockpitApp(
            opener,
            settings=screen_settings(given),
            home=Desk(given),
            papers=DeskPapers(given),
            memory=DeskMemory(given),
        )
    )
