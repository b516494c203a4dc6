"""Errands: what pagers and trackers are asked for because of an incident, and what became of each.

They stand beside deliveries, and are told as those are: an errand's name takes the channel's place.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cockpit.domain.deliveries import Delivery, after, begun_again
from cockpit.domain.events import Event, Kind, iso
from cockpit.domain.pages import ACKNOWLEDGE, NOTE, PAGE, RESOLVE, as_delivery, called, errand_of, parts_of

if TYPE_CHECKING:
    from cockpit.domain.incident import IncidentState

TICKET = "ticket"
"""What a tracker is asked for."""

LOOK_AGAIN_S = 2.0
"""So long after nobody could tell whether a ticket was made, or after a look that failed, it is looked for."""

TICKET_KINDS = {
    Kind.UPDATE_SENDING: Kind.TICKET_SENDING,
    Kind.UPDATE_DELIVERED: Kind.TICKET_MADE,
    Kind.UPDATE_DELIVERY_FAILED: Kind.TICKET_FAILED,
    Kind.UPDATE_DELIVERY_UNKNOWN: Kind.TICKET_UNKNOWN,
}
"""How the lines about a ticket are called, by those about a channel."""

_AS_UPDATE = {ticket: update for update, ticket in TICKET_KINDS.items()}


_DOING = {ACKNOWLEDGE: "acknowledge", NOTE: "write an update on", RESOLVE: "resolve"}


def is_ticket(one: Delivery) -> bool:
    """Tell whether an errand is a tracker's, and no pager's."""
    return parts_of(one.channel)[1] == TICKET


def place_of(one: Delivery) -> str:
    """Return the pager or the tracker that an errand is for."""
    return parts_of(one.channel)[0]


def errand_words(one: Delivery) -> str:
    """Say what is asked for; names from outside are still raw."""
    _, what, about = parts_of(one.channel)
    if what == TICKET:
        return f"ticket of {about}"
    return "wake somebody" if what == PAGE else f"{_DOING.get(what, what)} {called(about)}"


def fold_errand(state: IncidentState, event: Event) -> dict[str, Any]:
    """Return what a line changes about errands."""
    if event.kind is Kind.UPDATE_RETRIED:
        changed: Delivery | None = begun_again(state.errands, event)
    elif event.kind in _AS_UPDATE:
        changed = after(state.errands, _ticket_as_delivery(state, event))
    else:
        told = as_delivery(event)
        changed = after(state.errands, told) if told is not event else None
    return {"errands": {**state.errands, (changed.update, changed.channel): changed}} if changed else {}


def _ticket_as_delivery(state: IncidentState, event: Event) -> Event:
    """Return a line about a ticket as deliveries know it: where nobody can tell, it waits to be looked for."""
    item, tracker = str(event.get("item", "")), str(event.get("tracker", ""))
    known = state.learning.ticket(item, tracker)
    told = {
        **event.payload, "update": known.line if known else event.seq, "channel": errand_of(tracker, TICKET, item),
        "ref": event.get("ticket"),
    }  # fmt: skip
    if event.kind is Kind.TICKET_UNKNOWN:
        told["next_try"] = iso(event.at + timedelta(seconds=LOOK_AGAIN_S))
        return replace(event, kind=Kind.UPDATE_DELIVERY_FAILED, payload=told)
    return replace(event, kind=_AS_UPDATE[event.kind], payload=told)
