"""The all-clear: what is measured, what is open, and the code that ends the incident."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input

from cockpit.domain.levers import Stage
from cockpit.session.pulls import REASON_LENGTH
from cockpit.session.snapshot import Snapshot
from cockpit.tui.messages import Wish
from cockpit.tui.panes.rows import Row, Rows, paragraph
from cockpit.tui.panes.words import BAD, DIM, GOOD, WARN, stamp
from cockpit.tui.screens.confirm import AskModal, CodeBox
from cockpit.tui.screens.fields import text_field
from cockpit.tui.text import Plain, line


@dataclass(frozen=True, slots=True)
class Point:
    """One line of the checklist; `how` says which key closes it."""

    done: bool
    text: str
    how: str = ""


def checklist(snapshot: Snapshot) -> list[Point]:
    """List what an all-clear rests on, done or open."""
    state = snapshot.state
    canary, triage = state.canary, state.triage
    debt = ", ".join(pull.title for pull in state.debt)
    closing = {spec.name for spec in snapshot.playbook.levers if spec.closes}
    closed = [pull.title for pull in state.pulls if pull.in_force and pull.lever in closing]
    watching = canary is not None and canary.state == "watching"
    unproven = [pull.title for pull in state.pulls if pull.in_force and pull.stage is not Stage.PROVEN]
    since = f" since {stamp(state.containment.since)}" if state.contained else ""
    return [
        Point(state.contained, f"harm is measured to have stopped{since}", _until_measured(snapshot)),
        Point(not unproven, "every pull is proven on the wire" + _naming(unproven), "wait, or undo it (u)"),
        Point(
            not closed and not watching,
            "service is re-opened" + _naming(closed),
            "open a canary (o)" if snapshot.frame.harm else "undo it (u)",
        ),
        Point(not debt, "no lever debt" + (f": {debt}" if debt else ""), "undo or keep (u)"),
        Point(bool(state.freezes), "evidence is frozen", "freeze it (e)"),
        Point(bool(triage.incident_class and triage.layer), "class and layer are named", "name them (i)"),
        Point(any(one.state == "resolved" for one in state.updates), "an update says resolved", "post it (c)"),
        Point("ic" in state.command.holders, "there is an incident commander", "take IC (r)"),
    ]


def _until_measured(snapshot: Snapshot) -> str:
    return (
        "wait for CONTAINED in pane 5" if snapshot.frame.harm else "no harm signal is configured: judge, and say how"
    )


def _naming(names: list[str]) -> str:
    return f": {', '.join(names)}" if names else ""


class AllClearModal(AskModal):
    """Say that it is over; what is still open goes on record with it."""

    HEADING = "All-clear"
    HINT: ClassVar[str] = "type the code, enter: give the all-clear · esc leave"
    AUTO_FOCUS = "CodeBox"

    def body(self) -> ComposeResult:
        """The checklist, the refusal if there is one, and the code."""
        yield Rows(id="points", spare=6)
        yield text_field("how you know", "", "nothing measured it: what did you look at?", id="judged")
        yield Plain("", id="verdict")
        yield CodeBox("to give the all-clear")

    def redraw(self) -> None:
        """Draw what is done and what is open."""
        points = checklist(self.snapshot)
        rows = self.query_one(Rows)
        rows.can_focus = False
        rows.set_rows([one for point in points for one in self._point_rows(point)])
        refused = self.snapshot.refusals.get("all_clear", "")
        self.query_one("#judged").parent.display = self._judging  # type: ignore[union-attr]
        self.query_one("#verdict", Plain).update(_verdict(points, refused))
        self.offer_code(not refused and (not self._judging or len(self.judged) >= REASON_LENGTH))
        if self._judging and not self.query_one(CodeBox).display:
            self.query_one("#judged").focus()

    @property
    def _judging(self) -> bool:
        """Whether a person has to answer for what nothing has measured."""
        state = self.snapshot.state
        return not state.contained and not state.simulated and "all_clear" not in self.snapshot.refusals

    @property
    def judged(self) -> str:
        """How the person knows that harm has stopped."""
        return self.query_one("#judged", Input).value.strip()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Offer the code once the reason is long enough."""
        self.redraw()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on to the code."""
        self.query_one(CodeBox).focus()

    def _point_rows(self, point: Point) -> Iterator[Row]:
        mark = ("✔ ", GOOD) if point.done else ("○ ", WARN)
        how = (f"   {point.how}", DIM) if not point.done and point.how else ("", "")
        yield from paragraph(line(mark, (point.text, "" if point.done else "bold"), how), self.room, hang=2)

    def on_code_box_entered(self, event: CodeBox.Entered) -> None:
        """Give it."""
        if "all_clear" not in self.snapshot.refusals:
            self.dismiss((Wish("all_clear", {"judged": self.judged} if self._judging else {}),))


def _verdict(points: list[Point], refused: str) -> Content:
    if refused:
        return line(("✖ not yet: ", f"bold {BAD}"), (refused, BAD))
    still = sum(not point.done for point in points)
    if still:
        return line(
            (
                f"▲ {still} open point{'s' if still > 1 else ''}: the all-clear can be given, and they go on record.",
                WARN,
            )
        )
    return line(("Nothing is open.", GOOD))
