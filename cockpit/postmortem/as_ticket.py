"""Action items as they leave for a tracker, personal data masked as in every export."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.domain.events import Event
from cockpit.domain.incident import fold
from cockpit.live.ticketing import Wanted
from cockpit.postmortem.mask import customers_of, mask, team_of
from cockpit.postmortem.todo import Item, items


def as_ticket(one: Item, events: Sequence[Event], raw: bool) -> Wanted:
    """Return an action item as it leaves; `raw` leaves personal data in it."""
    state = fold(events)
    about = f"Action item {one.id} of incident {state.incident}: {state.title}."
    when = f"Due {one.due}." if one.due else "No date is set."
    text = f"{one.text}\n\n{about}\n\nOwner: {one.owner or 'nobody yet'}. {when}"
    if raw:
        return Wanted(one.id, one.text, text, one.owner, one.due, raw)
    kept, hidden = [*team_of(events), one.owner], customers_of(events)
    title, text = (mask(told, keep=kept, hide=hidden) for told in (one.text, text))
    return Wanted(one.id, title, text, one.owner, one.due)


def open_item(events: Sequence[Event], item: str, raw: bool) -> Wanted | None:
    """Return an action item that is still to be done, as it leaves; None where there is none of that name."""
    found = next((one for one in items(fold(events)) if one.id == item and not one.done), None)
    return as_ticket(found, events, raw) if found else None
