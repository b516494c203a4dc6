"""Station 3: pull, undo, keep, and the way back through a canary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from cockpit.domain.clock import mmss
from cockpit.domain.events import Kind, NewEvent
from cockpit.domain.levers import LeverPlan, LeverPull, Stage
from cockpit.session.action import Action, Context
from cockpit.session.rules import all_of, before_all_clear, open_still, paged


@dataclass(frozen=True, slots=True)
class PullLever:
    """A lever; without a target it takes the sensible one (last known good), without a scope everybody."""

    lever: str
    target: str = ""
    scope: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OneLever:
    """A lever that is in force."""

    lever: str


@dataclass(frozen=True, slots=True)
class KeepLever:
    """A lever that is in force, and who owns it from now on."""

    lever: str
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Percent:
    """The share of users, in percent."""

    percent: float


@dataclass(frozen=True, slots=True)
class FirstPercent:
    """The share of users to begin with, in percent; 0 takes the profile's."""

    percent: float = 0.0


def plan_of(context: Context, arguments: PullLever) -> LeverPlan:
    """Plan a pull on the world as it is now."""
    return context.world.plan(arguments.lever, arguments.target, arguments.scope, context.now)


def _may_pull(context: Context, arguments: PullLever | None) -> str:
    if arguments is None:
        return ""
    view = next((one for one in context.world.levers(context.now) if one.name == arguments.lever), None)
    if view is None:
        names = ", ".join(one.name for one in context.world.levers(context.now))
        return f"there is no lever {arguments.lever!r} here: {names}"
    if view.ready:
        return view.ready
    plan = plan_of(context, arguments)
    same = context.state.in_force(arguments.lever)
    if same and same.target == plan.target and dict(same.scope) == dict(plan.scope):
        return f"{arguments.lever} is pulled already ({same.stage}): undo it, or wait for its proof"
    return plan.refused


def _pull(context: Context, arguments: PullLever) -> list[NewEvent]:
    plan = plan_of(context, arguments)
    spec = context.playbook.lever(arguments.lever)
    return [
        context.event(
            Kind.LEVER_PULLED,
            op=next_op(context),
            lever=plan.lever,
            target=plan.target,
            scope=dict(plan.scope),
            before=plan.current,
            rung=spec.rung if spec else 8,
            title=spec.title if spec else plan.lever,
            destructive=plan.destructive or bool(spec and spec.destructive),
            **({"intent": dict(plan.intent)} if plan.intent else {}),
        )
    ]


def next_op(context: Context) -> str:
    """Return the identity of the next change asked of the world: L1, L2 …, counting canary steps too."""
    return f"L{context.state.orders + 1}"


def _in_force(context: Context, arguments: OneLever | KeepLever | None) -> str:
    if arguments is None:
        return "" if any(pull.in_force for pull in context.state.pulls) else "no lever is pulled"
    if context.state.in_force(arguments.lever) is None:
        return f"{arguments.lever} is not pulled"
    return ""


def _not_under_undo(context: Context, arguments: OneLever | None) -> str:
    pull = context.state.in_force(arguments.lever) if arguments else None
    if pull and any(one.undoes == pull.op and one.stage is Stage.PULLED for one in context.state.pulls):
        return f"{pull.title} is being undone already"
    return ""


def _undo(context: Context, arguments: OneLever) -> list[NewEvent]:
    pull = context.state.in_force(arguments.lever)
    assert pull is not None
    plan = context.world.plan_undo(pull, context.now)
    return [
        context.event(
            Kind.LEVER_PULLED,
            op=next_op(context),
            lever=pull.lever,
            target=plan.target,
            scope=dict(pull.scope),
            before=plan.current,
            rung=pull.rung,
            title=pull.title,
            undoes=pull.op,
            **({"intent": dict(plan.intent)} if plan.intent else {}),
        )
    ]


def _not_kept(context: Context, arguments: KeepLever | None) -> str:
    if arguments is None:
        return "" if context.state.debt else "no lever is waiting to be undone or kept"
    pull = context.state.in_force(arguments.lever)
    return f"{pull.title} is permanent already" if pull and pull.kept_by else ""


def _keep(context: Context, arguments: KeepLever) -> list[NewEvent]:
    pull = context.state.in_force(arguments.lever)
    assert pull is not None
    return [context.event(Kind.LEVER_KEPT, op=pull.op, owner=arguments.owner or context.actor)]


def closing_pulls(context: Context) -> tuple[LeverPull, ...]:
    """Return the levers in force that take service away, which a canary opens again."""
    specs = context.playbook.levers
    closing = {spec.name for spec in specs if spec.closes}
    return tuple(pull for pull in context.state.pulls if pull.in_force and pull.lever in closing)


def _may_open(context: Context, arguments: FirstPercent | None) -> str:
    canary = context.state.canary
    if canary and canary.state == "watching":
        return f"a canary is open at {canary.percent:g} %: watch it, then widen it"
    if not closing_pulls(context):
        return "nothing is closed: only a lever that takes service away is re-opened through a canary"
    if not context.state.contained:
        return "harm has not been measured to have stopped: wait until it is contained"
    return _percent_ok(arguments.percent or 1.0) if arguments else ""


def _percent_ok(percent: float) -> str:
    return "" if 0 < percent <= 100 else f"a share is above 0 and at most 100 percent, not {percent:g}"


def _open(context: Context, arguments: FirstPercent) -> list[NewEvent]:
    percent = arguments.percent or context.playbook.profile.canary_percent
    reopens = [pull.op for pull in closing_pulls(context)]
    return [context.event(Kind.CANARY_OPENED, percent=percent, op=next_op(context), reopens=reopens)]


def _may_widen(context: Context, arguments: Percent | None) -> str:
    canary = context.state.canary
    if canary is None or canary.state != "watching":
        return "no canary is open"
    left = timedelta(seconds=context.playbook.profile.canary_watch_s) - (context.now - canary.since)
    if left > timedelta(0):
        return f"the watch is not over: {mmss(left)} left at {canary.percent:g} %"
    if arguments and not canary.percent < arguments.percent <= 100:
        return f"wider than {canary.percent:g} and at most 100 percent, not {arguments.percent:g}"
    return ""


def _widen(context: Context, arguments: Percent) -> list[NewEvent]:
    canary = context.state.canary
    assert canary is not None
    return [
        context.event(
            Kind.CANARY_WIDENED, percent=arguments.percent, op=next_op(context), reopens=list(canary.reopens)
        )
    ]


def _watching(context: Context, _: Any) -> str:
    canary = context.state.canary
    return "" if canary and canary.state == "watching" else "no canary is open"


def _abort(context: Context, _: Any) -> list[NewEvent]:
    canary = context.state.canary
    assert canary is not None
    return [
        context.event(Kind.CANARY_ABORTED, percent=canary.percent, op=next_op(context), reason="closed by a person")
    ]


ACTIONS = (
    Action(
        "pull_lever", "Pull a lever",
        "Change the running system: shown as a plan first, pulled only when its code is typed.",
        "after the page, until the all-clear, for a lever that is ready and not pulled already", 3,
        all_of(paged, _may_pull), _pull, PullLever, needs=("lever",),
    ),
    Action(
        "undo_lever", "Undo a lever", "Put back exactly what was there before the pull.",
        "for a lever that is in force", 3, all_of(open_still, _in_force, _not_under_undo), _undo, OneLever,
        ("u",), ("lever",),
    ),
    Action(
        "keep_lever", "Make permanent", "Keep a lever's change for good, with an owner: it is no debt any more.",
        "for a lever in force that is not kept yet", 3, all_of(open_still, _in_force, _not_kept), _keep, KeepLever,
        needs=("lever",),
    ),
    Action(
        "open_canary", "Open a canary", "Give a few users the re-opened feature and watch them against the baseline.",
        "when harm is contained and a lever that takes service away is in force", 3,
        all_of(before_all_clear, _may_open), _open, FirstPercent, ("o",),
    ),
    Action(
        "widen_canary", "Widen the canary", "Give more users, or everybody (100), the re-opened feature.",
        "when the canary has been watched for as long as the profile asks", 3,
        all_of(before_all_clear, _may_widen), _widen, Percent, needs=("percent",),
    ),
    Action(
        "abort_canary", "Close the canary", "Close the re-opened feature again at once.", "while a canary is open", 3,
        all_of(before_all_clear, _watching), _abort,
    ),
)  # fmt: skip
