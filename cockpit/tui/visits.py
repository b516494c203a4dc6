"""Coming and going: home, opening an incident behind the first frame, leaving it where it stands, its debrief."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rich.text import Text

from cockpit.errors import CockpitError
from cockpit.tui import heap
from cockpit.tui.actions import BY_ID, Command, Keys
from cockpit.tui.crash import last_words
from cockpit.tui.reading import Reading
from cockpit.tui.runner import Notice, in_words
from cockpit.tui.screens.cockpit import CockpitScreen

if TYPE_CHECKING:
    from cockpit.domain.incident import IncidentState
    from cockpit.tui.ports import CockpitController, HomeModel, Opener, Papers
    from cockpit.tui.screens.home.screen import HomeScreen


RANGE = "range"


class Visits(Reading):
    """The part of the app that moves between screens."""

    keys: Keys
    home: HomeModel | None
    papers: Papers | None

    @property
    def cockpit(self) -> CockpitScreen | None:
        """The cockpit's screen, while there is one."""
        return next((screen for screen in self.screen_stack if isinstance(screen, CockpitScreen)), None)

    def visit(self, opener: Opener, first: str = "") -> None:
        """Show the cockpit's frame at once, and open the incident behind it; `first` is a command to begin with."""
        self.push_screen(CockpitScreen(self.keys))
        self.call_after_refresh(
            self.run_worker,
            partial(self._open, opener, first),
            thread=True,
            group="open",
            exclusive=True,
            description="open the incident",
        )

    def _open(self, opener: Opener, first: str) -> None:
        """Import what the panes need and open the incident; runs in a thread."""
        from cockpit.tui.panes import all_panes

        try:
            controller = opener()
        except CockpitError as problem:
            self.call_from_thread(self._not_opened, problem)
            return
        all_panes.load()
        heap.settle()
        self.call_from_thread(self._opened, controller, first)

    def _opened(self, controller: CockpitController, first: str) -> None:
        screen = self.cockpit
        if screen is None:
            # The person left before it was open.
            self.run_worker(controller.close, thread=True, group="close", description="let the incident go")
            return
        self.connect(controller)
        self.run_worker(
            self._fill(screen, controller, first), group="open", description="put the panes in their places"
        )

    async def _fill(self, screen: CockpitScreen, controller: CockpitController, first: str) -> None:
        from cockpit.tui.panes import all_panes

        await screen.fill(all_panes.make(controller))
        if first:
            self.poll()
            self.give(BY_ID[first])

    def _not_opened(self, problem: CockpitError) -> None:
        if self._home_screen() is None:
            self.exit(return_code=problem.exit_code, message=last_words(in_words(problem)))
            return
        self._back_home(Notice(in_words(problem), "bad"))

    def go_home(self) -> None:
        """Show what can be played, gone on with and read again."""
        from cockpit.tui.screens.home.screen import HomeScreen

        if self.home:
            self.push_screen(HomeScreen(self.home))

    def let_go(self) -> None:
        """Stop driving the incident from here; the journal keeps where it stands."""
        controller, self.controller, self.runner = self.controller, None, None
        if controller:
            controller.close()

    def give(self, command: Command) -> None:
        """Do what a key asks for, or say why not."""
        if command.id == "help":
            self._help()
        elif command.id == "quit":
            self._ask_to_leave()
        elif command.id == "debrief":
            self.debrief()
        elif command.id == "filter":
            self._filter()
        elif command.id == "groups":
            self.open_groups()
        elif command.id == "postmortem" and self.latest:
            self.open_postmortem(self.latest.state.incident)
        else:
            super().give(command)

    def _filter(self) -> None:
        from cockpit.tui.traces.pane import TracePane

        for pane in self.cockpit.query(TracePane) if self.cockpit else ():
            pane.action_filter()

    def open_postmortem(self, incident: str, begin: str = "") -> None:
        """Open the postmortem of an incident."""
        from cockpit.tui.postmortem.screen import PostmortemScreen

        if self.papers is None or not incident:
            self.say(Notice("Not now: there is no place for a postmortem here", "refused"))
        elif not isinstance(self.screen, PostmortemScreen):
            self.push_screen(PostmortemScreen(self.papers, incident, begin))

    def learn_from(self, incident: str) -> None:
        """Go on to what is to be learnt from an incident, opening it first where it is not open."""
        if self.cockpit:
            self.give(BY_ID["learn"])
        elif self.home:
            self.visit(partial(self.home.resume, incident), "learn")

    def _help(self) -> None:
        from cockpit.tui.screens.help import HelpScreen, help_of

        self.push_screen(HelpScreen(help_of(self.focused), self.keys, self.latest))

    def _ask_to_leave(self) -> None:
        from cockpit.tui.screens.ask import AskScreen

        state = self.latest.state if self.latest else None
        where = f"{state.incident} {_stays(state)}. " if state and state.incident else ""
        way_back = "Choose it at home to go on." if self._home_screen() else "Run `cockpit` and choose it to go on."
        if state and state.mode == RANGE:
            way_back = "It can't be gone on with."
        self.push_screen(AskScreen("Leave?", f"{where}{way_back}", yes="leave", keys=("q", "enter")), self._leave)

    def _leave(self, yes: bool | None) -> None:
        if not yes:
            return
        if self._home_screen():
            self._back_home()
        else:
            self.exit(message=self._where())

    def _where(self) -> Text | None:
        state = self.latest.state if self.latest else None
        if state is None or not state.incident:
            return None
        goes_on = "goes on where it was" if state.simulated else _stays(state)
        back = "" if state.mode == RANGE else ": run `cockpit` and choose it"
        return last_words(f"{state.incident} {goes_on}{back}.")

    def _back_home(self, notice: Notice | None = None) -> None:
        self.run_worker(self.let_go, thread=True, group="close", description="let the incident go")
        while self.cockpit:
            self.pop_screen()
        if notice and (home := self._home_screen()):
            home.say(notice)

    def _home_screen(self) -> HomeScreen | None:
        from cockpit.tui.screens.home.screen import HomeScreen

        return next((screen for screen in self.screen_stack if isinstance(screen, HomeScreen)), None)

    def action_command(self, command: str) -> None:
        """Do what a command of the palette asks for."""
        screen = self.screen
        if isinstance(screen, CockpitScreen):
            screen.action_command(command)
        else:
            self.give(BY_ID[command])

    async def action_quit(self) -> None:
        """Leave at once; the incident stays where it is."""
        self.exit(message=self._where())


def _stays(state: IncidentState) -> str:
    """Say what becomes of an incident when this terminal leaves it."""
    if state.simulated:
        return "stays where it is"
    if state.mode == RANGE:
        return "ends here, and what it changed on your staging systems is put back"
    return "stays open and its levers stay as they are, but nothing is watched from here any more"
