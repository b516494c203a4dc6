"""What pulling, undoing and approving share: the plan, what stands against it, and what is journalled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cockpit.domain.events import Kind, NewEvent, canonical
from cockpit.domain.incident import IncidentState
from cockpit.domain.levers import LeverPlan, LeverPull, Stage, control_of
from cockpit.session.action import Context

REASON_LENGTH = 10
"""How many characters a reason must have that stands in for a second person, or for a measurement."""


def plan_pull(context: Context, lever: str, target: str, scope: Mapping[str, Any]) -> LeverPlan:
    """Plan a pull on the world as it is now."""
    name = f"pull {lever} {target} {canonical(dict(scope))}"
    return context.planned(name, lambda: context.world.plan(lever, target, scope, context.now))


def plan_undo(context: Context, pull: LeverPull) -> LeverPlan:
    """Plan to put back what was there before a pull."""
    return context.planned(f"undo {pull.op}", lambda: context.world.plan_undo(pull, context.now))


def next_op(state: IncidentState) -> str:
    """Return the identity of the next change asked of the world: L1, L2 …, counting canary steps too."""
    return f"L{state.orders + 1}"


def unsettled(state: IncidentState, lever: str, plan: LeverPlan) -> str:
    """Say why the control of a lever has to be left alone for now, or return an empty text."""
    for pull in reversed(state.pulls):
        if not _same_control(pull, lever, plan):
            continue
        if pull.stage is Stage.UNKNOWN:
            what = f"the undo {pull.op}" if pull.undoes else pull.op
            return f"{pull.title}: nobody can tell yet whether {what} arrived; wait until reading back has settled it"
        if pull.undoes and pull.stage is Stage.PULLED:
            return f"{pull.title} is being undone already: wait until that is stored"
    return ""


def _same_control(pull: LeverPull, lever: str, plan: LeverPlan) -> bool:
    control = control_of(plan.intent)
    return pull.lever == lever or (control is not None and control == control_of(pull.intent))


def out_of_range(state: IncidentState, plan: LeverPlan) -> str:
    """Say why an exercise must not touch a system, or return an empty text."""
    control = control_of(plan.intent)
    if state.mode != "range" or control is None or plan.intent.get("staging"):
        return ""
    return f"this is an exercise, and {control[0]} is a production system: only staging may be changed here"


def changed(title: str, since: str, before: tuple[str, str], plan: LeverPlan) -> str:
    """Say that a value is not what it was, both as (value, version); empty when it is."""
    value, version = before
    if plan.version == version if version else plan.current == value:
        return ""
    return f"{title} changed since {since}: it was {_known(value, version)}, now it is {_known(*_value(plan))}"


def _value(plan: LeverPlan) -> tuple[str, str]:
    return plan.current, plan.version


def _known(value: str, version: str) -> str:
    """Name a value with its version, unless that is a mere digest of it."""
    if not version or version.startswith("#"):
        return value or "another value"
    return f"{value} (version {version})" if value else f"version {version}"


def ask(context: Context, plan: LeverPlan, alone: str, **more: Any) -> list[NewEvent]:
    """Write a pull down: as a proposal where it takes a second person, unless there is a reason to go alone."""
    if plan.people > 1 and not alone.strip():
        return [context.event(Kind.LEVER_PROPOSED, **asked(plan, **more))]
    going_alone = alone.strip() if plan.people > 1 else ""
    payload = asked(plan, **more, alone=going_alone)
    return [context.event(Kind.LEVER_PULLED, op=next_op(context.state), **payload)]


def asked(plan: LeverPlan, **more: Any) -> dict[str, Any]:
    """Return what the journal keeps of a plan that is carried out or proposed."""
    intent = {"intent": dict(plan.intent)} if plan.intent else {}
    return {
        "lever": plan.lever,
        "target": plan.target,
        "scope": dict(plan.scope),
        "before": plan.current,
        "version": plan.version,
        **({"once": True} if plan.once else {}),
        **intent,
        **more,
    }


def reason_enough(alone: str) -> str:
    """Say why a reason to go alone is none, or return an empty text."""
    if not alone or len(alone.strip()) >= REASON_LENGTH:
        return ""
    return f"say in {REASON_LENGTH} characters or more why it can't wait for a second person"
