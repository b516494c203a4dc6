"""`cockpit alerts`, `cockpit incident`: what other systems told, and which incident it goes on in."""

from __future__ import annotations

from argparse import Namespace
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from cockpit.cli.output import listing, print_json, say
from cockpit.cli.places import open_journal, paths_of, settings_of
from cockpit.domain.clock import WallClock
from cockpit.domain.events import iso
from cockpit.domain.incident import fold
from cockpit.errors import JournalError, UnknownIncident

if TYPE_CHECKING:
    from cockpit.journal.log import Journal
    from cockpit.live.alerts.desk import Opener
    from cockpit.live.alerts.ledger import Lock
    from cockpit.settings import Settings


def show_alerts(given: Namespace) -> int:
    """Print the latest news of every alert, of open incidents unless all are wanted."""
    rows = alert_rows(given, everything=given.all)
    head = ("alert", "status", "incident", "last", "times", "session", "title")
    nothing = "No alert has come in yet." if given.all else "No alert is on an open incident."
    listing(rows, head, nothing, as_json=given.json)
    return 0


def alert_rows(given: Namespace, *, everything: bool) -> list[dict[str, Any]]:
    """Return every alert as plain values, the latest first."""
    rows: list[dict[str, Any]] = []
    try:
        with open_journal(given, read_only=True) as journal:
            for line in journal.incidents():
                if line.mode == "live" and (everything or not line.ended):
                    rows.extend(_rows_of(journal, line.id))
    except UnknownIncident:  # nothing was ever recorded here
        return []
    return sorted(rows, key=lambda row: str(row["last"]), reverse=True)


def _rows_of(journal: Journal, incident: str) -> list[dict[str, Any]]:
    try:
        state = fold(journal.events(incident))
    except JournalError:
        return []
    texts = ("source", "key", "status", "title", "service", "severity", "session", "times")
    return [
        {
            "alert": name, **{key: getattr(alert, key) for key in texts}, "incident": incident,
            "first": iso(alert.first), "last": iso(alert.last), "labels": dict(alert.labels),
            "links": list(alert.links), "merged_into": state.merged_into or None,
        }
        for name, alert in state.alerts.items()
    ]  # fmt: skip


def merge(given: Namespace) -> int:
    """End one incident in another one."""
    from cockpit.live.alerts.ledger import alone
    from cockpit.live.joining import Joiner

    with open_journal(given) as journal, alone(lock_of(given, journal)):
        moved = Joiner(journal, WallClock(), settings_of(given).responder).merge(given.merged, given.into)
    if given.json:
        print_json({"merged": given.merged, "into": given.into, "alerts": moved})
    else:
        say(f"{given.merged} is over and goes on in {given.into}, which took {moved} of its alerts.")
    return 0


def split(given: Namespace) -> int:
    """Give one alert of an incident an incident of its own."""
    from cockpit.live.alerts.ledger import alone
    from cockpit.live.joining import Joiner

    settings = settings_of(given)
    with open_journal(given) as journal, alone(lock_of(given, journal)):
        joiner = Joiner(journal, WallClock(), settings.responder)
        fresh = joiner.split(given.incident, given.key, opener_of(settings))
    if given.json:
        print_json({"incident": fresh, "split_from": given.incident})
    else:
        say(f"{fresh} was opened for it. Join it: cockpit attach {fresh}")
    return 0


def lock_of(given: Namespace, journal: Journal) -> Lock:
    """Return what whoever places alerts holds: the database's lock where hosts share one, else a file's."""
    if journal.backing.shared:
        return lambda: journal.exclusive("alerts") or nullcontext()
    return paths_of(given).journal.with_name("alerts.lock")


def opener_of(settings: Settings) -> Opener:
    """Return what makes the first event of a live incident."""
    from cockpit.live.open import Opening, opening
    from cockpit.playbooks.loader import load_playbook, profile_text

    playbook, text = load_playbook(settings.profile), profile_text(settings.profile)

    def begin(title: str, service: str) -> Any:
        told = Opening(title, settings.responder, service, settings.profile)
        return opening(told, settings.live, WallClock(), text, playbook)

    return begin
