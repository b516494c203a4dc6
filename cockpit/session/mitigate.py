"""Station 3: pull a lever, undo it, keep it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cockpit.domain.events import Kind, NewEvent
from cockpit.domain.levers import overwritten
from cockpit.session.action import Action, Context
from cockpit.session.pulls import ask, changed, out_of_range, plan_pull, plan_undo, reason_enough, unsettled
from cockpit.session.rules import all_of, open_still, paged


@dataclass(frozen=True, slots=True)
class PullLever:
    """A lever; without a target it takes the sensible one (last known good), without a scope everybody.

    `seen` is the version of the plan that was looked at and `saw` the value in it: a pull is refused when it is
    another one by now. `alone` is why it can't wait where it takes a second person.
    """

    lever: str
    target: str = ""
    scope: Mapping[str, Any] = field(default_factory=dict)
    seen: str = ""
    saw: str = ""
    alone: str = ""


@dataclass(frozen=True, slots=True)
class UndoLever:
    """A lever that is in force; `alone` is why it can't wait where it takes a second person."""

    lever: str
    alone: str = ""


@dataclass(frozen=True, slots=True)
class KeepLever:
    """A lever that is in force, and who owns it from now on."""

    lever: str
    owner: str = ""


def _may_pull(context: Context, arguments: PullLever | None) -> str:
    if arguments is None:
        return ""
    levers = context.world.levers(context.now)
    view = next((one for one in levers if one.name == arguments.lever), None)
    if view is None:
        return f"there is no lever {arguments.lever!r} here: {', '.join(one.name for one in levers)}"
    if reason := view.ready or _proposed(context, arguments) or reason_enough(arguments.alone):
        return reason
    plan = plan_pull(context, arguments.lever, arguments.target, arguments.scope)
    if reason := out_of_range(context.state, plan) or unsettled(context.state, arguments.lever, plan):
        return reason
    same = context.state.in_force(arguments.lever)
    again = same is not None and same.target == plan.target and dict(same.scope) == dict(plan.scope)
    if same and again and not same.over and not overwritten(same, plan):
        return f"{arguments.lever} is pulled already ({same.stage}): undo it, or wait for its proof"
    if plan.refused or not arguments.seen:
        return plan.refused
    return changed(_title(context, arguments.lever), "you looked", (arguments.saw, arguments.seen), plan)


def _proposed(context: Context, arguments: PullLever | UndoLever) -> str:
    proposal = context.state.proposal(arguments.lever)
    if proposal is None or arguments.alone:
        return ""
    if proposal.proposer == context.actor:
        return f"you have proposed {proposal.title} already: somebody else has to approve it, or withdraw it first"
    return f"{proposal.proposer} has proposed {proposal.title} → {proposal.target}: approve it, or withdraw it first"


def _title(context: Context, lever: str) -> str:
    spec = context.playbook.lever(lever)
    return spec.title if spec else lever


def _pull(context: Context, arguments: PullLever) -> list[NewEvent]:
    plan = plan_pull(context, arguments.lever, arguments.target, arguments.scope)
    spec = context.playbook.lever(arguments.lever)
    return ask(
        context,
        plan,
        arguments.alone,
        rung=spec.rung if spec else 8,
        title=_title(context, plan.lever),
        destructive=plan.destructive or bool(spec and spec.destructive),
    )


def _in_force(context: Context, arguments: UndoLever | KeepLever | None) -> str:
    if arguments is None:
        return "" if any(pull.undoable for pull in context.state.pulls) else "no lever is pulled that could be undone"
    pull = context.state.in_force(arguments.lever)
    if pull is None:
        return f"{arguments.lever} is not pulled"
    return f"{pull.title} is done and over: there is nothing to undo or to keep" if pull.once else ""


def _may_undo(context: Context, arguments: UndoLever | None) -> str:
    pull = context.state.in_force(arguments.lever) if arguments else None
    if arguments is None or pull is None:
        return ""
    plan = plan_undo(context, pull)
    return (
        _proposed(context, arguments)
        or reason_enough(arguments.alone)
        or unsettled(context.state, pull.lever, plan)
        or plan.refused
    )


def _undo(context: Context, arguments: UndoLever) -> list[NewEvent]:
    pull = context.state.in_force(arguments.lever)
    assert pull is not None
    plan = plan_undo(context, pull)
    return ask(context, plan, arguments.alone, rung=pull.rung, title=pull.title, undoes=pull.op)


def _not_kept(context: Context, arguments: KeepLever | None) -> str:
    if arguments is None:
        return "" if context.state.debt else "no lever is waiting to be undone or kept"
    pull = context.state.in_force(arguments.lever)
    return f"{pull.title} is permanent already" if pull and pull.kept_by else ""


def _keep(context: Context, arguments: KeepLever) -> list[NewEvent]:
    pull = context.state.in_force(arguments.lever)
    assert pull is not None
    return [context.event(Kind.LEVER_KEPT, op=pull.op, owner=arguments.owner or context.actor)]


ACTIONS = (
    Action(
        "pull_lever", "Pull a lever",
        "Change the running system: shown as a plan first, pulled only when its code is typed.",
        "after the page, until the all-clear, for a lever that is ready and not pulled already", 3,
        all_of(paged, _may_pull), _pull, PullLever, needs=("lever",),
    ),
    Action(
        "undo_lever", "Undo a lever", "Put back exactly what was there before the pull.",
        "for a lever that is in force", 3, all_of(open_still, _in_force, _may_undo), _undo, UndoLever,
        ("u",), ("lever",),
    ),
    Action(
        "keep_lever", "Make permanent", "Keep a lever's change for good, with an owner: it is no debt any more.",
        "for a lever in force that is not kept yet", 3, all_of(open_still, _in_force, _not_kept), _keep, KeepLever,
        needs=("lever",),
    ),
)  # fmt: skip
