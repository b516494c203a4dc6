"""The lever timeline of an incident: what the world was asked to do, as the journal tells it."""

from __future__ import annotations

from collections.abc import Iterable

from cockpit.domain.events import Event, Kind
from cockpit.domain.levers import LeverOrder

CANARY = "canary"
"""The lever name of a re-opening: `percent` of the users get the re-opened configuration, 0 closes it again."""

_CANARY_KINDS = (Kind.CANARY_OPENED, Kind.CANARY_WIDENED, Kind.CANARY_ABORTED)


def order_of(event: Event) -> LeverOrder | None:
    """Return what one event asked of the world, or None when it asked nothing."""
    if event.kind is Kind.LEVER_PULLED:
        return LeverOrder(
            op=str(event.get("op")),
            lever=str(event.get("lever")),
            target=str(event.get("target", "")),
            scope=event.get("scope") or {},
            at=event.at,
            undoes=str(event.get("undoes", "")),
            intent=event.get("intent") or {},
            by=event.actor,
        )
    if event.kind in _CANARY_KINDS:
        percent = 0.0 if event.kind is Kind.CANARY_ABORTED else float(event.get("percent", 0.0))
        scope = {"undoes": list(event.get("reopens", ()))}
        return LeverOrder(
            op=str(event.get("op")),
            lever=CANARY,
            target="",
            scope=scope,
            at=event.at,
            percent=percent,
            intent=event.get("intent") or {},
            by=event.actor,
        )
    return None


def orders_of(events: Iterable[Event]) -> list[LeverOrder]:
    """Return the whole lever timeline, in order."""
    return [order for event in events if (order := order_of(event)) is not None]
