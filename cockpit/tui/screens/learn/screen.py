"""Station 5 at the keyboard: five steps, each one key, and what comes next after each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from cockpit.errors import CockpitError
from cockpit.session.snapshot import Controller, Snapshot
from cockpit.tui.messages import ActionRequested
from cockpit.tui.modals import Wishes
from cockpit.tui.panes.rows import Row, Rows, paragraph, row
from cockpit.tui.panes.words import BAD, DIM, GOOD, KEY, WARN
from cockpit.tui.runner import Notice, in_words
from cockpit.tui.screens.confirm import AskModal
from cockpit.tui.screens.learn.forms import AlertForm, CaseForm, WaiverForm
from cockpit.tui.screens.learn.prove import ProveForm
from cockpit.tui.screens.learn.steps import (
    CASE,
    CLOSE,
    KEEP,
    NAME,
    POSTMORTEM,
    PROVE,
    WAIVE,
    Step,
    extras_of,
    next_of,
    steps_of,
)
from cockpit.tui.text import Part, Plain, line

if TYPE_CHECKING:
    from cockpit.tui.visits import Visits

FORMS: dict[str, type[AskModal]] = {
    CASE: CaseForm, NAME: AlertForm, WAIVE: WaiverForm,
}  # fmt: skip
NAME_CELLS = 12
_STYLES = {"bad": BAD, "refused": WARN, "waiting": DIM}


class LearnModal(AskModal):
    """Stays open from step to step: what is asked for is done behind it, and what came of it stands in it."""

    HEADING = "Learn: what is no test comes back"
    HINT: ClassVar[str] = "enter the step under ▸ · or its key · esc leave"
    AUTO_FOCUS = "Rows"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, f"step('{key}')", "Step", show=False)
        for key in (
            CASE, PROVE, NAME, POSTMORTEM, CLOSE,
            WAIVE, KEEP,
        )
    ]  # fmt: skip

    def __init__(self, snapshot: Snapshot, controller: Controller) -> None:
        super().__init__(snapshot, controller)
        self._next = ""

    def body(self) -> ComposeResult:
        """The steps, what came of the last one, and what comes next."""
        yield Rows(id="learn-steps", spare=8)
        yield Plain("", id="learn-said")
        yield Plain("", id="learn-next")

    def redraw(self) -> None:
        """Draw the steps as they stand; the cursor goes to the next one when that changes."""
        steps = steps_of(self.snapshot.state, self.snapshot.refusals)
        after = next_of(steps)
        rows = self.query_one(Rows)
        rows.set_rows([one for step in steps for one in self._step(step)] + list(self._extras()))
        if after and after.key != self._next:
            self._next = after.key
            rows.select(after.key)
        self.query_one("#learn-next", Plain).update(line(*self._advice(after)))

    def _step(self, step: Step) -> Iterator[Row]:
        sign, style = ("✔", GOOD) if step.done else ("–", WARN) if step.waived else ("○", DIM)
        words: Part = (step.words, "" if step.done or step.waived else "bold")
        blocked: Part = (f"  ({step.blocked})", DIM) if step.blocked and not step.settled else ""
        content = line((f"{sign} ", style), (step.key, KEY), f"  {step.name.ljust(NAME_CELLS)}", words, blocked)
        yield from paragraph(content, self.room, hang=NAME_CELLS + 5, key=step.key)

    def _extras(self) -> Iterator[Row]:
        found = list(extras_of(self.snapshot.state))
        if found:
            yield row("")
        for key, words in found:
            yield from paragraph(line("  ", (key, KEY), f"  {words}"), self.room, hang=5, key=key)

    def _advice(self, after: Step | None) -> Sequence[Part]:
        state = self.snapshot.state
        if after is None:
            more = "" if state.live else "; b then shows the debrief and the score"
            return [(f"✔ {state.incident} is closed. ", f"bold {GOOD}"), ("esc", KEY), f" leaves{more}"]
        told: Part = f"{after.name}: {after.words}"
        if after.blocked:
            told = (f"{after.name}: not yet, {after.blocked}", WARN)
        return [("Next ▸ ", "bold $text-accent"), "press ", (after.key, KEY), "  ", told]

    def hear(self, notice: Notice) -> None:
        """Show what became of a step."""
        self.query_one("#learn-said", Plain).update(line((notice.text, _STYLES.get(notice.tone, GOOD))))

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Do the step under the cursor."""
        event.stop()
        self.action_step(event.key)

    def action_step(self, key: str) -> None:
        """Do a step, or open what it needs to know."""
        known = {one.key: one for one in steps_of(self.snapshot.state, self.snapshot.refusals)}
        closed = self.snapshot.state.learning.closed_at
        if key == POSTMORTEM:
            cast("Visits", self.app).open_postmortem(self.snapshot.state.incident)
        elif key == KEEP:
            self._keep()
        elif closed:
            self.hear(Notice("Not now: the incident is closed", "refused"))
        elif (step := known.get(key)) and step.blocked:
            self.hear(Notice(f"Not now: {step.blocked}", "refused"))
        elif key == PROVE:
            self._prove()
        elif key == CLOSE:
            self.post_message(ActionRequested("close_incident"))
        else:
            self.app.push_screen(FORMS[key](self.snapshot, self.controller), self._filled)

    def _prove(self) -> None:
        if not self.snapshot.state.learning.fixtures:
            self.hear(Notice("Not now: there is no case yet, c makes one", "refused"))
        elif self.snapshot.state.simulated:
            self.hear(Notice("◌ asking the simulator again, under the bad and the fixed configuration …", "waiting"))
            self.post_message(ActionRequested("prove_fixture"))
        else:
            self.app.push_screen(ProveForm(self.snapshot, self.controller), self._filled)

    def _filled(self, wishes: Wishes) -> None:
        for wish in wishes or ():
            self.hear(Notice("◌ one moment …", "waiting"))
            self.post_message(ActionRequested(wish.action, wish.arguments))

    def _keep(self) -> None:
        learning = self.snapshot.state.learning
        if not learning.fixtures:
            self.hear(Notice("Not now: there is no case yet, c makes one", "refused"))
            return
        self.hear(Notice("◌ writing it …", "waiting"))
        work = partial(self._write, self.snapshot.state.incident, learning.fixtures[-1].id)
        self.run_worker(work, thread=True, group="keep", exclusive=True)

    def _write(self, incident: str, case: str) -> None:
        papers = cast("Visits", self.app).papers
        try:
            told = f"Written to {papers.keep_case(incident, case)}: look through it once" if papers else ""
            notice = Notice(told or "Not now: there is no place for it here", "good" if told else "refused")
        except CockpitError as problem:
            notice = Notice(in_words(problem), "bad")
        self.app.call_from_thread(self._heard, notice)

    def _heard(self, notice: Notice) -> None:
        if self.is_mounted:
            self.hear(notice)
