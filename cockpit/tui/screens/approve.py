"""The second person: what somebody proposed, on a plan made anew, approved only by typing its code."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from cockpit.domain.clock import mmss
from cockpit.domain.levers import LeverPlan, Proposal
from cockpit.errors import CockpitError
from cockpit.session.snapshot import Controller, Snapshot
from cockpit.tui.messages import Wish
from cockpit.tui.panes.facts import control_words, plan_version, proposal_words
from cockpit.tui.panes.rows import Row, Rows, paragraph, row
from cockpit.tui.panes.words import BAD, DIM, WARN, stamp
from cockpit.tui.screens.confirm import AskModal, CodeBox
from cockpit.tui.screens.plan_words import asking, effect_line, fact
from cockpit.tui.text import Plain, line


class ApproveModal(AskModal):
    """What waits for a second person: approve it, withdraw it, or leave it waiting."""

    HEADING = "A second person"
    HINT: ClassVar[str] = "↑↓ choose · type the code, enter: approve · ctrl+w withdraw · esc leave"
    AUTO_FOCUS = "CodeBox"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("ctrl+w", "withdraw", "Withdraw", show=False),
    ]

    def __init__(self, snapshot: Snapshot, controller: Controller, lever: str = "") -> None:
        super().__init__(snapshot, controller)
        self._first = lever
        self._planned: int = 0
        self.plan: LeverPlan | None = None
        self.trouble = ""
        self._asked_at = time.monotonic()

    def body(self) -> ComposeResult:
        """The proposals, what the chosen one would do now, and the code."""
        yield Rows(id="waiting", spare=12)
        yield Plain("", id="facts")
        yield CodeBox("to approve")

    @property
    def chosen(self) -> Proposal | None:
        """The proposal under the cursor."""
        return self.snapshot.state.proposal(self.query_one(Rows).cursor)

    @property
    def refused(self) -> str:
        """Why the chosen one can't be approved by the person at this terminal."""
        proposal = self.chosen
        if proposal is None:
            return ""
        if proposal.proposer == self.snapshot.actor:
            return "you proposed it yourself: somebody else has to approve it, at a terminal of their own"
        return (
            self.snapshot.refusals.get("approve_lever", "")
            or self.trouble
            or (self.plan.refused if self.plan else "")
        )

    def redraw(self) -> None:
        """Draw what waits, and what the chosen one would do."""
        rows = self.query_one(Rows)
        rows.can_focus = False
        fresh = not rows.drawn
        waiting = [one for proposal in reversed(self.snapshot.state.proposals) for one in self._rows_of(proposal)]
        rows.set_rows(waiting or [row(("nothing waits for a second person any more", DIM))])
        if fresh and self._first:
            rows.select(self._first)
        self._ask()
        self.query_one("#facts", Plain).update(Content("\n").join(self._facts()))
        proposal = self.chosen
        self.offer_code(
            proposal is not None and not self.refused and (self.plan is not None or bool(proposal.undoes))
        )

    def _rows_of(self, proposal: Proposal) -> Iterator[Row]:
        yield from paragraph(proposal_words(self.snapshot, proposal), self.room, hang=4, key=proposal.lever)
        waited = mmss(self.snapshot.now - proposal.at)
        yield row((f"    proposed {stamp(proposal.at)}, waits {waited}", DIM))

    def _ask(self) -> None:
        """Plan the chosen one anew, once; an undo is planned when it is approved."""
        proposal = self.chosen
        if proposal is None or proposal.undoes or self._planned == proposal.seq:
            return
        self.plan, self.trouble, self._planned = None, "", proposal.seq
        self._asked_at = time.monotonic()
        self.run_worker(self._fetch(proposal), group="plan", exclusive=True, description="plan what was proposed")

    async def _fetch(self, proposal: Proposal) -> None:
        try:
            self.plan = await asyncio.wrap_future(self.controller.plan(proposal.lever, proposal.target))
        except CockpitError as problem:
            self.trouble = f"{problem.title}: {problem.message} {problem.hint}".strip()
        self.redraw()

    def _facts(self) -> Iterator[Content]:
        proposal, plan = self.chosen, self.plan
        if proposal and (control := control_words(proposal.intent)):
            yield fact("hits", *control)
        if proposal and proposal.undoes:
            yield fact("undo", f"puts back {proposal.target}, what was there before {proposal.undoes}")
        elif proposal and plan:
            yield fact("change", (plan.current, "bold"), "  →  ", (plan.target, f"bold {WARN}"), plan_version(plan))
            yield fact("who", plan.blast)
            yield effect_line(plan, None, real=False)
            yield fact("undo", plan.undo)
            if plan.leaves:
                yield fact("leaves", (f"▲ {plan.leaves}", WARN))
        elif proposal and not self.refused:
            yield asking(time.monotonic() - self._asked_at)
        if self.refused:
            yield line(("✖ can't be approved here: ", f"bold {BAD}"), (self.refused, BAD))

    def action_move(self, delta: int) -> None:
        """Choose another proposal."""
        self.query_one(Rows).action_step(delta)
        self.redraw()

    def action_withdraw(self) -> None:
        """Take the chosen proposal back, whoever made it."""
        if proposal := self.chosen:
            self.dismiss((Wish("withdraw_lever", {"lever": proposal.lever}),))

    def on_code_box_entered(self, event: CodeBox.Entered) -> None:
        """Approve the chosen one."""
        proposal = self.chosen
        if proposal and not self.refused:
            self.dismiss((Wish("approve_lever", {"lever": proposal.lever}),))
