"""How roles fold into the state: exactly one holder per role, and a hand-over only when it is accepted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from cockpit.domain.events import Event, Kind
from cockpit.domain.parts import Command, Declined, Hold, Offer

if TYPE_CHECKING:
    from cockpit.domain.incident import IncidentState

T = TypeVar("T")


def _give(command: Command, role: str, who: str, event: Event) -> Command:
    """End whoever holds the role, and let `who` hold it from this event on."""
    holds = tuple(
        replace(hold, until=event.at) if hold.role == role and hold.until is None else hold for hold in command.holds
    )
    holders = _without(command.holders, role)
    if who:
        holders[role] = who
        holds = (*holds, Hold(role, who, event.at))
    return Command(holders, _without(command.offers, role), holds, _without(command.declined, role))


def _without(found: Mapping[str, T], role: str) -> dict[str, T]:
    return {name: one for name, one in found.items() if name != role}


def _taken(state: IncidentState, event: Event) -> dict[str, Any]:
    return {"command": _give(state.command, str(event.get("role", "")), event.actor, event)}


def _offered(state: IncidentState, event: Event) -> dict[str, Any]:
    role = str(event.get("role", ""))
    offer = Offer(role, event.actor, str(event.get("to", "")), event.at)
    offers, declined = {**state.command.offers, role: offer}, _without(state.command.declined, role)
    return {"command": replace(state.command, offers=offers, declined=declined)}


def _accepted(state: IncidentState, event: Event) -> dict[str, Any]:
    return {"command": _give(state.command, str(event.get("role", "")), event.actor, event)}


def _declined(state: IncidentState, event: Event) -> dict[str, Any]:
    """An offer ends with a no of whom it was made to, and with nobody else's."""
    role = str(event.get("role", ""))
    offer = state.command.offers.get(role)
    if offer is None or offer.to != event.actor:
        return {}
    declined = {**state.command.declined, role: Declined(offer, event.at, str(event.get("reason") or ""))}
    return {"command": replace(state.command, offers=_without(state.command.offers, role), declined=declined)}


def _released(state: IncidentState, event: Event) -> dict[str, Any]:
    return {"command": _give(state.command, str(event.get("role", "")), "", event)}


HANDLERS: Mapping[Kind, Callable[[IncidentState, Event], dict[str, Any]]] = {
    Kind.ROLE_TAKEN: _taken,
    Kind.ROLE_OFFERED: _offered,
    Kind.ROLE_ACCEPTED: _accepted,
    Kind.ROLE_DECLINED: _declined,
    Kind.ROLE_RELEASED: _released,
}
