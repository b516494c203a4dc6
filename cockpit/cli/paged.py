"""From a page to an incident: a new one, or the one that is about the same trouble already."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from cockpit.cli.places import open_journal, settings_of
from cockpit.domain.clock import WallClock
from cockpit.domain.events import Event, Kind, NewEvent, Source
from cockpit.errors import JournalConflict, JournalError

if TYPE_CHECKING:
    from cockpit.detect.page import Page
    from cockpit.journal.log import Journal

ACTOR = "watch"
TOGETHER = timedelta(minutes=30)
"""Pages that come so soon after one another are taken for one trouble until a person says otherwise."""
AGAIN = timedelta(hours=1)
"""How long the same page is not written again into an incident that is open."""
LOOKED_AT = 20
"""Open incidents that are searched for the same trouble, newest first."""
TRIES = 5


def into_incident(given: Namespace, page: Page) -> str:
    """Write a page into the journal and return the incident it is in.

    Raises:
        JournalError: it can't be written.
    """
    with open_journal(given) as journal:
        found = _same_trouble(journal, page)
        if found is None:
            return journal.open_incident([_opening(given, page), *_told(page)])
        incident, again = found
        if not again:
            _append(journal, incident, _told(page))
        return incident


def _append(journal: Journal, incident: str, events: Sequence[NewEvent]) -> None:
    for left in reversed(range(TRIES)):
        try:
            journal.append(incident, events, expected_seq=journal.head(incident)[0])
            return
        except JournalConflict:
            if not left:
                raise


def _same_trouble(journal: Journal, page: Page) -> tuple[str, bool] | None:
    """Return the open incident a page belongs to, and whether it tells that page already."""
    near: str | None = None
    for line in [one for one in journal.incidents() if one.mode == "live" and not one.ended][:LOOKED_AT]:
        try:
            paged = [event for event in journal.events(line.id) if event.kind is Kind.PAGED and event.get("page")]
        except JournalError:
            continue  # a damaged incident takes no pages
        if any(_key(event) == list(page.key) and _at(event) > page.at - AGAIN for event in paged):
            return line.id, True
        if near is None and any(abs(_at(event) - page.at) < TOGETHER for event in paged):
            near = line.id
    return None if near is None else (near, False)


def _key(event: Event) -> Any:
    return event.get("page").get("key")


def _at(event: Event) -> datetime:
    return datetime.fromisoformat(str(event.get("page")["at"]))


def _opening(given: Namespace, page: Page) -> NewEvent:
    from cockpit.live.open import Opening, opening
    from cockpit.playbooks.loader import load_playbook, profile_text

    settings = settings_of(given)
    playbook, text = load_playbook(settings.profile), profile_text(settings.profile)
    told = Opening(page.title, ACTOR, "", settings.profile)
    event = opening(told, settings.live, WallClock(), text, playbook)
    return replace(event, source=Source.SYSTEM, payload={**event.payload, "opened_by": ACTOR})


def _told(page: Page) -> list[NewEvent]:
    """Return what the journal is told: the signal that fired, and the page with its evidence."""
    from cockpit.detect.page import to_json

    now, plain = WallClock().now(), to_json(page)
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
    ]
