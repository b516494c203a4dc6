"""What became of each action item in each tracker, as the journal tells it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from cockpit.domain.events import Event, Kind, from_iso

if TYPE_CHECKING:
    from cockpit.domain.incident import IncidentState


LONGEST_S = 3600.0
"""No try takes longer, whoever wrote it."""


class TicketStage(StrEnum):
    """How far an item has come in one tracker."""

    SENDING = "sending"
    MADE = "made"
    WAITING = "waiting"  # it failed, none was made, and it will be tried again
    REFUSED = "refused"  # it failed for good
    UNKNOWN = "unknown"  # there may be one: it is looked for before another one is made


@dataclass(frozen=True, slots=True)
class ItemTicket:
    """One action item in one tracker.

    Attributes:
        mark: by which its ticket is found again.
        attempt: names the last try, which began at `sent_at` and is over for certain after `wait_s`; `tries` counts.
        first_at: when it was asked for the first time.
        ticket: the tracker's own name for it; `url` where people read it.
        told: what was said on it since: `done`, and addresses that were linked.
        line: the journal's line that asked for it first; `raw` whether personal data stays in it.
        doubt: until when a try may still make one of which nobody knows what became; None without such a try.
    """

    item: str
    tracker: str
    stage: TicketStage
    mark: str
    attempt: str
    sent_at: datetime
    first_at: datetime
    wait_s: float = 0.0
    tries: int = 0
    ticket: str = ""
    url: str = ""
    reason: str = ""
    next_try: datetime | None = None
    told: tuple[str, ...] = ()
    line: int = 0
    raw: bool = False
    doubt: datetime | None = None


def _begin(found: ItemTicket | None, event: Event) -> ItemTicket:
    item, tracker, attempt, mark = (str(event.get(name, "")) for name in ("item", "tracker", "attempt", "mark"))
    if found is None:
        found = ItemTicket(item, tracker, TicketStage.SENDING, mark, "", event.at, event.at, line=event.seq)
    return replace(
        found, stage=TicketStage.SENDING, mark=mark or found.mark, attempt=attempt, sent_at=event.at,
        wait_s=_seconds(event.get("wait_s")), tries=found.tries + 1, reason="", next_try=None,
        raw=found.raw or event.get("raw") is True,
    )  # fmt: skip


def _made(found: ItemTicket | None, event: Event) -> ItemTicket | None:
    if found is None:
        return None
    ticket, url = str(event.get("ticket", "")), str(event.get("url", ""))
    return replace(found, stage=TicketStage.MADE, ticket=ticket, url=url, reason="", next_try=None, doubt=None)


def _not_made(found: ItemTicket | None, event: Event) -> ItemTicket | None:
    # A late word about an earlier try changes nothing.
    if found is None or found.stage is TicketStage.MADE or found.attempt != event.get("attempt"):
        return found
    again = _moment(event.get("next_try"))
    failed = TicketStage.WAITING if again else TicketStage.REFUSED
    unknown = event.kind is Kind.TICKET_UNKNOWN
    return replace(
        found, stage=TicketStage.UNKNOWN if unknown else failed, reason=str(event.get("reason", "")), next_try=again,
        doubt=found.sent_at + timedelta(seconds=found.wait_s) if unknown else found.doubt,
    )  # fmt: skip


def _told(found: ItemTicket | None, event: Event) -> ItemTicket | None:
    what = str(event.get("text" if event.get("what") == "link" else "what", ""))
    return replace(found, told=(*found.told, what)) if found else None


def _seconds(value: object) -> float:
    return float(value) if isinstance(value, int | float) and 0 <= value <= LONGEST_S else 0.0


def _moment(text: object) -> datetime | None:
    try:
        return from_iso(text) if isinstance(text, str) and text else None
    except ValueError:
        return None


_STEPS: Mapping[Kind, Callable[[ItemTicket | None, Event], ItemTicket | None]] = {
    Kind.TICKET_SENDING: _begin,
    Kind.TICKET_MADE: _made,
    Kind.TICKET_FAILED: _not_made,
    Kind.TICKET_UNKNOWN: _not_made,
    Kind.TICKET_TOLD: _told,
}


def _fold(state: IncidentState, event: Event) -> dict[str, Any]:
    place = (str(event.get("item", "")), str(event.get("tracker", "")))
    before = state.learning.ticket(*place)
    after = _STEPS[event.kind](before, event)
    if after is None:
        return {}
    others = tuple(one for one in state.learning.tickets if one is not before)
    return {"learning": replace(state.learning, tickets=(*others, after))}


HANDLERS = dict.fromkeys(_STEPS, _fold)
