"""Station 5 at the keyboard: what has been learnt, and the next step of it; a waiver in its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input

from cockpit.domain.incident import IncidentState
from cockpit.domain.learning import ALERT, FIXTURE
from cockpit.tui.messages import Wish
from cockpit.tui.panes.words import BAD, DIM, GOOD, WARN
from cockpit.tui.screens.confirm import AskModal, note
from cockpit.tui.screens.fields import Field, text_field
from cockpit.tui.text import Plain, line

WAIVER, READY = "waiver", "ready"
"""The field in which somebody says why the next thing is left out, and the one that only waits for enter."""


@dataclass(frozen=True, slots=True)
class Step:
    """What comes next: the action, the fields it asks for (name, hint), and what enter does, in words."""

    action: str
    words: str
    fields: tuple[tuple[str, str], ...] = ()
    waives: str = ""
    by_key: bool = True


def next_of(state: IncidentState) -> Step:
    """Return the next step of station 5."""
    learning = state.learning
    if FIXTURE in learning.missing and not learning.fixtures:
        fields = (
            ("trace", "its number; the latest pinned one if empty"),
            ("id", "what the case is called; optional"),
        )
        return Step("add_fixture", "enter makes the trace an eval case", fields, FIXTURE)
    if FIXTURE in learning.missing and state.simulated:
        return Step("prove_fixture", "enter proves it on the simulator", (), FIXTURE)
    if FIXTURE in learning.missing:
        command = f"cockpit fixture prove {state.incident} --endpoint URL --model M --bad-model M"
        return Step("prove_fixture", f"in another terminal: {command}", (), FIXTURE, by_key=False)
    if ALERT in learning.missing:
        fields = (("name", "what pages next time"), ("rule", "what is measured, and from where on it pages"))
        return Step("name_alert", "enter names the new alert", fields, ALERT)
    return Step("close_incident", "enter closes the incident")


class LearnModal(AskModal):
    """Shows cases, alerts and waivers, and asks for the next thing that is missing."""

    HEADING = "Learn"
    HINT: ClassVar[str] = "tab next field · enter do it · esc leave"
    AUTO_FOCUS = "Input"

    def body(self) -> ComposeResult:
        """What is there, the next step's fields, and the waiver."""
        step = next_of(self.snapshot.state)
        yield Plain(self._there(), id="learn-there")
        yield note((step.words, "bold"))
        for name, hint in step.fields:
            yield _field(name, hint)
        if step.waives:
            yield _field(WAIVER, f"or leave the {step.waives} out, and sign why")
        if not step.fields and not step.waives:
            yield _field(READY, "press enter")
        yield Plain("", id="learn-trouble")

    def _there(self) -> Content:
        learning = self.snapshot.state.learning
        parts: list[Content] = []
        for one in learning.fixtures:
            tone = GOOD if one.proven else WARN
            parts.append(line((one.verdict or "not tried", tone), "  case ", one.id, (f"  {one.why}", DIM)))
        parts += [line(("alert", GOOD), "  ", one.name, (f"  {one.rule}", DIM)) for one in learning.alerts]
        parts += [
            line(("waived", BAD), f"  {one.what} by ", one.actor, (f"  {one.reason}", DIM))
            for one in learning.waivers
        ]
        return Content("\n").join(parts or [line(("No case yet: what is no test comes back.", DIM))])

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        step = next_of(self.snapshot.state)
        typed = {one.id.removeprefix("learn-"): one.value.strip() for one in self.query(Input) if one.id}
        reason, _ = typed.pop(WAIVER, ""), typed.pop(READY, "")
        if reason:
            self.dismiss((Wish("waive_fixture", {"what": step.waives, "reason": reason}),))
        elif trouble := _wrong(step, typed):
            self.query_one("#learn-trouble", Plain).update(line((f"▲ {trouble}", BAD)))
        else:
            self.dismiss((Wish(step.action, _arguments(typed)),))


def _field(name: str, hint: str) -> Field:
    return text_field(name, "", hint, id=f"learn-{name}")


def _wrong(step: Step, typed: dict[str, str]) -> str:
    if not step.by_key:
        return "real answers are needed: prove it from another terminal, or sign a waiver"
    if step.action == "add_fixture" and typed["trace"] and not typed["trace"].isdigit():
        return "a trace has a number; the pane of traces shows it"
    if step.action == "name_alert" and not all(typed.values()):
        return "an alert has a name and a rule"
    return ""


def _arguments(typed: dict[str, str]) -> dict[str, object]:
    given = {name: value for name, value in typed.items() if value}
    return {name: int(value) if name == "trace" else value for name, value in given.items()}
