"""The lines that the courier writes, and when it tries again."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from cockpit.domain.deliveries import Delivery
from cockpit.domain.events import Kind, NewEvent, Source, iso
from cockpit.domain.text import clean
from cockpit.errors import BadInput, CockpitError, Refused, Throttled, Unauthorised, Unsure
from cockpit.live.outlets import Stop
from cockpit.world.contract_channels import Receipt

FIRST_PAUSE_S, LAST_PAUSE_S = 2.0, 300.0
"""The pause before another try doubles from the first to the last, give or take a third."""

MOST_DOUBLED = 20
"""How often it doubles at most: a float can't be doubled as often as somebody may try in a week."""

LONGEST_PATIENCE_S = 3600.0
"""No Retry-After is honoured for longer, in seconds."""

ACTOR = "courier"


class Tried(Protocol):
    """What a line says it is about: the line that asked for it, what the delivery is known by, and the try."""

    @property
    def update(self) -> int: ...
    @property
    def channel(self) -> str: ...
    @property
    def attempt(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Try:
    """A try that no delivery tells of yet."""

    update: int
    channel: str
    attempt: str


def arrived(stop: Stop, one: Delivery, receipt: Receipt, now: datetime) -> NewEvent:
    """Return the line that a channel took an update."""
    told = {"ref": receipt.ref, "url": receipt.url, "note": receipt.note}
    safe = {name: clean(text, multiline=False, limit=300) for name, text in told.items() if text}
    return line(Kind.UPDATE_DELIVERED, now, stop, one, **safe)


def failed(stop: Stop, one: Delivery, problem: CockpitError, now: datetime) -> NewEvent:
    """Return the line for a try that failed: when the next one is, or that there is none."""
    reason = clean(problem.message, multiline=False, limit=300)
    if isinstance(problem, Unsure):
        return unsure(stop, one, reason, now)
    given = {} if _for_good(problem, stop) else {"next_try": iso(_again(one, problem, now))}
    return line(Kind.UPDATE_DELIVERY_FAILED, now, stop, one, reason=reason, **given)


def unsure(stop: Stop, one: Delivery, reason: str, now: datetime) -> NewEvent:
    """Return the line for a try whose end nobody knows: sent again only where a repeat does no harm."""
    if not stop.repeats(one.channel):
        return line(Kind.UPDATE_DELIVERY_UNKNOWN, now, stop, one, reason=reason)
    again = iso(_again(one, None, now))
    return line(Kind.UPDATE_DELIVERY_FAILED, now, stop, one, reason=reason, next_try=again)


def _again(one: Delivery, problem: CockpitError | None, now: datetime) -> datetime:
    pause = min(FIRST_PAUSE_S * 2.0 ** min(one.tries - 1, MOST_DOUBLED), LAST_PAUSE_S) * random.uniform(0.67, 1.33)
    if isinstance(problem, Throttled) and problem.retry_after_s:
        asked = min(problem.retry_after_s, LONGEST_PATIENCE_S)
        pause = max(pause, asked * random.uniform(1.0, 1.1))
    elif isinstance(problem, Unauthorised):
        pause = LAST_PAUSE_S
    return now + timedelta(seconds=pause)


def line(kind: Kind, now: datetime, stop: Stop, one: Tried, **told: Any) -> NewEvent:
    """Return a line about one try."""
    called, payload = stop.line(kind, one.update, one.channel, {"attempt": one.attempt, **told})
    return NewEvent(called, now, ACTOR, Source.SYSTEM, payload)


def _for_good(problem: CockpitError, stop: Stop) -> bool:
    """Whether asking again can't help; a token and a table can be put right without this terminal knowing."""
    if not stop.usable or isinstance(problem, Unauthorised):
        return False
    return isinstance(problem, (Refused, BadInput))
