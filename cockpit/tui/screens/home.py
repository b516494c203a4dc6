"""Home: what to go on with, what can be played, what is over and can be read again."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen

from cockpit.errors import CockpitError
from cockpit.tui.panes.rows import Row, Rows, row
from cockpit.tui.panes.words import BAD, DIM, KEY
from cockpit.tui.ports import HomeData, HomeModel, NewDrill, RunLine, ScenarioLine
from cockpit.tui.runner import Notice, in_words
from cockpit.tui.screens.new_drill import NewDrillModal
from cockpit.tui.text import Plain, line, untrusted

if TYPE_CHECKING:
    from cockpit.tui.app import CockpitApp

WHAT = (
    "A fire drill for LLM incidents: you are paged; classify, decide, stop the harm, keep people informed, learn.\n"
    "Choose a drill and press enter. Inside, the line Next ▸ always says what to do, and ? explains what you see."
)


class HomeScreen(Screen[None]):
    """Everything that can be opened; one list, one cursor."""

    CSS_PATH = "home.tcss"
    AUTO_FOCUS = "#choices"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1", "help", "Help", show=False),
        Binding("q", "leave", "Quit", show=False),
    ]
    HELP = """# Home
**Live incidents** are real: enter joins one, from as many terminals as there are people. `cockpit open` begins one.
**Go on** opens a drill where it was left, even after a lost connection. **New drill** asks for a seed, a speed and a
profile: the same seed gives the same night again. **Over** opens a debrief: the score, every point of it tied to what
you did, and what would have been different. Arrows move, **enter** opens, **q** leaves.
"""

    def __init__(self, home: HomeModel) -> None:
        super().__init__()
        self._home = home
        self._data = HomeData()

    def compose(self) -> ComposeResult:
        yield Plain(line(("cockpit", "bold"), "   LLM incidents and fire drills"), id="home-title")
        yield Plain(WHAT, id="home-what")
        yield Rows(id="choices")
        yield Plain("", id="brief")
        yield Plain("", id="home-notice")
        yield Plain(_keys(), id="home-keys")

    def on_mount(self) -> None:
        self.query_one(Rows).set_rows([row(("looking for drills …", DIM))])
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
        self._data = data
        if data.problem:
            self.say(Notice(data.problem, "bad"))
        self._draw()

    def _draw(self) -> None:
        rows = self.query_one(Rows)
        if rows.line_width:
            made = list(_choices(self._data, rows.line_width)) or [row(("nothing here yet", DIM))]
            rows.styles.height = len(made) + 2
            rows.set_rows(made)
            self._describe(rows.cursor)

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        self._describe(event.key)

    def _describe(self, key: str) -> None:
        scenario, run = self._scenario(key), self._run(key)
        brief = self.query_one("#brief", Plain)
        if scenario:
            brief.update(line((scenario.title, "bold"), "\n", untrusted(scenario.brief, multiline=True, limit=1200)))
        elif run:
            what = f"{run.scenario}, seed {run.seed}. " if run.mode != "live" else "On your own systems. "
            brief.update(line((run.title, "bold"), "\n", f"{what}{_standing(run)}"))

    def _scenario(self, key: str) -> ScenarioLine | None:
        return next((one for one in self._data.scenarios if f"new:{one.name}" == key), None)

    def _run(self, key: str) -> RunLine | None:
        return next((one for one in self._data.runs if f"run:{one.incident}" == key), None)

    @on(Rows.Chosen)
    def _chosen(self, event: Rows.Chosen) -> None:
        scenario, run = self._scenario(event.key), self._run(event.key)
        self.query_one("#home-notice", Plain).update("")
        if scenario:
            self.app.push_screen(NewDrillModal(scenario, self._data.profiles), self._start)
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

    def action_help(self) -> None:
        """Explain this screen."""
        from cockpit.tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self.HELP, self._cockpit.keys, None))

    def action_leave(self) -> None:
        """Leave the program."""
        self.app.exit()


def _choices(data: HomeData, width: int) -> Iterator[Row]:
    real = [run for run in data.runs if run.mode == "live"]
    open_runs = [run for run in data.runs if not run.ended and run.mode != "live"]
    over = [run for run in data.runs if run.ended and run.mode != "live"]
    if real:
        yield row(("Live incidents", "bold $text-error"))
        yield from (_real_row(run, width) for run in sorted(real, key=lambda run: run.ended))
    if open_runs:
        yield row(("Go on where it was", "bold $text-accent"))
        yield from (_run_row(run, width) for run in open_runs)
    if data.scenarios:
        yield row(("New drill", "bold $text-accent"))
        yield from (_scenario_row(scenario, width) for scenario in data.scenarios)
    if over:
        yield row(("Over: read the debrief", "bold $text-accent"))
        yield from (_run_row(run, width) for run in over)


def _scenario_row(scenario: ScenarioLine, width: int) -> Row:
    words = line("  ", (scenario.name.ljust(22), "bold"), " ", untrusted(scenario.title, limit=200))
    return Row(words.truncate(width, ellipsis=True), f"new:{scenario.name}")


def _run_row(run: RunLine, width: int) -> Row:
    place = "on staging  " if run.mode == "range" else ""
    played = f"{run.opened_at:%d %b %H:%M}  {run.scenario.ljust(20)} seed {run.seed}  {place}"
    left = line("  ", (run.incident.ljust(10), "bold"), played, (_standing(run), "bold" if run.ended else ""))
    return Row(left.truncate(width, ellipsis=True), f"run:{run.incident}")


def _real_row(run: RunLine, width: int) -> Row:
    opened = f"{run.opened_at:%d %b %H:%M}  "
    title = untrusted(run.title, "" if run.ended else "bold", limit=120)
    mark = (" live ", DIM) if run.ended else (" LIVE ", "bold $live-text on $live")
    words = line("  ", (run.incident.ljust(10), "bold"), opened, mark, " ", title, (f"  {_standing(run)}", DIM))
    return Row(words.truncate(width, ellipsis=True), f"run:{run.incident}")


def _standing(run: RunLine) -> str:
    if run.mode == "live":
        return "all clear: enter reads it and writes notes" if run.ended else "open: enter joins"
    if not run.ended:
        return "still open: enter goes on"
    return "over" if run.score is None else f"score {run.score:.0f} of 100"


def _keys() -> Content:
    return line(("↑↓", KEY), " choose  ", ("enter", KEY), " open  ", ("?", KEY), " help  ", ("q", KEY), " quit")
