"""The debrief of a run: what it was worth, why, what would have been better, and the journal lines behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.worker import get_current_worker

from cockpit.domain.events import Event
from cockpit.errors import CockpitError
from cockpit.tui import chart
from cockpit.tui.leaving import Page
from cockpit.tui.panes.rows import Row, Rows
from cockpit.tui.panes.words import BAD, GOOD
from cockpit.tui.screens.debrief_rows import score_rows, story_rows
from cockpit.tui.text import Plain, line

if TYPE_CHECKING:
    from cockpit.drill.score.retell import Debrief
    from cockpit.tui.visits import Visits

TWO_COLUMNS = 120
Teller = Callable[[Sequence[Event]], "Debrief"]


def _tell(journal: Sequence[Event]) -> Debrief:
    from cockpit.drill.debrief import debrief

    return debrief(journal)


def _as_markdown(told: Debrief) -> str:
    from cockpit.drill.debrief import to_markdown

    return to_markdown(told)


class DebriefScreen(Page[None]):
    """Reads a whole journal; the score is worked out behind the first frame, since it plays every lever again."""

    DEFAULT_CSS = """
    DebriefScreen { layout: vertical; }
    DebriefScreen > Horizontal { height: 1fr; }
    DebriefScreen Rows { width: 1fr; border: round $frame; padding: 0 0 0 1; scrollbar-background: $background; }
    DebriefScreen Rows:focus { border: round $accent; }
    DebriefScreen #story { display: none; }
    DebriefScreen.-two #story { display: block; }
    DebriefScreen Plain { height: 1; padding: 0 1; background: $panel; }
    """
    HELP = """# Debrief
The score by part, each with the reason and the lines of the journal it rests on (**enter** opens a part). A part that
was not played counts for nothing. *What would have been better* is measured: the same requests are played again with
every lever at every minute.

**L** goes on to what is to be learnt: the worst answer becomes a test, and the incident is closed. **P** opens the
postmortem. **tab** other column · **e** writes the debrief as a Markdown file · **esc** back.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,b", "back", "Back"),
        Binding("e", "export", "Export as Markdown"),
        Binding("L", "learn", "Learn"),
        Binding("P", "postmortem", "Postmortem"),
        Binding("tab", "app.focus_next", "Other column", show=False),
    ]
    AUTO_FOCUS = "#score"

    def __init__(self, journal: Sequence[Event], *, folder: Path | None = None, tell: Teller = _tell) -> None:
        """`folder` is where the export goes: the working folder when not given."""
        super().__init__()
        self.journal = journal
        self.folder = folder
        self.told: Debrief | None = None
        self.opened: set[str] = set()
        self._teller = tell

    def compose(self) -> ComposeResult:
        yield Plain(line(("Debrief", "bold")), id="head")
        with Horizontal():
            score, story = Rows(id="score"), Rows(id="story")
            score.border_title, story.border_title = Content("Score"), Content("Story")
            yield score
            yield story
        yield Plain("working out the score: every lever at every minute is played again …", id="foot")

    def on_mount(self) -> None:
        self._work_out()

    @work(thread=True, group="debrief", description="work out the debrief")
    def _work_out(self) -> None:
        worker = get_current_worker()
        told: Debrief | None = None
        problem: CockpitError | None = None
        try:
            chart.warm()
            told = self._teller(self.journal)
        except CockpitError as error:
            problem = error
        if not worker.is_cancelled:
            self.app.call_from_thread(self._worked_out, told, problem)

    def _worked_out(self, told: Debrief | None, problem: CockpitError | None) -> None:
        if not self.is_mounted:
            return
        if problem:
            self._say(f"{problem.title}: {problem.message} {problem.hint}".strip(), BAD)
            return
        self.told = told
        self._say("↑↓ enter opens a part · tab column · L learn · P postmortem · e export · esc back", "")
        self.redraw()

    def _say(self, text: str, style: str) -> None:
        self.query_one("#foot", Plain).update(line((text, style)))

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width >= TWO_COLUMNS, "-two")
        self.call_after_refresh(self.redraw)

    def redraw(self) -> None:
        """Draw both columns, or one below the other where there is room for one."""
        if self.told is None:
            return
        score, story = self.query_one("#score", Rows), self.query_one("#story", Rows)
        rows = list(score_rows(self.told, self.opened, score.line_width))
        if self.has_class("-two"):
            story.set_rows(list(story_rows(self.told, story.line_width)))
        else:
            rows += [Row(Content("")), *story_rows(self.told, score.line_width)]
        score.set_rows(rows)
        run = self.told.score
        head = line((f"Debrief {run.incident}", "bold"), f"  {run.scenario}, seed {run.seed}, profile {run.profile}")
        self.query_one("#head", Plain).update(head)

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Open a part, or close it again."""
        event.stop()
        if event.key.startswith("part:"):
            self.opened ^= {event.key}
            self.redraw()
            event.rows.reveal(event.key)

    def action_export(self) -> None:
        """Write the debrief beside where the cockpit was started, never over another file."""
        if self.told is None:
            self._say("not yet: the score is still being worked out", BAD)
            return
        from cockpit.postmortem.leaving import write_new

        folder = self.folder or Path.cwd()
        try:
            path = write_new(folder, f"debrief-{self.told.score.incident}", _as_markdown(self.told))
        except CockpitError as problem:
            self._say(f"{problem.message}. {problem.hint}", BAD)
            return
        self._say(f"written to {path}", GOOD)

    def action_learn(self) -> None:
        """Go on to what is to be learnt."""
        self.dismiss(None)
        self._visits.learn_from(self.journal[0].incident)

    def action_postmortem(self) -> None:
        """Open the postmortem."""
        self._visits.open_postmortem(self.journal[0].incident)

    @property
    def _visits(self) -> Visits:
        return cast("Visits", self.app)

    def action_back(self) -> None:
        """Leave the debrief."""
        self.dismiss(None)
