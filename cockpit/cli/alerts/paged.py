"""From a page to an incident, on the command line: what `cockpit watch` opens."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cockpit.cli.places import open_journal, paths_of, settings_of
from cockpit.domain.clock import WallClock

if TYPE_CHECKING:
    from cockpit.detect.stream.page import Page
    from cockpit.domain.events import NewEvent


def into_incident(given: Namespace, page: Page) -> str:
    """Write a page into the journal and return the incident it is in.

    Whoever takes in alerts meanwhile waits: an alert and a page of one trouble open one incident.

    Raises:
        JournalError: it can't be written.
    """
    from cockpit.cli.alerts.seen import lock_of
    from cockpit.live.alerts.ledger import alone
    from cockpit.live.alerts.paged import into_incident as written

    with open_journal(given) as journal, alone(lock_of(given, journal)):
        return written(journal, page, _rows(given, page), lambda one: _opening(given, one), WallClock().now())


def _opening(given: Namespace, page: Page) -> NewEvent:
    from cockpit.live.alerts.paged import ACTOR
    from cockpit.live.open import Opening, opening
    from cockpit.playbooks.loader import load_playbook, profile_text

    settings = settings_of(given)
    playbook, text = load_playbook(settings.profile), profile_text(settings.profile)
    told = Opening(page.title, ACTOR, "", settings.profile)
    return opening(told, settings.live, WallClock(), text, playbook)


def _rows(given: Namespace, page: Page) -> list[int]:
    """Return where the traces that show a page are in the archive; those of files are nowhere."""
    return [] if given.files else archived_rows(given, page.evidence)


def archived_rows(given: Namespace, ids: Sequence[str]) -> list[int]:
    """Return where traces are in the archive; those that are not there are left out."""
    from cockpit.archive.store import NAME, Archive

    path = paths_of(given).data / NAME
    if not ids or not path.exists():
        return []
    archive = Archive.open(path, read_only=True)
    try:
        return [found.row.id for trace in ids for found in archive.find(trace)[:1]]
    finally:
        archive.close()
