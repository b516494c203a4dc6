"""What makes a happening the same happening, whoever tells it and however often the world is asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cockpit.domain.events import Event, NewEvent, iso


def identity_of(event: NewEvent | Event) -> tuple[str, str, str]:
    """Return what a happening is known by: what became of an order by its op, all else by its moment too."""
    if op := str(event.payload.get("op", "")):
        return event.kind, "", op
    about = next((str(event.payload[key]) for key in ("inject", "signal") if key in event.payload), "")
    return event.kind, iso(event.at), about


def untold(happened: Iterable[NewEvent], log: Sequence[Event]) -> list[NewEvent]:
    """Return the happenings that a journal does not tell yet, in their order."""
    told = {identity_of(event) for event in log}
    return [one for one in happened if identity_of(one) not in told]
