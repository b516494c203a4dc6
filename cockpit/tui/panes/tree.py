"""Pane 2: the decision tree as it has been walked, the open question, and what is believed about the failure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content

from cockpit.domain.playbook import Question
from cockpit.domain.triage import Step, walk
from cockpit.session.snapshot import Snapshot
from cockpit.tui.messages import ActionRequested, ModalRequested, PlanRequested
from cockpit.tui.panes.belief import belief_rows, symptom_rows
from cockpit.tui.panes.pane import RowPane
from cockpit.tui.panes.rows import Row, Rows, digit_of, paragraph
from cockpit.tui.panes.words import DIM, GOOD, KEY, WARN, evidence, lever_title, person, stamp
from cockpit.tui.text import line, untrusted

NARROW = 44
"""Cells under which only the answer under the cursor is explained."""
ANSWER_ROWS = 3
"""The last answer takes about as many, with its words and the hint below it."""


class TreePane(RowPane):
    """One decision, made fast: the walk so far, the open question, and the picture of the failure."""

    NUMBER = 2
    TITLE = "Decision tree"
    HELP = """# Decision tree
One decision, made fast. Are users at risk now? Stop the harm first. Did something change? Undo it. Only when nothing
changed: investigate. **↑ ↓** choose an answer, **enter** gives it; a number key puts the cursor on that answer.
Enter on a question answered before opens it again: changing your mind is fine, the journal keeps both.

Below: what you believe. **i** names class, layer and the change that did it · **g** gauges it (since when, what
share, what shape, reproducible, what changed) and sets the scope · **h** hypotheses · symptom rows open from signals
over their line.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Answer", show=False),
        Binding("i", "open('classify')", "Class, layer", tooltip="Name the class, the layer and the change"),
        Binding("g", "open('characterise')", "Characterise", tooltip="Since when, what share, what shape, scope"),
        Binding("h", "open('hypotheses')", "Hypotheses", tooltip="Write guesses down and how they stand"),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.reopened = ""

    def rows_of(self, snapshot: Snapshot, width: int) -> Sequence[Row]:
        """The walk, then what is believed, then the symptom table's rows."""
        rows: list[Row] = []
        steps = list(walk(snapshot.playbook, snapshot.state.triage.answers))
        for step in steps:
            rows += _step_rows(snapshot, step, width, self.cursor, reopened=self.reopened == step.question.id)
        if steps and steps[-1].option is not None:
            rows += paragraph(line(("✔ ", GOOD), "the tree is walked to its end"), width, hang=2)
        rows += _lever_hints(snapshot, steps)
        return [*rows, Row(Content("")), *belief_rows(snapshot, width), *symptom_rows(snapshot, width)]

    def heading_of(self, snapshot: Snapshot) -> tuple[str, str]:
        """Keys that act in this pane."""
        if self.line_width < NARROW:
            return "", "i class · g gauge"
        return "", "enter answer · i class · g gauge · h hypotheses"

    def select(self, key: str) -> None:
        """Move; where there is little room, only the answer under the cursor is explained."""
        super().select(key)
        self.rebuild()

    def first_cursor(self, keys: Sequence[str]) -> str:
        """Stand on the first answer of the open question."""
        return next((key for key in keys if key.startswith("answer:")), keys[0])

    def on_focus(self) -> None:
        """Bring the answers of the open question into view: they are what the pane was entered for."""
        super().on_focus()
        self.reveal(self.cursor)

    def rebuild(self) -> None:
        """Make the rows again; where that opened another question, its answers come into view."""
        before = self.cursor
        super().rebuild()
        if self.has_focus and self.cursor != before:
            self.reveal(self.cursor)

    def reveal(self, key: str) -> None:
        """Scroll until a row can be seen; of a question, all of its answers that fit."""
        if not key.startswith("answer:"):
            if key:
                super().reveal(key)
            return
        question = key.partition("\x1f")[0]
        places = [number for number, one in enumerate(self.drawn) if one.key.startswith(f"{question}\x1f")]
        chosen = next(number for number, one in enumerate(self.drawn) if one.key == key)
        top, height = int(self.scroll_offset.y), max(1, self.scrollable_content_region.height)
        last = min(places[-1] + ANSWER_ROWS, len(self.drawn), chosen + height)
        if chosen < top or last > top + height:
            self.scroll_to(y=min(chosen, max(0, last - height)), animate=False, force=True)

    def on_key(self, event: events.Key) -> None:
        """A number that belongs to an answer puts the cursor there; other numbers go on to the cockpit."""
        answers = [key for key in self.selectable() if key.startswith("answer:")]
        number = digit_of(event)
        if 1 <= number <= len(answers):
            event.stop()
            event.prevent_default()
            self.select(answers[number - 1])

    def action_open(self, modal: str) -> None:
        """Open a dialog of this pane."""
        self.post_message(ModalRequested(modal))

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Give an answer, open a question again, or plan an advised lever."""
        event.stop()
        kind, _, rest = event.key.partition(":")
        if kind == "answer":
            question, _, answer = rest.partition("\x1f")
            self.reopened = ""
            self.post_message(ActionRequested("answer", {"question": question, "answer": answer}))
        elif kind == "question":
            self.reopened = "" if self.reopened == rest else rest
            self.rebuild()
            self.select(next((key for key in self.selectable() if key.startswith(f"answer:{rest}\x1f")), event.key))
        elif kind == "lever":
            self.post_message(PlanRequested(rest))
        elif kind == "open":
            self.post_message(ModalRequested(rest))


def _step_rows(snapshot: Snapshot, step: Step, width: int, cursor: str, *, reopened: bool) -> Iterator[Row]:
    pad = min(2 * step.depth, 6)
    branch = Content("└ " if step.depth else "")
    question, option = step.question, step.option
    key = f"question:{question.id}" if option else ""
    style = "bold" if option is None or reopened else ""
    head = branch + untrusted(question.text, style)
    yield from paragraph(head, width, indent=pad, hang=pad + (2 if step.depth else 0), key=key)
    if option is None or reopened:
        given = step.answer.answer if step.answer else ""
        explained = cursor if width < NARROW else ""
        yield from _look_rows(snapshot, question, width, pad + 2)
        yield from _option_rows(question, given, width, pad + 2, explained)
        return
    assert step.answer is not None
    who = person(step.answer.actor, snapshot.actor)
    chosen = line("└ ", (option.answer, f"bold {GOOD}"), " ", (f"{stamp(step.answer.at, seconds=False)} {who}", DIM))
    here = line(("  ◀ here", WARN)) if not option.then else Content("")
    yield from paragraph(chosen + here, width, indent=pad + 1, hang=pad + 3)
    if option.advice and not option.then:
        yield from paragraph(untrusted(option.advice), width, indent=pad + 3)


def _look_rows(snapshot: Snapshot, question: Question, width: int, pad: int) -> Iterator[Row]:
    seen = " · ".join(evidence(snapshot, question.evidence))
    if seen:
        yield from paragraph(line(("look: ", DIM), untrusted(seen, DIM)), width, indent=pad)


def _option_rows(question: Question, given: str, width: int, pad: int, explained: str) -> Iterator[Row]:
    """Offer the answers; `explained` is the only one whose words are drawn, or empty for all."""
    keys = {f"answer:{question.id}\x1f{option.answer}": option for option in question.options}
    explained = explained if explained in keys else next(iter(keys), "") if explained else ""
    for number, (key, option) in enumerate(keys.items(), 1):
        mark = "●" if option.answer == given else "○"
        words = f"  {option.label}" if not explained or explained == key else ""
        text = line((f"{number} {mark} ", KEY), (option.answer, "bold"), (words, DIM))
        yield from paragraph(text, width, indent=pad - 1, hang=pad + 3, key=key)
    if not given:
        yield Row(line((" " * pad + "◀ here: enter answers", WARN)))


def _lever_hints(snapshot: Snapshot, steps: Sequence[Step]) -> Iterator[Row]:
    """Offer the levers that the last answer advises; enter opens a plan."""
    option = next((step.option for step in reversed(steps) if step.option and step.option.levers), None)
    known = {view.name for view in snapshot.levers}
    for name in [lever for lever in (option.levers if option else ()) if lever in known][:3]:
        pulled = snapshot.state.in_force(name)
        if pulled is None:
            yield Row(
                line(("→ ", WARN), "plan ", (lever_title(snapshot, name), "bold"), (" enter", DIM)), f"lever:{name}"
            )
