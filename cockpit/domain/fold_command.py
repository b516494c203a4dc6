"""How roles fold into the state: exactly one holder per role, and a hand-over only when it is accepted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cockpit.domain.events import Event, Kind
from cockpit.domain.parts import Command, Hold, Offer

if TYPE_CHECKING:
    from cockpit.domain.incident import IncidentState


def _give(command: Command, role: str, who: str, event: Event) -> Command:
    """End whoever holds the role, and let `who` hold it from this event on."""
    holds = tuple(
        replace(hold, until=event.at) if hold.role == role and hold.until is None else hold for hold in command.holds
    )
    holders = {name: holder for name, holder in command.holders.items() if name != role}
    if who:
        holders[role] = who
        holds = (*holds, Hold(role, who, event.at))
    offers = {name: offer for name, offer in command.offers.items() if name != role}
    return Command(holders, offers, holds)


def _taken(state: IncidentState, event: Event) -> dict[str, Any]:
    return {"command": _give(state.command, str(event.get("role", "")), event.actor, event)}


def _offered(state: IncidentState, event: Event) -> dict[str, Any]:
    role = str(event.get("role", ""))
    offer = Offer(role, event.actor, str(event.get("to", "")), event.at)
    return {"command": replace(state.command, offers={**state.command.offers, role: offer})}


def _accepted(state: IncidentState, event: Event) -> dict[str, Any]:
    return {"command": _give(state.command, str(event.get("role", "")), event.actor, event)}


def _released(state: IncidentState, event: Event) -> dict[str, Any]:
    return {"command": _give(state.command, str(event.get("role", "")), "", event)}


HANDLERS: Mapping[Kind, Callable[[IncidentState, Event], dict[str, Any]]] = {
    Kind.ROLE_TAKEN: _taken,
    Kind.ROLE_OFFERED: _offered,
    Kind.ROLE_ACCEPTED: _accepted,
    Kind.ROLE_RELEASED: _released,
}
