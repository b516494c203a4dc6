"""A lever's plan in words: what it hits, what it changes, whom it hits, how long it takes, what it leaves behind."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from cockpit.domain.levers import LeverPlan, LeverView
from cockpit.session.pulls import REASON_LENGTH
from cockpit.session.snapshot import Snapshot
from cockpit.tui.panes.facts import control_words, plan_version
from cockpit.tui.panes.words import BAD, DIM, GOOD, KEY, WARN, stamp
from cockpit.tui.text import Part, line

BAR = 10


def fact(label: str, *parts: Part) -> Content:
    """Write one labelled line."""
    return line((label.ljust(10), DIM), *parts)


def asking(seconds: float) -> Content:
    """Say that the system is being asked, and for how long when that takes its time."""
    waited = f" {seconds:.0f} s" if seconds >= 1 else ""
    return line((f"asking the system what it would do …{waited}", WARN if waited else DIM))


def rung_words(snapshot: Snapshot, lever: str) -> tuple[str, str]:
    """Say where a lever stands on the ladder."""
    spec = snapshot.playbook.lever(lever)
    return (f"rung {spec.rung} of 7", DIM) if spec and spec.rung < 8 else ("beside the ladder", DIM)


def plan_lines(snapshot: Snapshot, plan: LeverPlan, view: LeverView | None) -> Iterator[Content]:
    """Write everything a person weighs before a pull."""
    choices = view.choices if view else ()
    others = line(("   ◂ ▸ ", KEY), (f"{len(choices)} targets", DIM)) if len(choices) > 1 else Content("")
    control = control_words(plan.intent)
    if control:
        yield fact("hits", *control)
    yield fact("change", (plan.current, "bold"), "  →  ", (plan.target, f"bold {WARN}"), plan_version(plan), others)
    yield fact("who", plan.blast)
    filled = round(plan.share * BAR)
    yield fact("share", ("█" * filled + "░" * (BAR - filled), WARN), f" {plan.share:.0%} of traffic")
    yield effect_line(plan, view, real=bool(control))
    yield fact("also", plan.side_effects or "nothing else is known")
    yield from _afterwards(snapshot, plan)


def effect_line(plan: LeverPlan, view: LeverView | None, *, real: bool) -> Content:
    """Say how long it takes and took when last practised; on a real system also that it never was."""
    soonest, latest = plan.effect_s
    words = f"{soonest:g} to {latest:g} s until the wire shows it"
    if view and view.practised_s is not None:
        return fact("when", words, (f" · last practised: {view.practised_s:.3g} s", DIM))
    return fact("when", words, (" · never practised", WARN) if real else "")


def _afterwards(snapshot: Snapshot, plan: LeverPlan) -> Iterator[Content]:
    spec = snapshot.playbook.lever(plan.lever)
    if plan.leaves:
        yield fact("leaves", (f"▲ {plan.leaves}", WARN))
    yield fact("undo", plan.undo)
    if spec and spec.closes:
        yield fact("", ("takes service away: re-opened through a canary (o)", DIM))
    if plan.destructive or (spec and spec.destructive):
        yield fact("", ("hard to undo, or hard on users", f"bold {BAD}"))


def people_line(alone: bool, letters: int) -> Content:
    """Say that it takes two people, or what going alone takes; `letters` is the length of the reason so far."""
    if not alone:
        return fact("people", ("two: you propose, somebody else approves (p)", WARN), ("   ctrl+b: go alone", DIM))
    left = REASON_LENGTH - letters
    more = f", {left} more letters of a reason" if left > 0 else ", and the reason goes on record"
    return fact("people", ("ALONE, without a second person", f"bold {BAD}"), (f"{more} · ctrl+b: don't", DIM))


def evidence_line(snapshot: Snapshot, freeze_first: bool) -> Content:
    """Say whether evidence is frozen, or will be first."""
    freezes = snapshot.state.freezes
    if freeze_first:
        return fact("evidence", ("❄ is frozen first", GOOD), ("   ctrl+e: don't", DIM))
    if freezes:
        frozen = f"❄ frozen {stamp(freezes[-1].at)}"
        return fact("evidence", (frozen, GOOD), ("   ctrl+e: freeze again first", DIM))
    return fact("evidence", ("is NOT frozen: the lever will change it", BAD), ("   ctrl+e: freeze first", DIM))
