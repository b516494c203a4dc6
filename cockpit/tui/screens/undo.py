"""Take a lever back, or make its change permanent: no pull is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from cockpit.domain.levers import LeverPull
from cockpit.session.snapshot import Controller, Snapshot
from cockpit.tui.messages import Wish
from cockpit.tui.panes.facts import control_words, stage_words
from cockpit.tui.panes.rows import Row, Rows, paragraph, row
from cockpit.tui.panes.words import BAD, DIM, WARN, person, stamp
from cockpit.tui.screens.confirm import AskModal, CodeBox
from cockpit.tui.text import Plain, line


class UndoModal(AskModal):
    """The levers in force: which to put back, and what that brings back with it."""

    HEADING = "Undo a lever"
    HINT: ClassVar[str] = "↑↓ choose · type the code, enter: undo · ctrl+k keep for good · esc leave"
    AUTO_FOCUS = "CodeBox"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("ctrl+k", "keep", "Keep for good", show=False),
    ]

    def __init__(self, snapshot: Snapshot, controller: Controller, lever: str = "") -> None:
        super().__init__(snapshot, controller)
        self._first = lever

    def body(self) -> ComposeResult:
        """The pulls in force, what undoing the chosen one means, and the code."""
        yield Rows(id="pulls", spare=8)
        yield Plain("", id="meaning")
        yield CodeBox("to undo")

    @property
    def pulls(self) -> list[LeverPull]:
        """The latest pull in force of each lever, newest first."""
        latest = {pull.lever: pull for pull in self.snapshot.state.pulls if pull.undoable}
        return sorted(latest.values(), key=lambda pull: pull.seq, reverse=True)

    @property
    def chosen(self) -> LeverPull | None:
        """The pull under the cursor."""
        key = self.query_one(Rows).cursor
        return next((pull for pull in self.pulls if pull.lever == key), None)

    def redraw(self) -> None:
        """Draw the list and what the chosen one means."""
        rows = self.query_one(Rows)
        rows.can_focus = False
        fresh = not rows.drawn
        pulls = [one for pull in self.pulls for one in self._pull_rows(pull)]
        rows.set_rows(pulls or [row(("no lever is pulled that could be undone", DIM))])
        if fresh and self._first:
            rows.select(self._first)
        chosen = self.chosen
        two = chosen is not None and bool(chosen.proposer or chosen.alone)
        self.query_one(CodeBox).verb = "to propose the undo" if two else "to undo"
        self.offer_code(bool(pulls) and not self._refused())
        self.query_one("#meaning", Plain).update(self._meaning())

    def _refused(self) -> str:
        return self.snapshot.refusals.get("undo_lever", "")

    def _pull_rows(self, pull: LeverPull) -> Iterator[Row]:
        word, style = stage_words(pull)
        back = line(
            (pull.title, "bold"), f"  {pull.target} → ", (pull.before, f"bold {WARN}"), ("  ", ""), (word, style)
        )
        yield from paragraph(back, self.room, hang=4, key=pull.lever)
        kept = f" · kept by {pull.kept_by}" if pull.kept_by else ""
        who = person(pull.actor, self.snapshot.actor)
        yield row((f"    pulled {stamp(pull.pulled_at)} by {who}{kept}", DIM))
        if control := control_words(pull.intent):
            yield row("    ", *control)

    def _meaning(self) -> Content:
        pull = self.chosen
        if self._refused():
            return line(("✖ " + self._refused(), BAD))
        if pull is None:
            return Content("")
        spec = self.snapshot.playbook.lever(pull.lever)
        if spec and spec.closes:
            percent = self.snapshot.playbook.profile.canary_percent
            words = (
                f"▲ gives everybody the broken path back at once. A canary (o) tries {percent:g} % first and watches."
            )
            return line((words, WARN))
        if not self.snapshot.state.contained:
            return line(("▲ harm has not been measured to have stopped: undoing may bring it back.", WARN))
        return line(("Puts back exactly what was there before the pull.", DIM))

    def action_move(self, delta: int) -> None:
        """Choose another pull."""
        self.query_one(Rows).action_step(delta)
        self.redraw()

    def action_keep(self) -> None:
        """Make the chosen pull permanent, owned by the person at this terminal."""
        pull = self.chosen
        if pull and not pull.kept_by:
            self.dismiss((Wish("keep_lever", {"lever": pull.lever, "owner": self.snapshot.actor}),))

    def on_code_box_entered(self, event: CodeBox.Entered) -> None:
        """Put the chosen pull back."""
        pull = self.chosen
        if pull and not self._refused():
            self.dismiss((Wish("undo_lever", {"lever": pull.lever}),))
