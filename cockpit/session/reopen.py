"""Station 3, the way back: a few users first, watched against the baseline, then everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cockpit.domain.clock import mmss
from cockpit.domain.events import Kind, NewEvent
from cockpit.domain.levers import LeverPlan, LeverPull
from cockpit.session.action import Action, Context
from cockpit.session.pulls import next_op, out_of_range
from cockpit.session.rules import all_of, before_all_clear


@dataclass(frozen=True, slots=True)
class Percent:
    """The share of users, in percent."""

    percent: float


@dataclass(frozen=True, slots=True)
class FirstPercent:
    """The share of users to begin with, in percent; 0 takes the profile's."""

    percent: float = 0.0


def closing_pulls(context: Context) -> tuple[LeverPull, ...]:
    """Return the levers in force that take service away, which a canary opens again."""
    specs = context.playbook.levers
    closing = {spec.name for spec in specs if spec.closes}
    return tuple(pull for pull in context.state.pulls if pull.in_force and pull.lever in closing)


def _may_open(context: Context, arguments: FirstPercent | None) -> str:
    canary = context.state.canary
    if canary and canary.open:
        return f"a canary is open at {canary.percent:g} %: watch it, then widen it"
    if not closing_pulls(context):
        return "nothing is closed: only a lever that takes service away is re-opened through a canary"
    if not context.frame().harm:
        return "no harm signal is configured, so nobody would notice that a canary harms: undo the lever instead"
    if not context.state.contained:
        return "harm has not been measured to have stopped: wait until it is contained"
    if arguments is None:
        return ""
    return _percent_ok(arguments.percent or 1.0) or _not_planned(context, _first_share(context, arguments))


def _percent_ok(percent: float) -> str:
    return "" if 0 < percent <= 100 else f"a share is above 0 and at most 100 percent, not {percent:g}"


def _not_planned(context: Context, percent: float) -> str:
    plan = _planned(context, percent)
    return plan.refused or out_of_range(context.state, plan)


def _first_share(context: Context, arguments: FirstPercent) -> float:
    return arguments.percent or context.playbook.profile.canary_percent


def _planned(context: Context, percent: float) -> LeverPlan:
    return context.planned(f"canary {percent:g}", lambda: context.world.plan_canary(percent, context.now))


def _step(context: Context, kind: Kind, share: float, **more: Any) -> NewEvent:
    """Write a canary step down with the plan for the share of users that it gives the feature to."""
    plan = _planned(context, share)
    intent = {"intent": dict(plan.intent)} if plan.intent else {}
    return context.event(kind, op=next_op(context.state), **more, **intent)


def _open(context: Context, arguments: FirstPercent) -> list[NewEvent]:
    percent = _first_share(context, arguments)
    reopens = [pull.op for pull in closing_pulls(context)]
    return [_step(context, Kind.CANARY_OPENED, percent, percent=percent, reopens=reopens)]


def _may_widen(context: Context, arguments: Percent | None) -> str:
    canary = context.state.canary
    if canary is None or canary.state != "watching":
        return "no canary is open"
    left = timedelta(seconds=context.playbook.profile.canary_watch_s) - (context.now - canary.since)
    if left > timedelta(0):
        return f"the watch is not over: {mmss(left)} left at {canary.percent:g} %"
    if arguments is None:
        return ""
    if not canary.percent < arguments.percent <= 100:
        return f"wider than {canary.percent:g} and at most 100 percent, not {arguments.percent:g}"
    return _not_planned(context, arguments.percent)


def _widen(context: Context, arguments: Percent) -> list[NewEvent]:
    canary = context.state.canary
    assert canary is not None
    more = {"percent": arguments.percent, "reopens": list(canary.reopens)}
    return [_step(context, Kind.CANARY_WIDENED, arguments.percent, **more)]


def _is_open(context: Context, _: Any) -> str:
    canary = context.state.canary
    return "" if canary and canary.open else "no canary is open"


def _abort(context: Context, _: Any) -> list[NewEvent]:
    canary = context.state.canary
    assert canary is not None
    return [_step(context, Kind.CANARY_ABORTED, 0.0, percent=canary.percent, reason="closed by a person")]


ACTIONS = (
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
        all_of(before_all_clear, _is_open), _abort,
    ),
)  # fmt: skip
