"""How pulls, read-backs, proofs, containment and the canary fold into the state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cockpit.domain.events import Event, Kind
from cockpit.domain.levers import LeverPull, Proposal, Stage
from cockpit.domain.parts import Canary, Containment

if TYPE_CHECKING:
    from cockpit.domain.incident import IncidentState


def _pulled(state: IncidentState, event: Event) -> dict[str, Any]:
    pull = LeverPull(
        op=str(event.get("op", "")),
        lever=str(event.get("lever", "")),
        target=str(event.get("target", "")),
        scope=event.get("scope") or {},
        before=str(event.get("before", "")),
        title=str(event.get("title", "")),
        rung=int(event.get("rung", 8)),
        actor=event.actor,
        pulled_at=event.at,
        seq=event.seq,
        undoes=str(event.get("undoes", "")),
        percent=event.get("percent"),
        destructive=bool(event.get("destructive", False)),
        froze_first=bool(state.freezes),
        intent=event.get("intent") or {},
        version=str(event.get("version", "")),
        proposer=str(event.get("proposer", "")),
        alone=str(event.get("alone", "")),
        once=event.get("once") is True,
    )
    if state.pull(pull.op):
        return {}
    earlier = tuple(_overwritten(one, pull) for one in state.pulls)
    return {"pulls": (*earlier, pull), "proposals": _without(state, pull.lever)}


def _overwritten(earlier: LeverPull, later: LeverPull) -> LeverPull:
    """End a pull that is pulled once more: somebody else had changed what it had stored."""
    if not (later.same_change(earlier) and earlier.undoable and not later.undoes):
        return earlier
    return replace(earlier, stage=Stage.UNDONE, undone_at=later.pulled_at, undone_by="somebody else")


def _without(state: IncidentState, lever: str) -> tuple[Proposal, ...]:
    return tuple(one for one in state.proposals if one.lever != lever)


def _proposed(state: IncidentState, event: Event) -> dict[str, Any]:
    proposal = Proposal(
        lever=str(event.get("lever", "")),
        target=str(event.get("target", "")),
        scope=event.get("scope") or {},
        before=str(event.get("before", "")),
        title=str(event.get("title", "")),
        proposer=event.actor,
        at=event.at,
        seq=event.seq,
        version=str(event.get("version", "")),
        undoes=str(event.get("undoes", "")),
        intent=event.get("intent") or {},
    )
    return {"proposals": (*_without(state, proposal.lever), proposal)}


def _withdrawn(state: IncidentState, event: Event) -> dict[str, Any]:
    return {"proposals": _without(state, str(event.get("lever", "")))}


def _changed(state: IncidentState, op: str, **changes: Any) -> tuple[LeverPull, ...]:
    return tuple(replace(pull, **changes) if pull.op == op else pull for pull in state.pulls)


def _applied(state: IncidentState, event: Event) -> dict[str, Any]:
    op = str(event.get("op", ""))
    pull = state.pull(op)
    if pull is None or pull.stage not in (Stage.PULLED, Stage.UNKNOWN):
        return {}
    pulls = _changed(state, op, stage=Stage.APPLIED, applied_at=event.at, reason="")
    if pull.undoes:
        pulls = tuple(
            replace(one, stage=Stage.UNDONE, undone_at=event.at, undone_by=op) if one.op == pull.undoes else one
            for one in pulls
        )
    return {"pulls": pulls}


def _undecided(stage: Stage) -> Callable[[IncidentState, Event], dict[str, Any]]:
    """What is stored can't be refused or unknown any more, whatever arrives late."""

    def handle(state: IncidentState, event: Event) -> dict[str, Any]:
        op, reason = str(event.get("op", "")), str(event.get("reason", ""))
        pull = state.pull(op)
        if pull is None:
            return _canary_refused(state, op, reason) if stage is Stage.REFUSED else {}
        if pull.stage not in (Stage.PULLED, Stage.UNKNOWN):
            return {}
        return {"pulls": _changed(state, op, stage=stage, reason=reason)}

    return handle


def _seen(stage: Stage) -> Callable[[IncidentState, Event], dict[str, Any]]:
    """Nothing is proven, or fails to be, before it is stored."""

    def handle(state: IncidentState, event: Event) -> dict[str, Any]:
        op = str(event.get("op", ""))
        pull = state.pull(op)
        if pull is None or pull.stage not in (Stage.APPLIED, Stage.PROVEN, Stage.NOT_PROVEN):
            return {}
        changes: dict[str, Any] = {"stage": stage, "reason": str(event.get("reason", ""))}
        if stage is Stage.PROVEN:
            changes["proven_at"] = event.at
        changes.update({key: event.payload[key] for key in ("matched", "of", "config_id") if key in event.payload})
        return {"pulls": _changed(state, op, **changes)}

    return handle


def _kept(state: IncidentState, event: Event) -> dict[str, Any]:
    return {"pulls": _changed(state, str(event.get("op", "")), kept_by=str(event.get("owner") or event.actor))}


def _contained(state: IncidentState, event: Event) -> dict[str, Any]:
    return {"containment": replace(state.containment, since=event.at, seq=event.seq)}


def _lost(state: IncidentState, event: Event) -> dict[str, Any]:
    return {"containment": Containment(None, event.seq, state.containment.lost + 1)}


def _canary(state: IncidentState, event: Event) -> dict[str, Any]:
    reopens = tuple(str(op) for op in event.get("reopens", ()))
    before = state.canary.percent if state.canary and state.canary.open else 0.0
    percent = float(event.get("percent", 0.0))
    canary = Canary(percent, event.at, str(event.get("op", "")), reopens, before=before, asked_at=event.at)
    return {"canary": canary}


def _canary_refused(state: IncidentState, op: str, reason: str) -> dict[str, Any]:
    """A step of the canary that was refused: it is as wide as it was before, or still open."""
    canary = state.canary
    if canary is None or canary.op != op:
        return {}
    if canary.state == "aborted":
        return {"canary": replace(canary, state="stuck", reason=reason)}
    if canary.before:
        return {"canary": replace(canary, percent=canary.before, before=0.0, reason=reason)}
    return {"canary": replace(canary, state="aborted", reason=reason)}


def _canary_over(outcome: str) -> Callable[[IncidentState, Event], dict[str, Any]]:
    def handle(state: IncidentState, event: Event) -> dict[str, Any]:
        if state.canary is None:
            return {}
        op = str(event.get("op", "")) or state.canary.op
        reason = str(event.get("reason", ""))
        return {"canary": replace(state.canary, state=outcome, op=op, reason=reason, asked_at=event.at)}

    return handle


def _passed(state: IncidentState, event: Event) -> dict[str, Any]:
    reopened = event.get("reopened", ())
    pulls = tuple(
        replace(pull, stage=Stage.UNDONE, undone_at=event.at, undone_by="canary") if pull.op in reopened else pull
        for pull in state.pulls
    )
    return {**_canary_over("passed")(state, event), "pulls": pulls}


HANDLERS: Mapping[Kind, Callable[[IncidentState, Event], dict[str, Any]]] = {
    Kind.LEVER_PROPOSED: _proposed,
    Kind.LEVER_WITHDRAWN: _withdrawn,
    Kind.LEVER_PULLED: _pulled,
    Kind.LEVER_APPLIED: _applied,
    Kind.LEVER_REFUSED: _undecided(Stage.REFUSED),
    Kind.LEVER_UNKNOWN: _undecided(Stage.UNKNOWN),
    Kind.LEVER_PROVEN: _seen(Stage.PROVEN),
    Kind.LEVER_NOT_PROVEN: _seen(Stage.NOT_PROVEN),
    Kind.LEVER_KEPT: _kept,
    Kind.CONTAINED: _contained,
    Kind.CONTAINMENT_LOST: _lost,
    Kind.CANARY_OPENED: _canary,
    Kind.CANARY_WIDENED: _canary,
    Kind.CANARY_PASSED: _passed,
    Kind.CANARY_ABORTED: _canary_over("aborted"),
}
