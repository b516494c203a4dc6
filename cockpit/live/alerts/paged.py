"""From a page to an incident: into the one it is about, or into a new one; told once, with its evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from cockpit.domain.events import Event, Kind, NewEvent, Source
from cockpit.domain.incident import IncidentState, fold
from cockpit.errors import JournalConflict, JournalError
from cockpit.live.alerts.ledger import LIVE, Keeps, opened_by_hand

if TYPE_CHECKING:
    from cockpit.detect.stream.page import Page

ACTOR = "watch"
TOGETHER = timedelta(minutes=30)
"""Pages that come so soon after one another are taken for one trouble until a person says otherwise."""
AGAIN = timedelta(hours=1)
"""How long the same page is not written again into an incident that is open."""
BY_HAND = timedelta(hours=1)
"""How near the opening of an incident by a person a page or an alert on its service belongs to it."""
LOOKED_AT = 20
"""Open incidents that are searched for the same trouble, newest first."""
PINNED = 3
"""Traces of one page that are pinned."""
TRIES = 5


def into_incident(
    journal: Keeps, page: Page, rows: Sequence[int], opening: Callable[[Page], NewEvent], now: datetime
) -> str:
    """Write a page into the journal and return the incident it is in.

    Args:
        rows: where the traces that show it are in the archive.
        opening: makes the first line of a new incident, which says what service the page is about.

    Raises:
        JournalError: it can't be written.
    """
    first = opening(page)
    for left in reversed(range(TRIES)):
        home = _home(journal, page, str(first.payload.get("service", "")))
        if home is None:
            by_watch = replace(first, source=Source.SYSTEM, payload={**first.payload, "opened_by": ACTOR})
            return journal.open_incident([by_watch, *told(page, rows, IncidentState(), now)])
        state, events = home
        if is_told(page, events):
            return state.incident
        try:
            journal.append(state.incident, told(page, rows, state, now), expected_seq=state.last_seq)
            return state.incident
        except JournalConflict:
            if not left:
                raise
    raise AssertionError("unreachable")


def is_told(page: Page, events: Sequence[Event]) -> bool:
    """Whether an incident knows of the same trouble at about the same time."""
    return any(_key(event) == list(page.key) and _at(event) > page.at - AGAIN for event in _pages(events))


def told(page: Page, rows: Sequence[int], state: IncidentState, now: datetime) -> list[NewEvent]:
    """Return what the journal is told: the signal that fired, the page, and the traces that show it."""
    from cockpit.detect.stream.page import to_json

    plain = {**to_json(page), "rows": list(rows)}
    fired = {
        "signal": page.signal,
        "label": page.detector.replace("_", " "),
        "value": plain["after"],
        "threshold": plain["before"],
        "text": page.why,
    }
    paged = {"inject": f"watch:{page.detector}", "text": page.why, "signal": page.signal, "page": plain}
    return [
        NewEvent(Kind.SIGNAL_FIRED, min(page.at, now), ACTOR, Source.SYSTEM, fired),
        NewEvent(Kind.PAGED, now, ACTOR, Source.SYSTEM, paged),
        *_pins(page, rows, state, now),
    ]


def _pins(page: Page, rows: Sequence[int], state: IncidentState, now: datetime) -> Iterator[NewEvent]:
    known = {pin.trace for pin in state.pins}
    for row in [row for row in rows if row not in known][:PINNED]:
        pinned = {"trace": row, "verdict": "", "note": f"shows it: {page.detector.replace('_', ' ')}"}
        yield NewEvent(Kind.TRACE_PINNED, now, ACTOR, Source.SYSTEM, pinned)


def _home(journal: Keeps, page: Page, service: str) -> tuple[IncidentState, list[Event]] | None:
    """Return how the incident stands that a page belongs to, and its lines; one that tells it already comes first."""
    near: list[tuple[int, IncidentState, list[Event]]] = []
    for events in _open_incidents(journal):
        if is_told(page, events):
            return fold(events), events
        nearness = _nearness(page, events, service)
        if nearness:
            near.append((nearness, fold(events), events))
    found = min(near, key=lambda one: one[0], default=None)
    return None if found is None else (found[1], found[2])


def _open_incidents(journal: Keeps) -> Iterator[list[Event]]:
    lines = [one for one in journal.incidents() if one.mode == LIVE and not one.ended]
    for line in lines[:LOOKED_AT]:
        try:
            events = journal.events(line.id)
        except JournalError:
            continue  # a damaged incident takes no pages
        if events:
            yield events


def _nearness(page: Page, events: Sequence[Event], service: str) -> int:
    """Tell how well a page fits an incident: 1 by other pages, 2 by a person's opening, 0 not at all."""
    if any(event.kind is Kind.ALL_CLEAR_GIVEN for event in events):
        return 0
    if any(abs(_at(event) - page.at) < TOGETHER for event in _pages(events)):
        return 1
    first = events[0]
    mine = opened_by_hand(first) and (not service or first.get("service") == service)
    return 2 if mine and abs(first.at - page.at) <= BY_HAND else 0


def _pages(events: Sequence[Event]) -> Iterator[Event]:
    return (event for event in events if event.kind is Kind.PAGED and isinstance(event.get("page"), dict))


def _key(event: Event) -> Any:
    return event.get("page").get("key")


def _at(event: Event) -> datetime:
    return datetime.fromisoformat(str(event.get("page")["at"]))
