"""The plan of a lever: what it would do, shown before anything is done, and pulled only by typing its code."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from cockpit.domain.levers import LeverPlan, LeverView
from cockpit.errors import CockpitError
from cockpit.session.snapshot import Controller, Snapshot
from cockpit.tui.messages import Wish
from cockpit.tui.panes.words import BAD, DIM, GOOD, KEY, WARN, lever_title, stamp
from cockpit.tui.screens.confirm import AskModal, CodeBox
from cockpit.tui.text import Part, Plain, line, untrusted

BAR = 10


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

    def body(self) -> ComposeResult:
        """The facts, the evidence line, and the code."""
        with VerticalScroll(id="facts-box", can_focus=False):
            yield Plain("", id="facts")
        yield Plain("", id="evidence")
        yield CodeBox("to pull")

    def on_mount(self) -> None:
        self._ask()

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
        if self.view.ready:
            return self.view.ready
        pulled = self.snapshot.state.in_force(self.lever)
        if self.plan and pulled and pulled.target == self.plan.target:
            return f"it is pulled already and {pulled.stage}; u undoes it"
        return self.plan.refused if self.plan else ""

    def _ask(self) -> None:
        self.plan, self.trouble = None, ""
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
            "Plan: ", lever_title(self.snapshot, self.lever), "  ", _rung(self)
        )
        self.query_one("#facts", Plain).update(self._facts())
        ready = self.plan is not None and not self.refused
        self.offer_code(ready)
        self.query_one("#evidence", Plain).update(self._evidence() if ready else Content(""))

    def _facts(self) -> Content:
        spec = self.snapshot.playbook.lever(self.lever)
        parts: list[Content] = [untrusted(spec.what, DIM)] if spec and spec.what else []
        if self.plan:
            parts += self._plan_lines(self.plan)
        elif not self.trouble:
            parts.append(line(("asking the system what it would do …", DIM)))
        if self.refused:
            parts.append(line(("✖ can't be pulled now: ", f"bold {BAD}"), (self.refused, BAD)))
        return Content("\n").join(parts)

    def _plan_lines(self, plan: LeverPlan) -> list[Content]:
        choices = self.view.choices if self.view else ()
        others = line(("   ◂ ▸ ", KEY), (f"{len(choices)} targets", DIM)) if len(choices) > 1 else Content("")
        filled = round(plan.share * BAR)
        soonest, latest = plan.effect_s
        practised = self.view.practised_s if self.view else None
        spec = self.snapshot.playbook.lever(self.lever)
        lines = [
            _fact("change", (plan.current, "bold"), "  →  ", (plan.target, f"bold {WARN}"), others),
            _fact("who", plan.blast),
            _fact("share", ("█" * filled + "░" * (BAR - filled), WARN), f" {plan.share:.0%} of traffic"),
            _fact("when", f"{soonest:g} to {latest:g} s until the wire shows it",
                  (f" · last practised: {practised:.3g} s", DIM) if practised is not None else ""),
            _fact("also", plan.side_effects or "nothing else is known"),
        ]  # fmt: skip
        if plan.leaves:
            lines.append(_fact("leaves", (f"▲ {plan.leaves}", WARN)))
        lines.append(_fact("undo", plan.undo))
        if spec and spec.closes:
            lines.append(_fact("", ("takes service away: re-opened through a canary (o)", DIM)))
        if plan.destructive or (spec and spec.destructive):
            lines.append(_fact("", ("hard to undo, or hard on users", f"bold {BAD}")))
        return lines

    def _evidence(self) -> Content:
        freezes = self.snapshot.state.freezes
        if self.freeze_first:
            return _fact("evidence", ("❄ is frozen first", GOOD), ("   ctrl+e: don't", DIM))
        if freezes:
            return _fact(
                "evidence", (f"❄ frozen {stamp(freezes[-1].at)}", GOOD), ("   ctrl+e: freeze again first", DIM)
            )
        return _fact("evidence", ("is NOT frozen: the lever will change it", BAD), ("   ctrl+e: freeze first", DIM))

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

    def action_scroll_facts(self, delta: int) -> None:
        """Scroll a plan that is longer than the terminal."""
        self.query_one("#facts-box").scroll_relative(y=delta, animate=False)

    def on_code_box_entered(self, event: CodeBox.Entered) -> None:
        """Pull what is shown: freeze first where asked, then the lever with the very target on screen."""
        if self.plan is None or self.refused:
            return
        freeze = (Wish("freeze_evidence"),) if self.freeze_first else ()
        self.dismiss((*freeze, Wish("pull_lever", {"lever": self.lever, "target": self.plan.target})))


def _rung(modal: PlanModal) -> tuple[str, str]:
    spec = modal.snapshot.playbook.lever(modal.lever)
    return (f"rung {spec.rung} of 7", DIM) if spec and spec.rung < 8 else ("beside the ladder", DIM)


def _fact(label: str, *parts: Part) -> Content:
    return line((label.ljust(10), DIM), *parts)
