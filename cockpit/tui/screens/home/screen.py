"""Home: what to go on with, what can be played, what is over and can be read again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from cockpit.errors import CockpitError
from cockpit.tui.panes.rows import Rows, row
from cockpit.tui.panes.words import BAD, DIM, KEY
from cockpit.tui.ports import HomeData, HomeModel, NewDrill, RunLine
from cockpit.tui.runner import Notice, in_words
from cockpit.tui.screens.home.left import Reminder
from cockpit.tui.screens.home.rows import HomeList
from cockpit.tui.screens.new_drill import NewDrillModal
from cockpit.tui.still import StillScreen
from cockpit.tui.text import Plain, line, untrusted

if TYPE_CHECKING:
    from cockpit.postmortem.left import Left
    from cockpit.tui.app import CockpitApp

WHAT = (
    "A fire drill for LLM incidents: you are paged; classify, decide, stop the harm, keep people informed, learn.\n"
    "Choose a drill and press enter. Inside, the line Next ▸ always says what to do, and ? explains what you see."
)


LOOKING = "looking for drills …"


BESIDES = 14
"""Lines that home needs beside its list at 80 columns: title, four of explanation, the brief, notice, keys."""
LEAST = 5


class HomeScreen(StillScreen[None]):
    """Everything that can be opened; one list, one cursor."""

    CSS_PATH = "screen.tcss"
    AUTO_FOCUS = "#choices"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1", "help", "Help", show=False),
        Binding("P", "after('postmortem')", "Postmortem", show=False),
        Binding("L", "after('learn')", "Learn", show=False),
        Binding("q", "leave", "Quit", show=False),
    ]
    HELP = """# Home
**Live incidents** are real: enter joins one, from as many terminals as there are people. `cockpit open` begins one.
**After incidents** reminds of postmortems and action items that are due or late, and of waivers: enter opens them.
**Go on** opens a drill where it was left, even after a lost connection. **New drill** asks for a seed, a speed and a
profile: the same seed gives the same night again. **Over** opens a debrief: the score, every point of it tied to what
you did, and what would have been different. **P** opens the postmortem of the run under the cursor, **L** what is to
be learnt from it. Arrows move, **enter** opens, **q** leaves.
"""

    def __init__(self, home: HomeModel) -> None:
        super().__init__()
        self._home = home
        self._list = HomeList()
        self._empty = LOOKING

    def compose(self) -> ComposeResult:
        yield Plain(line(("cockpit", "bold"), "   LLM incidents and fire drills"), id="home-title")
        yield Plain(WHAT, id="home-what")
        yield Rows(id="choices")
        yield Plain("", id="brief")
        yield Plain("", id="home-notice")
        yield Plain(_keys(), id="home-keys")

    def on_mount(self) -> None:
        self.query_one(Rows).set_rows([row((self._empty, DIM))])
        self.query_one(Rows).border_title = "Drills"

    def on_screen_resume(self) -> None:
        self.call_after_refresh(self.run_worker, self._load, thread=True, group="home", exclusive=True)

    def on_resize(self) -> None:
        self.call_after_refresh(self._draw)

    def say(self, notice: Notice) -> None:
        """Show an outcome at the foot."""
        self.query_one("#home-notice", Plain).update(line((notice.text, BAD if notice.tone == "bad" else "")))

    @property
    def _cockpit(self) -> CockpitApp:
        return self.app  # type: ignore[return-value]

    def _load(self) -> None:
        try:
            data = self._home.load()
        except CockpitError as problem:
            data = HomeData(problem=in_words(problem))
        self.app.call_from_thread(self._loaded, data)

    def _loaded(self, data: HomeData) -> None:
        self._list, self._empty = replace(self._list, data=data), "nothing here yet"
        if data.problem:
            self.say(Notice(data.problem, "bad"))
        self._draw()
        if self._cockpit.papers and any(run.ended for run in data.runs):
            # Every journal is read for it: after the list, so that nobody waits.
            self.run_worker(self._look_back, thread=True, group="home-left", exclusive=True)

    def _look_back(self) -> None:
        from cockpit.tui.screens.home.left import reminders

        papers = self._cockpit.papers
        try:
            found = list(papers.left()) if papers else []
        except CockpitError as problem:
            self.app.call_from_thread(self.say, Notice(in_words(problem), "bad"))
            return
        self.app.call_from_thread(self._looked_back, found, reminders(found))

    def _looked_back(self, found: Sequence[Left], made: list[Reminder]) -> None:
        self._list = replace(self._list, left={one.incident: one for one in found}, reminders=made)
        self._draw()

    def _draw(self) -> None:
        rows = self.query_one(Rows)
        if rows.line_width:
            made = list(self._list.rows(rows.line_width)) or [row((self._empty, DIM))]
            rows.styles.height = min(len(made) + 2, max(LEAST, self.size.height - BESIDES))
            rows.set_rows(made)
            self._describe()

    @on(Rows.Moved)
    def _describe(self, moved: Rows.Moved | None = None) -> None:
        if moved:  # what was said was about another row
            self.query_one("#home-notice", Plain).update("")
        key = self.query_one(Rows).cursor
        scenario, run = self._list.scenario(key), self._list.run(key)
        brief = self.query_one("#brief", Plain)
        if reminder := self._list.reminder(key):
            brief.update(line((reminder.incident, "bold"), "  ", untrusted(reminder.brief, multiline=True)))
        elif scenario:
            brief.update(line((scenario.title, "bold"), "\n", untrusted(scenario.brief, multiline=True, limit=1200)))
        elif run:
            what = f"{run.scenario}, seed {run.seed}. " if run.mode != "live" else "On your own systems. "
            brief.update(line((run.title, "bold"), "\n", f"{what}{self._list.standing(run)}"))

    @on(Rows.Chosen)
    def _chosen(self, event: Rows.Chosen) -> None:
        scenario, run = self._list.scenario(event.key), self._list.run(event.key)
        self.query_one("#home-notice", Plain).update("")
        if reminder := self._list.reminder(event.key):
            begin = "" if reminder.item in ("", "postmortem") else "items"
            self._cockpit.open_postmortem(reminder.incident, begin)
        elif scenario:
            self.app.push_screen(NewDrillModal(scenario, self._list.data.profiles), self._start)
        elif run and run.ended and run.mode != "live":
            self.run_worker(partial(self._read, run.incident), thread=True, group="home", exclusive=True)
        elif run:
            self._cockpit.visit(partial(self._home.resume, run.incident))

    def _start(self, drill: NewDrill | None) -> None:
        if drill:
            self._cockpit.visit(partial(self._home.start, drill))

    def _read(self, incident: str) -> None:
        try:
            events = self._home.events(incident)
        except CockpitError as problem:
            self.app.call_from_thread(self.say, Notice(in_words(problem), "bad"))
            return
        self.app.call_from_thread(self._cockpit.read_debrief, events)

    def _chosen_run(self) -> RunLine | None:
        run = self._list.run(self.query_one(Rows).cursor)
        if run is None:
            runs = "go down to a run or an incident" if self._list.data.runs else "nothing has been played here yet"
            self.say(Notice(f"Not now: {runs}", "refused"))
        return run

    def action_after(self, what: str) -> None:
        """Open the postmortem of the run under the cursor, or the run with what is to be learnt from it."""
        if run := self._chosen_run():
            (self._cockpit.open_postmortem if what == "postmortem" else self._cockpit.learn_from)(run.incident)

    def action_help(self) -> None:
        """Explain this screen."""
        from cockpit.tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self.HELP, self._cockpit.keys, None))

    def action_leave(self) -> None:
        """Leave the program."""
        self.app.exit()


def _keys() -> Content:
    keys = (("↑↓", "choose"), ("enter", "open"), ("P", "postmortem"), ("L", "learn"), ("?", "help"), ("q", "quit"))
    return Content("  ").join([line((key, KEY), f" {words}") for key, words in keys])
