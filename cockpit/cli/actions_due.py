"""`cockpit actions-due`: what is left to do after incidents, the late first."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Any

from cockpit.cli.output import print_json, say, table
from cockpit.cli.places import open_journal
from cockpit.domain.events import Event, iso
from cockpit.errors import UnknownIncident

POSTMORTEM = "postmortem"


def show(given: Namespace) -> int:
    """Print every open action item, and every postmortem that is not signed yet."""
    rows = sorted(_all(given), key=lambda row: (not row["overdue"], row["due"] or "9999", row["incident"]))
    if given.json:
        print_json(rows)
    elif rows:
        keys = ("incident", "item", "owner", "due", "overdue", "what")
        table(keys, [[_shown(row[key]) for key in keys] for row in rows])
    else:
        say("Nothing is left to do.")
    return 0


def _shown(value: object) -> str:
    return ("late" if value else "") if isinstance(value, bool) else str(value or "-")


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
            yield _row(state.incident, one.id, one.text, one.owner, due[:10], overdue(one, now))


def _row(incident: str, item: str, what: str, owner: str, due: str, late: bool) -> dict[str, Any]:
    return {"incident": incident, "item": item, "what": what, "owner": owner, "due": due, "overdue": late}
