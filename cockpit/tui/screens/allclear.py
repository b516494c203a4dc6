"""The all-clear: what it rests on, a reason for each point that is open, and the code that ends the incident."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input

from cockpit.domain.checklist import CONTAINED, Point, checklist, open_points
from cockpit.session.pulls import REASON_LENGTH
from cockpit.session.snapshot import Controller, Snapshot
from cockpit.tui.messages import Wish
from cockpit.tui.panes.rows import Row, Rows, paragraph
from cockpit.tui.panes.words import BAD, DIM, GOOD, WARN
from cockpit.tui.screens.confirm import AskModal, CodeBox
from cockpit.tui.screens.fields import text_field
from cockpit.tui.text import Part, Plain, line


class AllClearModal(AskModal):
    """Say that it is over; what is still open goes on record with the reason why it may stay so."""

    HEADING = "All-clear"
    HINT: ClassVar[str] = "↑↓ open points · enter next · then type the code · esc leave"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", "Point before", show=False),
        Binding("down", "step(1)", "Next point", show=False),
    ]

    def __init__(self, snapshot: Snapshot, controller: Controller) -> None:
        super().__init__(snapshot, controller)
        self.reasons: dict[str, str] = {}

    def body(self) -> ComposeResult:
        """The checklist, a reason for the point chosen, the verdict, and the code."""
        yield Rows(id="points", spare=6)
        yield text_field("because", "", "why it may stay so", id="reason")
        yield Plain("", id="verdict")
        yield CodeBox("to give the all-clear")

    def redraw(self) -> None:
        """Draw what is done, what is open, and what was said about it."""
        points = self._points()
        rows, field = self.query_one(Rows), self.query_one("#reason", Input)
        rows.can_focus = False
        rows.set_rows([one for point in points for one in self._point_rows(point)])
        asked = bool(open_points(points)) and not self._refused
        field.parent.display = asked  # type: ignore[union-attr]
        bare = self._bare()
        self.query_one("#verdict", Plain).update(_verdict(points, bare, self._refused))
        self.offer_code(not self._refused and not bare)
        if asked:
            field.placeholder = _placeholder(rows.cursor, self.snapshot)
            if self.focused is None:
                field.focus()

    @property
    def _refused(self) -> str:
        return self.snapshot.refusals.get("all_clear", "")

    def _points(self) -> list[Point]:
        snapshot = self.snapshot
        return checklist(snapshot.state, snapshot.playbook, measured=bool(snapshot.frame.harm))

    def _bare(self) -> list[str]:
        """The open points about which too little was said."""
        return [
            point.id
            for point in open_points(self._points())
            if len(self.reasons.get(point.id, "").strip()) < REASON_LENGTH
        ]

    def action_step(self, delta: int) -> None:
        """Go to another open point; what was typed stays with its own."""
        keys = self.query_one(Rows).selectable()
        place = keys.index(self.query_one(Rows).cursor) + delta if keys else -1
        if 0 <= place < len(keys):
            self._turn_to(keys[place])

    def _turn_to(self, point: str) -> None:
        self.query_one(Rows).select(point)
        field = self.query_one("#reason", Input)
        field.value = self.reasons.get(point, "")
        field.cursor_position = len(field.value)
        field.focus()
        self.redraw()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep what was typed for the point chosen."""
        point = self.query_one(Rows).cursor
        if point and self.reasons.get(point, "") != event.value:
            self.reasons[point] = event.value
            self.redraw()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on to the next point that needs a word, then to the code."""
        bare = self._bare()
        if bare:
            keys = self.query_one(Rows).selectable()
            after = keys[keys.index(self.query_one(Rows).cursor) + 1 :]
            self._turn_to(next((one for one in after if one in bare), bare[0]))
        else:
            self.query_one(CodeBox).focus()

    def _point_rows(self, point: Point) -> Iterator[Row]:
        if point.done:
            yield from paragraph(line(("✔ ", GOOD), point.words), self.room, hang=2)
            return
        said = self.reasons.get(point.id, "").strip()
        enough = len(said) >= REASON_LENGTH
        mark = ("▲ ", WARN) if enough else ("○ ", WARN)
        aside: Part = (f"   because: {said}", "") if enough else (f"   {point.how}", DIM)
        yield from paragraph(line(mark, (point.words, "bold"), aside), self.room, hang=2, key=point.id)

    def on_code_box_entered(self, event: CodeBox.Entered) -> None:
        """Give it."""
        if self._refused or self._bare():
            return
        given = {point.id: self.reasons[point.id].strip() for point in open_points(self._points())}
        judged = given.pop(CONTAINED, "")
        told: dict[str, Any] = {"judged": judged} if judged else {}
        self.dismiss((Wish("all_clear", {**told, "reasons": given} if given else told),))


def _placeholder(point: str, snapshot: Snapshot) -> str:
    if point == CONTAINED:
        return "nothing measured it: what did you look at?"
    return f"why may it stay so? {REASON_LENGTH} characters or more, on record with your name, {snapshot.actor}"


def _verdict(points: list[Point], bare: list[str], refused: str) -> Content:
    if refused:
        return line(("✖ not yet: ", f"bold {BAD}"), (refused, BAD))
    still = len(open_points(points))
    if not still:
        return line(("Nothing is open.", GOOD))
    count = f"{still} open point{'s' if still > 1 else ''}"
    if bare:
        words = f"▲ {count}: close them, or say for each why it may stay so; {len(bare)} still without a reason."
        return line((words, WARN))
    return line((f"▲ {count}, overridden by you: they go on record with your reasons.", WARN))
