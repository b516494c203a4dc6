"""Levers that take two people: one proposes, another approves on a plan made anew, anybody may withdraw."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.domain.events import Kind, NewEvent
from cockpit.domain.levers import LeverPlan, Proposal
from cockpit.session.action import Action, Context
from cockpit.session.pulls import asked, changed, next_op, plan_pull, plan_undo, unsettled
from cockpit.session.rules import all_of, open_still, paged

YOURS = "you proposed it yourself: somebody else has to approve it"
NONE_WAITS = "nothing waits for a second person"


@dataclass(frozen=True, slots=True)
class Proposed:
    """A lever whose pull, or whose undo, waits for a second person."""

    lever: str


@dataclass(frozen=True, slots=True)
class Withdraw:
    """A lever whose pull, or whose undo, waits for a second person, and why it should not be done."""

    lever: str
    reason: str = ""


def _again(context: Context, proposal: Proposal) -> LeverPlan | None:
    """Plan what was proposed on the world as it is now; None when there is nothing to undo any more."""
    if not proposal.undoes:
        return plan_pull(context, proposal.lever, proposal.target, proposal.scope)
    pull = context.state.pull(proposal.undoes)
    return plan_undo(context, pull) if pull and pull.in_force else None


def _waits(context: Context, arguments: Proposed | Withdraw | None) -> str:
    if arguments is None:
        return "" if context.state.proposals else NONE_WAITS
    return "" if context.state.proposal(arguments.lever) else f"nobody has proposed {arguments.lever}"


def _may_approve(context: Context, arguments: Proposed | None) -> str:
    if arguments is None:
        return "" if any(one.proposer != context.actor for one in context.state.proposals) else YOURS
    proposal = context.state.proposal(arguments.lever)
    assert proposal is not None
    if proposal.proposer == context.actor:
        return YOURS
    if not proposal.undoes and (reason := paged(context, None)):
        return reason
    plan = _again(context, proposal)
    if plan is None:
        return f"{proposal.title} is not in force any more: withdraw the proposal"
    return plan.refused or unsettled(context.state, proposal.lever, plan) or _moved(proposal, plan)


def _moved(proposal: Proposal, plan: LeverPlan) -> str:
    since = f"{proposal.proposer} proposed this"
    reason = changed(proposal.title, since, (proposal.before, proposal.version), plan)
    return f"{reason}; withdraw it and propose it again" if reason else ""


def _approve(context: Context, arguments: Proposed) -> list[NewEvent]:
    proposal = context.state.proposal(arguments.lever)
    assert proposal is not None
    plan = _again(context, proposal)
    assert plan is not None
    spec = context.playbook.lever(proposal.lever)
    payload = asked(
        plan,
        rung=spec.rung if spec else 8,
        title=proposal.title,
        destructive=plan.destructive or bool(spec and spec.destructive),
        undoes=proposal.undoes,
        proposer=proposal.proposer,
        approver=context.actor,
    )
    return [context.event(Kind.LEVER_PULLED, op=next_op(context.state), **payload)]


def _withdraw(context: Context, arguments: Withdraw) -> list[NewEvent]:
    proposal = context.state.proposal(arguments.lever)
    assert proposal is not None
    payload = {"lever": proposal.lever, "proposer": proposal.proposer, "title": proposal.title}
    return [context.event(Kind.LEVER_WITHDRAWN, **payload, reason=arguments.reason)]


ACTIONS = (
    Action(
        "approve_lever", "Approve a lever",
        "Be the second person: the lever that somebody proposed is pulled when you type its code.",
        "while a lever that somebody else proposed waits", 3,
        all_of(open_still, _waits, _may_approve), _approve, Proposed, ("p",), ("lever",),
    ),
    Action(
        "withdraw_lever", "Withdraw a proposal", "Take back a lever that waits for a second person; anybody may.",
        "while a lever waits for a second person", 3, all_of(open_still, _waits), _withdraw, Withdraw,
        needs=("lever",),
    ),
)  # fmt: skip
