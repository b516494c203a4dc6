"""`cockpit actions-due`: what is left to do after incidents, the late first, and how its tickets stand."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from cockpit.cli.output import print_json, say, table
from cockpit.cli.places import open_journal
from cockpit.domain.events import Event, iso
from cockpit.domain.text import clean
from cockpit.errors import UnknownIncident

if TYPE_CHECKING:
    from cockpit.domain.incident import IncidentState

POSTMORTEM = "postmortem"
KEYS = ("incident", "item", "owner", "due", "overdue", "what")


def show(given: Namespace) -> int:
    """Print every open action item, and every postmortem that is not signed yet.

    Tickets of open items are looked at where they are, unless `--offline` is given: what is done there is done here.
    """
    rows = sorted(_all(given), key=lambda row: (not row["overdue"], row["due"] or "9999", row["incident"]))
    if not given.offline and any(row["ticket"] for row in rows):
        from cockpit.cli.tickets_seen import seen

        rows = seen(given, rows)
    if given.json:
        print_json(rows)
    elif rows:
        _print(rows)
    else:
        say("Nothing is left to do.")
    return 0


def _print(rows: list[dict[str, Any]]) -> None:
    """Print a table; how tickets stand only where there are any."""
    keys = (*KEYS, "ticket") if any(row["ticket"] or row["there"] for row in rows) else KEYS
    table(keys, [[_ticket(row) if key == "ticket" else _shown(row[key]) for key in keys] for row in rows])


def _shown(value: object) -> str:
    return ("late" if value else "") if isinstance(value, bool) else str(value or "-")


def _ticket(row: dict[str, Any]) -> str:
    told = " ".join(part for part in (row["ticket"], row["there"], row["url"]) if part)
    return clean(told, multiline=False, limit=200) or "-"


def _all(given: Namespace) -> Iterator[dict[str, Any]]:
    try:
        with open_journal(given, read_only=True) as journal:
            for line in journal.incidents():
                yield from due_of(journal.events(line.id))
    except UnknownIncident:  # nothing was ever played here
        return


def due_of(events: list[Event]) -> Iterator[dict[str, Any]]:
    """Return what is left to do of one incident; a drill's days are those of its own clock."""
    from cockpit.domain.incident import fold
    from cockpit.playbooks.journalled import playbook_of
    from cockpit.postmortem.store import moment_of
    from cockpit.postmortem.todo import day, items, overdue, postmortem_due

    state = fold(events)
    if not events or state.all_clear_at is None:
        return
    now = moment_of(events)
    if written := postmortem_due(state, playbook_of(events[0]).profile.postmortem_due_s):
        late = now > written
        yield _row(state.incident, POSTMORTEM, "Write and sign the postmortem", "", iso(written), late)
    for one in items(state):
        if not one.done:
            known = day(one.due)
            due = iso(datetime.combine(known, time(), UTC)) if known else ""
            row = _row(state.incident, one.id, one.text, one.owner, due[:10], overdue(one, now))
            yield row | _in_tracker(state, one.id)


def _row(incident: str, item: str, what: str, owner: str, due: str, late: bool) -> dict[str, Any]:
    told = {"incident": incident, "item": item, "what": what, "owner": owner, "due": due, "overdue": late}
    return {**told, "tracker": "", "ticket": "", "url": "", "there": ""}


def _in_tracker(state: IncidentState, item: str) -> dict[str, str]:
    """Return what the journal says of an item's ticket: the one there is, else the last try."""
    tries = [one for one in state.learning.tickets if one.item == item]
    if not tries:
        return {}
    found = next((one for one in tries if one.ticket), tries[-1])
    there = "" if found.ticket else f"{found.stage} in {found.tracker}: {found.reason}".rstrip(": ")
    return {"tracker": found.tracker, "ticket": found.ticket, "url": found.url, "there": there}
