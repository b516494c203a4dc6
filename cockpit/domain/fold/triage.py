"""How classification, answers and scope fold into the state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cockpit.domain.events import Event, Kind
from cockpit.domain.parts import Answer

if TYPE_CHECKING:
    from cockpit.domain.incident import IncidentState


def _class(state: IncidentState, event: Event) -> dict[str, Any]:
    return {"triage": replace(state.triage, incident_class=str(event.get("class", "")))}


def _layer(state: IncidentState, event: Event) -> dict[str, Any]:
    triage = replace(
        state.triage,
        layer=str(event.get("layer", "")),
        component=str(event.get("component") or state.triage.component),
        change=str(event.get("change") or state.triage.change),
    )
    return {"triage": triage}


def _answer(state: IncidentState, event: Event) -> dict[str, Any]:
    answer = Answer(str(event.get("answer", "")), event.at, event.actor, event.seq, str(event.get("evidence", "")))
    answers = {**state.triage.answers, str(event.get("question", "")): answer}
    return {"triage": replace(state.triage, answers=answers)}


def _characterised(state: IncidentState, event: Event) -> dict[str, Any]:
    given = {key: value for key, value in event.payload.items() if value not in (None, "")}
    return {"triage": replace(state.triage, characterised={**state.triage.characterised, **given})}


def _scope(state: IncidentState, event: Event) -> dict[str, Any]:
    return {"triage": replace(state.triage, scope={**state.triage.scope, **event.payload})}


def _hypothesis(state: IncidentState, event: Event) -> dict[str, Any]:
    name, status = str(event.get("hypothesis", "")), str(event.get("status", "open"))
    return {"triage": replace(state.triage, hypotheses={**state.triage.hypotheses, name: status})}


HANDLERS: Mapping[Kind, Callable[[IncidentState, Event], dict[str, Any]]] = {
    Kind.CLASS_SET: _class,
    Kind.LAYER_SET: _layer,
    Kind.QUESTION_ANSWERED: _answer,
    Kind.CHARACTERISED: _characterised,
    Kind.SCOPE_SET: _scope,
    Kind.HYPOTHESIS_SET: _hypothesis,
}
