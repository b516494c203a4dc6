"""How fixtures, alerts, waivers and the close fold into the state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cockpit.domain.cases import PROVEN
from cockpit.domain.events import Event, Kind
from cockpit.domain.learning import Fixture, NewAlert, Waiver

if TYPE_CHECKING:
    from cockpit.domain.incident import IncidentState


def _added(state: IncidentState, event: Event) -> dict[str, Any]:
    document = event.get("case")
    plain = dict(document) if isinstance(document, Mapping) else {}
    case = str(plain.get("id", ""))
    hide = event.get("hide")
    hidden = tuple(str(word) for word in hide) if isinstance(hide, list) else ()
    fixture = Fixture(
        case, event.at, event.seq, event.actor, str(event.get("trace", "")), plain, hide=hidden,
        raw=event.get("raw") is True,
    )  # fmt: skip
    others = tuple(one for one in state.learning.fixtures if one.id != case)
    return {"learning": replace(state.learning, fixtures=(*others, fixture))}


def _proven(state: IncidentState, event: Event) -> dict[str, Any]:
    case, verdict = str(event.get("case", "")), str(event.get("verdict", ""))
    why, proof = str(event.get("why", "")), dict(event.payload)
    changed = proof.pop("document", None)
    tried: dict[str, Any] = {"verdict": verdict, "why": why, "proof": proof, "proof_seq": event.seq}
    if isinstance(changed, Mapping):
        tried["document"] = dict(changed)
    fixtures = tuple(replace(one, **tried) if one.id == case else one for one in state.learning.fixtures)
    changes: dict[str, Any] = {"learning": replace(state.learning, fixtures=fixtures)}
    if verdict == PROVEN and "fixture_done" not in state.milestones:
        changes["milestones"] = {**state.milestones, "fixture_done": event.at}
    return changes


def _waived(state: IncidentState, event: Event) -> dict[str, Any]:
    what, reason, until = (str(event.get(name, "")) for name in ("what", "reason", "until"))
    waiver = Waiver(what, reason, event.actor, event.at, event.seq, until)
    return {"learning": replace(state.learning, waivers=(*state.learning.waivers, waiver))}


def _alerted(state: IncidentState, event: Event) -> dict[str, Any]:
    name, rule, where, case = (str(event.get(key, "")) for key in ("name", "rule", "where", "case"))
    alert = NewAlert(name, rule, event.at, event.seq, event.actor, where, case)
    return {"learning": replace(state.learning, alerts=(*state.learning.alerts, alert))}


def _closed(state: IncidentState, event: Event) -> dict[str, Any]:
    return {"learning": replace(state.learning, closed_at=event.at)}


HANDLERS: Mapping[Kind, Callable[[IncidentState, Event], dict[str, Any]]] = {
    Kind.FIXTURE_ADDED: _added,
    Kind.FIXTURE_PROVEN: _proven,
    Kind.FIXTURE_WAIVED: _waived,
    Kind.ALERT_ADDED: _alerted,
    Kind.INCIDENT_CLOSED: _closed,
}
