"""How tickets of open action items stand where they are; what is done there becomes done here."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cockpit.cli.output import complain
from cockpit.cli.places import open_journal
from cockpit.cli.tickets import trackers
from cockpit.domain.clock import WallClock
from cockpit.domain.events import Kind, NewEvent, Source
from cockpit.domain.text import clean
from cockpit.errors import CockpitError, JournalConflict, JournalError, WorldError

if TYPE_CHECKING:
    from cockpit.journal.log import Journal
    from cockpit.live.boards import Board
    from cockpit.world.contract_tracker import Issue
    from cockpit.world.fleet import Fleet

_TRIES = 20


def seen(given: Namespace, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows that are still open, each with how its ticket stands; what can't be read is told, and stays."""
    with trackers(given) as fleet:
        found = dict(_looked(fleet, [row for row in rows if row["ticket"]]))
    shown = [{**row, "there": _there(found.get(_place(row)), row)} for row in rows]
    done = [row for row in shown if _is_done(found.get(_place(row)))]
    recorded = _record(given, done)
    return [row for row in shown if _place(row) not in recorded]


def _looked(fleet: Fleet, rows: Sequence[dict[str, Any]]) -> list[tuple[tuple[str, str], Issue | None]]:
    """Read every ticket; a tracker that does not answer is asked once."""
    from cockpit.live.boards import board

    boards: dict[str, Board | None] = {}
    found: list[tuple[tuple[str, str], Issue | None]] = []
    for row in rows:
        name = row["tracker"]
        try:
            if name not in boards:
                boards[name] = None
                boards[name] = board(fleet, name)
            found.append((_place(row), _read(boards[name], row["ticket"])))
        except CockpitError as problem:
            if _hopeless(problem):
                boards[name] = None
            words = clean(problem.message, multiline=False, limit=300)
            complain(f"cockpit: {row['ticket']} in {name} can't be read: {words}")
    return found


def _hopeless(problem: CockpitError) -> bool:
    """Whether the next ticket would fare no better: only a clear no is about one ticket alone."""
    from cockpit.errors import Refused, Unauthorised

    return isinstance(problem, Unauthorised) or not isinstance(problem, Refused)


def _read(one: Board | None, ticket: str) -> Issue | None:
    return one.call(lambda left: one.tracker.state(ticket, left), "reading a ticket") if one else None


def _place(row: dict[str, Any]) -> tuple[str, str]:
    return row["incident"], row["item"]


def _is_done(issue: Issue | None) -> bool:
    from cockpit.world.contract_tracker import IssueState

    return issue is not None and issue.state is IssueState.DONE


def _there(issue: Issue | None, row: dict[str, Any]) -> str:
    from cockpit.world.contract_tracker import IssueState

    if issue is None:
        return row["there"] or ("not read" if row["ticket"] else "")
    said = clean(issue.said, multiline=False, limit=60)
    if issue.state is IssueState.DROPPED:
        return f"DROPPED there ({said}): still open here"
    return f"{issue.state} ({said})" if said and said != issue.state else str(issue.state)


def _record(given: Namespace, rows: Sequence[dict[str, Any]]) -> set[tuple[str, str]]:
    """Put on record what is done there; return what could be."""
    recorded: set[tuple[str, str]] = set()
    if not rows:
        return recorded
    try:
        with open_journal(given) as journal:
            for row in rows:
                _done(journal, row)
                recorded.add(_place(row))
                told = f"{row['incident']} {row['item']}: {row['ticket']} is {row['there']} in {row['tracker']}"
                complain(f"cockpit: {clean(told, multiline=False, limit=300)}; it is done here too.")
    except (JournalError, WorldError) as problem:
        complain(f"cockpit: it can't be put on record what is done there: {problem.message}")
    return recorded


def _done(journal: Journal, row: dict[str, Any]) -> None:
    note = f"{row['ticket']} in {row['tracker']}: {row['there']}"
    payload = {"item": row["item"], "note": note, "ticket": row["ticket"]}
    for _ in range(_TRIES):
        new = NewEvent(Kind.ACTION_DONE, WallClock().now(), row["tracker"], Source.WORLD, payload)
        try:
            journal.append(row["incident"], [new], expected_seq=journal.events(row["incident"])[-1].seq)
            return
        except JournalConflict:
            continue
    raise JournalConflict(f"{row['incident']} is being written to by others all the time", hint="Try again.")
