"""What became of each update on each channel, as the journal tells it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from cockpit.domain.events import Event, Kind, from_iso

if TYPE_CHECKING:
    from cockpit.domain.incident import IncidentState


class Stage(StrEnum):
    """How far one update has come on one channel."""

    SENDING = "sending"
    DELIVERED = "delivered"
    WAITING = "waiting"  # it failed, and will be tried again
    REFUSED = "refused"  # it failed for good
    UNKNOWN = "unknown"  # it may have arrived, and is not sent twice


FINAL = (Stage.DELIVERED, Stage.REFUSED, Stage.UNKNOWN)
"""Stages after which nothing is sent any more, unless a person asks for it."""

RETRIED = (Stage.WAITING, Stage.REFUSED, Stage.UNKNOWN)
"""Stages in which a person may ask for another try at once."""

_ENDS = {
    Kind.UPDATE_DELIVERED: Stage.DELIVERED,
    Kind.UPDATE_DELIVERY_FAILED: Stage.WAITING,
    Kind.UPDATE_DELIVERY_UNKNOWN: Stage.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Delivery:
    """One update on one channel.

    Attributes:
        update: the journal's line of the update; `attempt` names the last try, `tries` counts them.
        at: when that try began or ended.
        wait_s: how long after its beginning a try is over for certain, in seconds.
    """

    update: int
    channel: str
    stage: Stage
    at: datetime
    attempt: str
    tries: int = 0
    ref: str = ""
    url: str = ""
    reason: str = ""
    wait_s: float = 0.0
    next_try: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wired:
    """A channel as it is wired: for whom it is, and why it can't be used where it can't."""

    name: str
    audiences: frozenset[str]
    problem: str = ""


Found = Mapping[tuple[int, str], Delivery]
"""Deliveries by the update's line and the channel's name."""


@dataclass(frozen=True, slots=True)
class Deliveries:
    """The deliveries of one incident, by update and channel."""

    found: Found = field(default_factory=dict)

    def get(self, update: int, channel: str) -> Delivery | None:
        """Return what became of one update on one channel; None while nothing has."""
        return self.found.get((update, channel))

    def on(self, channel: str) -> list[Delivery]:
        """Return those of one channel, first update first."""
        return sorted((one for one in self.found.values() if one.channel == channel), key=lambda one: one.update)

    def thread(self, channel: str) -> str:
        """Return what the channel called the first update it took."""
        return next((one.ref for one in self.on(channel) if one.stage is Stage.DELIVERED and one.ref), "")


def unsettled(found: Found) -> list[Delivery]:
    """Return what has not arrived, or may not have, the oldest update first."""
    return sorted(
        (one for one in found.values() if one.stage is not Stage.DELIVERED), key=lambda one: (one.update, one.channel)
    )


def after(found: Found, event: Event) -> Delivery | None:
    """Return what one line makes of a delivery; None where it changes nothing."""
    if event.kind is Kind.UPDATE_SENDING:
        return _begun(found, event)
    return begun_again(found, event) if event.kind is Kind.UPDATE_RETRIED else _ended(found, event)


def _begun(found: Found, event: Event) -> Delivery:
    place = _place(event)
    tries = found[place].tries + 1 if place in found else 1
    told = event.get("wait_s", 0.0)
    wait_s = float(told) if isinstance(told, int | float) else 0.0
    return Delivery(*place, Stage.SENDING, event.at, str(event.get("attempt", "")), tries, wait_s=wait_s)


def begun_again(found: Found, event: Event) -> Delivery | None:
    """A person asks for another try: it is due at once, as if it had failed just now."""
    before = found.get(_place(event))
    if before is None or before.stage not in RETRIED:
        return None
    return replace(before, stage=Stage.WAITING, at=event.at, next_try=event.at)


def _ended(found: Found, event: Event) -> Delivery | None:
    place, attempt = _place(event), str(event.get("attempt", ""))
    before = found.get(place) or Delivery(*place, Stage.SENDING, event.at, attempt)
    arrived = event.kind is Kind.UPDATE_DELIVERED
    if before.stage is Stage.DELIVERED or (before.attempt != attempt and not arrived):
        return None  # a late word about an earlier try changes nothing, unless it is that it arrived
    again = _moment(event.get("next_try"))
    stage = _ENDS[event.kind]
    return replace(
        before,
        stage=Stage.REFUSED if stage is Stage.WAITING and not again else stage,
        at=event.at,
        ref=str(event.get("ref", "")),
        url=str(event.get("url", "")),
        reason=str(event.get("reason", "")),
        next_try=again,
    )


def _place(event: Event) -> tuple[int, str]:
    update = event.get("update", 0)
    return update if isinstance(update, int) else 0, str(event.get("channel", ""))


def _moment(told: object) -> datetime | None:
    try:
        return from_iso(str(told)) if told else None
    except ValueError:
        return None


def _folded(state: IncidentState, event: Event) -> dict[str, Any]:
    changed = after(state.deliveries, event)
    if changed is None:
        return {}
    return {"deliveries": {**state.deliveries, (changed.update, changed.channel): changed}}


HANDLERS: Mapping[Kind, Callable[[IncidentState, Event], dict[str, Any]]] = dict.fromkeys(
    (Kind.UPDATE_SENDING, Kind.UPDATE_RETRIED, *_ENDS), _folded
)
