"""The desk: opens drills for the screen, begun anew or gone on with, and fills the home screen."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from cockpit.cli.places import journal_of, open_journal, paths_of, settings_of
from cockpit.domain.events import Event
from cockpit.errors import BadInput, JournalDamaged, JournalError, JournalUnreachable
from cockpit.tui.ports import HomeData, NewDrill, RunLine, ScenarioLine

if TYPE_CHECKING:
    from cockpit.drill.open import Setup
    from cockpit.drill.runner import DrillRunner
    from cockpit.journal.log import Journal
    from cockpit.journal.records import IncidentLine
    from cockpit.live.runner import LiveRunner
    from cockpit.simulator.schema.scenario import Scenario


SEAT_S = 0.3
"""How long a drill that is played on another machine is waited for."""


@contextmanager
def _played_here(elsewhere: AbstractContextManager[None], incident: str) -> Iterator[None]:
    """Hold what only one machine can hold.

    Raises:
        BadInput: another one does.
    """
    with ExitStack() as held:
        try:
            held.enter_context(elsewhere)
        except JournalUnreachable:
            raise
        except JournalError:
            raise BadInput(
                f"{incident} is being played on another machine", hint="Leave it there with q first."
            ) from None
        yield


class Desk:
    """What stands behind the home screen and `cockpit drill`; every call may block."""

    def __init__(self, given: Namespace) -> None:
        self._given = given

    def load(self) -> HomeData:
        """Collect scenarios and runs."""
        from cockpit.playbooks.loader import profile_names
        from cockpit.simulator.loader import list_scenarios, load_scenario

        found = [load_scenario(name) for name in list_scenarios()]
        with open_journal(self._given) as journal:
            runs = tuple(self._run_line(line, journal) for line in journal.incidents())
            trouble = journal.trouble
        return HomeData(
            scenarios=tuple(ScenarioLine(one.name, one.title, one.brief) for one in found),
            runs=runs,
            profiles=tuple(profile_names()),
            problem=f"{trouble.title}: {trouble}" if trouble else "",
        )

    def start(self, drill: NewDrill) -> DrillRunner:
        """Open a new drill."""
        from cockpit.drill.open import Setup

        responder = settings_of(self._given).responder
        return self._begin(Setup(drill.scenario, drill.seed, drill.profile, responder, drill.speed))

    def resume(self, incident: str) -> DrillRunner | LiveRunner:
        """Go on with a drill where it was, or join a live incident."""
        if self._mode(incident) == "drill":
            return self._attach(incident, again=True)
        from cockpit.cli.live import attach_live

        return attach_live(self._given, incident)

    def events(self, incident: str) -> tuple[Event, ...]:
        """Read a whole incident."""
        with open_journal(self._given, read_only=True) as journal:
            return tuple(journal.events(incident))

    def latest(self) -> str:
        """Return the latest unfinished drill.

        Raises:
            BadInput: there is none.
        """
        with open_journal(self._given) as journal:
            unfinished = (line.id for line in journal.incidents() if not line.ended and line.mode == "drill")
            latest = next(unfinished, None)
        if latest is None:
            raise BadInput("no drill was left half-way", hint="Begin one: cockpit drill injection-leak")
        return latest

    def open_named(self) -> DrillRunner:
        """Open the drill the command line names: go on with it if it was left half-way, else begin it."""
        from cockpit.drill.open import Setup, scenario_argument
        from cockpit.drill.run import check_seed
        from cockpit.simulator.loader import load_scenario

        given, settings = self._given, settings_of(self._given)
        name = scenario_argument(given.scenario)
        if given.seed is not None:
            check_seed(given.seed)
        left = None if given.new else self._left_half_way(load_scenario(name))
        if left is not None:
            return self._attach(left, again=True, speed=None if given.speed is None else settings.speed)
        seed = 1 if given.seed is None else given.seed
        return self._begin(Setup(name, seed, settings.profile, settings.responder, settings.speed))

    def _mode(self, incident: str) -> str:
        with open_journal(self._given, read_only=True) as journal:
            return str(journal.events(incident)[0].get("mode", "drill"))

    def _left_half_way(self, scenario: Scenario) -> str | None:
        """Find the latest unfinished drill of a scenario, with the seed and profile that were asked for if any."""
        with open_journal(self._given) as journal:
            for line in journal.incidents():
                open_drill = line.mode == "drill" and not line.ended and line.scenario == scenario.name
                with suppress(JournalDamaged):
                    if open_drill and self._asked_for(journal.events(line.id)[0], scenario):
                        return line.id
        return None

    def _asked_for(self, first: Event, scenario: Scenario) -> bool:
        from cockpit.drill.open import scenario_argument

        given = self._given
        same = [given.seed in (None, first.get("seed")), given.profile in (None, first.get("profile"))]
        if "/" in scenario_argument(given.scenario):  # two files may give their scenarios the same name
            same.append(first.get("scenario_file") == scenario.file)
        return all(same)

    def _begin(self, setup: Setup) -> DrillRunner:
        from cockpit.drill.open import begin

        with open_journal(self._given) as journal:
            incident = begin(journal, setup)
        return self._attach(incident, again=False, speed=setup.speed)

    def _attach(self, incident: str, *, again: bool, speed: float | None = None) -> DrillRunner:
        from cockpit.drill.attach import attach_runner
        from cockpit.drill.seat import Seat
        from cockpit.journal.traces.store import TraceStore

        paths = paths_of(self._given)
        journal = journal_of(self._given)
        with ExitStack() as undo:
            undo.callback(journal.close)
            seat = Seat(paths.traces(incident).with_suffix(".seat"), incident)
            undo.callback(seat.leave)
            if elsewhere := journal.exclusive(f"drill {incident}", wait_s=SEAT_S):
                undo.enter_context(_played_here(elsewhere, incident))
            store = TraceStore.open(paths.traces(incident))
            responder = settings_of(self._given).responder
            runner = attach_runner(journal, store, incident, responder, again=again, speed=speed)
            runner.on_close(undo.pop_all().close)
            return runner

    def _run_line(self, line: IncidentLine, journal: Journal) -> RunLine:
        return RunLine(line.id, line.title, line.scenario, line.seed or 0, line.opened_at, line.ended, mode=line.mode)
