"""The plan of a lever: what it would do, shown before anything is done, and pulled only by typing its code."""

from __future__ import annotations

import asyncio
import time
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input

from cockpit.domain.levers import LeverPlan, LeverView, overwritten
from cockpit.errors import CockpitError
from cockpit.session.pulls import REASON_LENGTH
from cockpit.session.snapshot import Controller, Snapshot
from cockpit.tui.messages import Wish
from cockpit.tui.panes.facts import facts_of
from cockpit.tui.panes.words import BAD, DIM, WARN, lever_title, person
from cockpit.tui.screens.confirm import AskModal, CodeBox
from cockpit.tui.screens.fields import Line, text_field
from cockpit.tui.screens.plan_words import asking, evidence_line, people_line, plan_lines, rung_words
from cockpit.tui.text import Plain, line, untrusted

BY_HAND = "Next: a lever on another system (l), or change it by hand and note it (n). Opening this plan asks again."


class PlanModal(AskModal):
    """Current → target, who is hit, how long it takes, what it leaves behind; then four letters and enter."""

    DEFAULT_CSS = """
    PlanModal #facts-box { height: auto; max-height: 60vh; }
    """
    HEADING = "Plan of a lever"
    HINT: ClassVar[str] = "◂ ▸ other target · ctrl+e evidence · ↑↓ scroll · esc: nothing is done"
    AUTO_FOCUS = "CodeBox"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "target(-1)", "Other target", show=False),
        Binding("right", "target(1)", "Other target", show=False),
        Binding("ctrl+e", "evidence", "Freeze first", show=False),
        Binding("ctrl+b", "alone", "Break the glass", show=False),
        Binding("up", "scroll_facts(-1)", "Up", show=False),
        Binding("down", "scroll_facts(1)", "Down", show=False),
    ]

    def __init__(self, snapshot: Snapshot, controller: Controller, lever: str, target: str = "") -> None:
        super().__init__(snapshot, controller)
        self.lever = lever
        self.wanted = target
        self.plan: LeverPlan | None = None
        self.trouble = ""
        self.freeze_first = not snapshot.state.freezes
        self.going_alone = False
        self._asked_at = time.monotonic()

    def body(self) -> ComposeResult:
        """The facts, the evidence line, and the code."""
        with VerticalScroll(id="facts-box", can_focus=False):
            yield Plain("", id="facts")
        yield Plain("", id="evidence")
        yield text_field("alone", "", "why it can't wait for a second person", id="alone")
        yield CodeBox("to pull")

    def on_mount(self) -> None:
        self._ask()
        # Before the first frame: no code is offered while nobody has seen the plan.
        self.redraw()

    @property
    def view(self) -> LeverView | None:
        """How the lever stands."""
        return next((one for one in self.snapshot.levers if one.name == self.lever), None)

    @property
    def refused(self) -> str:
        """Why it can't be pulled now; empty when it can."""
        if self.trouble:
            return self.trouble
        if reason := self.snapshot.refusals.get("pull_lever"):
            return reason
        if self.view is None:
            return f"this service has no lever {self.lever.replace('_', ' ')}"
        if self.view.ready and not (self.plan and self.plan.refused):
            return self.view.ready
        pulled, proposal = self.snapshot.state.in_force(self.lever), self.snapshot.state.proposal(self.lever)
        again = self.plan and pulled and pulled.target == self.plan.target and not pulled.over
        if self.plan and pulled and again and not overwritten(pulled, self.plan):
            return f"it is pulled already and {pulled.stage}; u undoes it"
        if proposal and not self.going_alone:
            return f"{person(proposal.proposer, self.snapshot.actor)} proposed it already: p approves or withdraws it"
        return self.plan.refused if self.plan else ""

    @property
    def two(self) -> bool:
        """Whether it takes two people."""
        return self.plan is not None and self.plan.people > 1

    @property
    def reason(self) -> str:
        """Why it can't wait for a second person."""
        return self.query_one("#alone", Line).value.strip()

    def _ask(self) -> None:
        self.plan, self.trouble, self._asked_at = None, "", time.monotonic()
        self.run_worker(self._fetch(), group="plan", exclusive=True, description="plan a lever")

    async def _fetch(self) -> None:
        try:
            self.plan = await asyncio.wrap_future(self.controller.plan(self.lever, self.wanted))
        except CockpitError as problem:
            self.trouble = f"{problem.title}: {problem.message} {problem.hint}".strip()
        self.redraw()

    def redraw(self) -> None:
        """Draw the plan as it is known."""
        self.query_one("#ask").border_title = line(
            "Plan: ", lever_title(self.snapshot, self.lever), "  ", rung_words(self.snapshot, self.lever)
        )
        self.query_one("#facts", Plain).update(self._facts())
        ready = self.plan is not None and not self.refused
        self.query_one("#alone").parent.display = self.going_alone  # type: ignore[union-attr]
        box = self.query_one(CodeBox)
        box.verb = "to pull it ALONE" if self.going_alone else "to propose it" if self.two else "to pull"
        self.offer_code(ready and (not self.going_alone or len(self.reason) >= REASON_LENGTH))
        self.query_one("#evidence", Plain).update(
            evidence_line(self.snapshot, self.freeze_first) if ready else Content("")
        )

    def _facts(self) -> Content:
        spec = self.snapshot.playbook.lever(self.lever)
        parts: list[Content] = [untrusted(spec.what, DIM)] if spec and spec.what else []
        if self.plan and self.plan.target:
            parts += plan_lines(self.snapshot, self.plan, self.view)
            parts += [people_line(self.going_alone, len(self.reason))] if self.two else []
        elif not self.plan and not self.trouble:
            parts.append(asking(time.monotonic() - self._asked_at))
        if self.refused:
            parts.append(line(("✖ can't be pulled now: ", f"bold {BAD}"), (self.refused, BAD)))
            parts += (
                [line((BY_HAND, WARN))] if self.snapshot.state.live and not (self.plan and self.plan.target) else []
            )
        pulled = self.snapshot.state.in_force(self.lever)
        parts += facts_of(self.snapshot, pulled) if pulled else []
        return Content("\n").join(parts)

    # -- keys

    def action_target(self, delta: int) -> None:
        """Plan the next target."""
        choices = self.view.choices if self.view else ()
        if len(choices) < 2:
            return
        now = self.plan.target if self.plan else self.wanted
        place = choices.index(now) if now in choices else 0
        self.wanted = choices[(place + delta) % len(choices)]
        self._ask()

    def action_evidence(self) -> None:
        """Freeze first, or not."""
        self.freeze_first = not self.freeze_first
        self.redraw()

    def action_alone(self) -> None:
        """Break the glass, or not: pull what takes two without a second person, with a reason."""
        if self.two:
            self.going_alone = not self.going_alone
            self.redraw()
            (self.query_one("#alone") if self.going_alone else self.query_one(CodeBox)).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Offer the code once the reason is long enough."""
        self.redraw()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on to the code."""
        self.query_one(CodeBox).focus()

    def action_scroll_facts(self, delta: int) -> None:
        """Scroll a plan that is longer than the terminal."""
        self.query_one("#facts-box").scroll_relative(y=delta, animate=False)

    def on_code_box_entered(self, event: CodeBox.Entered) -> None:
        """Pull what is shown: freeze first where asked, then the lever with the very target on screen."""
        if self.plan is None or self.refused:
            return
        freeze = (Wish("freeze_evidence"),) if self.freeze_first else ()
        self.dismiss((*freeze, Wish("pull_lever", self._asked(self.plan))))

    def _asked(self, plan: LeverPlan) -> dict[str, str]:
        """What is asked for: the very target on screen, on the very value that was there."""
        asked = {"lever": self.lever, "target": plan.target}
        if plan.version:
            asked |= {"seen": plan.version, "saw": plan.current}
        return asked | ({"alone": self.reason} if self.going_alone else {})
