"""How pulls, read-backs, proofs, containment and the canary fold into the state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cockpit.domain.events import Event, Kind
from cockpit.domain.levers import LeverPull, Stage
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
    )
    if state.pull(pull.op):
        return {}
    return {"pulls": (*state.pulls, pull)}


def _changed(state: IncidentState, op: str, **changes: Any) -> tuple[LeverPull, ...]:
    return tuple(replace(pull, **changes) if pull.op == op else pull for pull in state.pulls)


def _applied(state: IncidentState, event: Event) -> dict[str, Any]:
    op = str(event.get("op", ""))
    pull = state.pull(op)
    if pull is None or pull.stage not in (Stage.PULLED, Stage.UNKNOWN):
        return {}
    pulls = _changed(state, op, stage=Stage.APPLIED, applied_at=event.at)
    if pull.undoes:
        pulls = tuple(
            replace(one, stage=Stage.UNDONE, undone_at=event.at, undone_by=op) if one.op == pull.undoes else one
            for one in pulls
        )
    return {"pulls": pulls}


def _staged(stage: Stage) -> Callable[[IncidentState, Event], dict[str, Any]]:
    def handle(state: IncidentState, event: Event) -> dict[str, Any]:
        op = str(event.get("op", ""))
        changes: dict[str, Any] = {"stage": stage, "reason": str(event.get("reason", ""))}
        if stage is Stage.PROVEN:
            changes["proven_at"] = event.at
        for key in ("matched", "of", "config_id"):
            if key in event.payload:
                changes[key] = event.payload[key]
        pull = state.pull(op)
        return {"pulls": _changed(state, op, **changes)} if pull and pull.stage is not Stage.UNDONE else {}

    return handle


def _kept(state: IncidentState, event: Event) -> dict[str, Any]:
    return {"pulls": _changed(state, str(event.get("op", "")), kept_by=str(event.get("owner") or event.actor))}


def _contained(state: IncidentState, event: Event) -> dict[str, Any]:
    return {"containment": replace(state.containment, since=event.at, seq=event.seq)}


def _lost(state: IncidentState, event: Event) -> dict[str, Any]:
    return {"containment": Containment(None, event.seq, state.containment.lost + 1)}


def _canary(state: IncidentState, event: Event) -> dict[str, Any]:
    reopens = tuple(str(op) for op in event.get("reopens", ()))
    return {"canary": Canary(float(event.get("percent", 0.0)), event.at, str(event.get("op", "")), reopens)}


def _canary_over(outcome: str) -> Callable[[IncidentState, Event], dict[str, Any]]:
    def handle(state: IncidentState, event: Event) -> dict[str, Any]:
        if state.canary is None:
            return {}
        return {"canary": replace(state.canary, state=outcome, reason=str(event.get("reason", "")))}

    return handle


def _passed(state: IncidentState, event: Event) -> dict[str, Any]:
    reopened = event.get("reopened", ())
    pulls = tuple(
        replace(pull, stage=Stage.UNDONE, undone_at=event.at, undone_by="canary") if pull.op in reopened else pull
        for pull in state.pulls
    )
    return {**_canary_over("passed")(state, event), "pulls": pulls}


HANDLERS: Mapping[Kind, Callable[[IncidentState, Event], dict[str, Any]]] = {
    Kind.LEVER_PULLED: _pulled,
    Kind.LEVER_APPLIED: _applied,
    Kind.LEVER_REFUSED: _staged(Stage.REFUSED),
    Kind.LEVER_UNKNOWN: _staged(Stage.UNKNOWN),
    Kind.LEVER_PROVEN: _staged(Stage.PROVEN),
    Kind.LEVER_NOT_PROVEN: _staged(Stage.NOT_PROVEN),
    Kind.LEVER_KEPT: _kept,
    Kind.CONTAINED: _contained,
    Kind.CONTAINMENT_LOST: _lost,
    Kind.CANARY_OPENED: _canary,
    Kind.CANARY_WIDENED: _canary,
    Kind.CANARY_PASSED: _passed,
    Kind.CANARY_ABORTED: _canary_over("aborted"),
}
