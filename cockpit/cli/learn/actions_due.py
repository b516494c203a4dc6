"""`cockpit actions-due`: what is left to do after incidents, the late first, and how its tickets stand."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cockpit.cli.output import print_json, say, table
from cockpit.cli.places import open_journal
from cockpit.domain.events import Event, iso
from cockpit.domain.text import clean
from cockpit.errors import UnknownIncident

if TYPE_CHECKING:
    from cockpit.domain.incident import IncidentState
    from cockpit.postmortem.left import Duty

KEYS = ("incident", "item", "owner", "due", "overdue", "what")


def show(given: Namespace) -> int:
    """Print every open action item, and every postmortem that is not signed yet.

    Tickets of open items are looked at where they are, unless `--offline` is given: what is done there is done here.
    """
    rows = sorted(_all(given), key=lambda row: (not row["overdue"], row["due"] or "9999", row["incident"]))
    if not given.offline and any(row["tickets"] for row in rows):
        from cockpit.cli.learn.tickets_seen import seen

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
    some = any(row["tickets"] for row in rows)
    for row in rows:
        row["due"] = row["due"][:16].replace("T", " ")
    shown = [[_shown(row[key]) for key in KEYS] + ([_told(row["tickets"])] if some else []) for row in rows]
    table((*KEYS, "tickets") if some else KEYS, shown)


def _shown(value: object) -> str:
    return ("late" if value else "") if isinstance(value, bool) else str(value or "-")


def _told(tickets: list[dict[str, str]]) -> str:
    parts = (" ".join(filter(None, (one["ticket"] or one["tracker"], one["there"], one["url"]))) for one in tickets)
    return clean("; ".join(parts), multiline=False, limit=300) or "-"


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
    from cockpit.postmortem.left import duties

    state = fold(events)
    if state.all_clear_at is not None:
        yield from (_row(state, duty) for duty in duties(state, events))


def _row(state: IncidentState, duty: Duty) -> dict[str, Any]:
    due = duty.day.isoformat() if duty.day else iso(duty.due) if duty.due else ""
    return {
        "incident": state.incident, "item": duty.item, "what": duty.what, "owner": duty.owner, "due": due,
        "overdue": duty.late, "tickets": _tickets(state, duty.item),
    }  # fmt: skip


def _tickets(state: IncidentState, item: str) -> list[dict[str, str]]:
    """Return what the journal says of an item's tickets; of a tracker that has none, how the last try ended."""
    return [
        {
            "tracker": one.tracker, "ticket": one.ticket, "url": one.url,
            "there": "" if one.ticket else f"{one.stage}: {one.reason}".rstrip(": "),
        }
        for one in state.learning.tickets
        if one.item == item
    ]  # fmt: skip
