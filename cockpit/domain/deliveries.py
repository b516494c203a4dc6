"""What became of each update on each channel, as the journal tells it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from cockpit.domain.events import Event, Kind, from_iso


class Stage(StrEnum):
    """How far one update has come on one channel."""

    SENDING = "sending"
    DELIVERED = "delivered"
    WAITING = "waiting"  # it failed, and will be tried again
    REFUSED = "refused"  # it failed for good
    UNKNOWN = "unknown"  # it may have arrived, and is not sent twice


FINAL = (Stage.DELIVERED, Stage.REFUSED, Stage.UNKNOWN)
"""Stages after which nothing is sent any more."""

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


class Deliveries:
    """The deliveries of one incident, by update and channel."""

    def __init__(self) -> None:
        self.found: dict[tuple[int, str], Delivery] = {}

    def take(self, events: Iterable[Event]) -> None:
        """Take in lines of the journal, in their order."""
        for event in events:
            if event.kind is Kind.UPDATE_SENDING:
                self._begin(event)
            elif event.kind in _ENDS:
                self._end(event)

    def get(self, update: int, channel: str) -> Delivery | None:
        """Return what became of one update on one channel; None while nothing has."""
        return self.found.get((update, channel))

    def on(self, channel: str) -> list[Delivery]:
        """Return those of one channel, first update first."""
        return sorted((one for one in self.found.values() if one.channel == channel), key=lambda one: one.update)

    def thread(self, channel: str) -> str:
        """Return what the channel called the first update it took."""
        return next((one.ref for one in self.on(channel) if one.stage is Stage.DELIVERED and one.ref), "")

    def _begin(self, event: Event) -> None:
        place = _place(event)
        tries = self.found[place].tries + 1 if place in self.found else 1
        self.found[place] = Delivery(
            *place, Stage.SENDING, event.at, str(event.get("attempt", "")), tries,
            wait_s=float(event.get("wait_s", 0.0)),
        )  # fmt: skip

    def _end(self, event: Event) -> None:
        place, attempt = _place(event), str(event.get("attempt", ""))
        before = self.found.get(place) or Delivery(*place, Stage.SENDING, event.at, attempt)
        arrived = event.kind is Kind.UPDATE_DELIVERED
        if before.stage is Stage.DELIVERED or (before.attempt != attempt and not arrived):
            return  # a late word about an earlier try changes nothing, unless it is that it arrived
        again = str(event.get("next_try", ""))
        stage = _ENDS[event.kind]
        self.found[place] = replace(
            before,
            stage=Stage.REFUSED if stage is Stage.WAITING and not again else stage,
            at=event.at,
            ref=str(event.get("ref", "")),
            url=str(event.get("url", "")),
            reason=str(event.get("reason", "")),
            next_try=from_iso(again) if again else None,
        )


def _place(event: Event) -> tuple[int, str]:
    return int(event.get("update", 0)), str(event.get("channel", ""))
