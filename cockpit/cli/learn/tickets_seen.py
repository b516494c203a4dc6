"""How tickets of open action items stand where they are; what is done there becomes done here."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from cockpit.cli.learn.tickets import trackers
from cockpit.cli.output import complain
from cockpit.cli.places import open_journal
from cockpit.domain.clock import WallClock
from cockpit.domain.events import Kind, NewEvent, Source
from cockpit.domain.text import clean
from cockpit.errors import CockpitError, JournalConflict, JournalError, Refused, Unauthorised

if TYPE_CHECKING:
    from cockpit.journal.log import Journal
    from cockpit.live.boards import Board
    from cockpit.world.contract_tracker import Issue
    from cockpit.world.fleet import Fleet

DONE, UNREAD = "done", "not read"

AT_ONCE = 6
"""So many tickets are read at a time, once the first of a tracker was."""

_TRIES = 20


def seen(given: Namespace, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows that are still open, each with how its tickets stand; what can't be read is told, and stays."""
    with trackers(given) as fleet:
        stands = Reader(fleet).read([one for row in rows for one in row["tickets"] if one["ticket"]])
    shown = [{**row, "tickets": [_with(one, stands) for one in row["tickets"]]} for row in rows]
    recorded = _record(given, [row for row in shown if _done_there(row)])
    return [row for row in shown if (row["incident"], row["item"]) not in recorded]


def _with(told: dict[str, str], stands: dict[tuple[str, str], str]) -> dict[str, str]:
    return {**told, "there": stands.get((told["tracker"], told["ticket"]), told["there"])}


class Reader:
    """Reads tickets, several at a time; a tracker that does not answer is asked once."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._boards: dict[str, Board | None] = {}

    def read(self, told: Sequence[dict[str, str]]) -> dict[tuple[str, str], str]:
        """Return how each ticket stands, by tracker and name."""
        names = list(dict.fromkeys((one["tracker"], one["ticket"]) for one in told))
        first = list({tracker: (tracker, ticket) for tracker, ticket in reversed(names)}.values())
        found = {name: self._there(*name) for name in first}
        others = [name for name in names if name not in found]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return found | dict(zip(others, pool.map(lambda name: self._there(*name), others), strict=True))

    def _there(self, name: str, ticket: str) -> str:
        try:
            known = self._board(name)
            return _words(known.call(lambda left: known.tracker.state(ticket, left), "reading")) if known else UNREAD
        except CockpitError as problem:
            if isinstance(problem, Unauthorised) or not isinstance(problem, Refused):
                self._boards[name] = None  # the next ticket would fare no better
            words = clean(problem.message, multiline=False, limit=300)
            complain(f"cockpit: {ticket} in {name} can't be read: {words}")
            return UNREAD

    def _board(self, name: str) -> Board | None:
        from cockpit.live.boards import board

        if name not in self._boards:
            self._boards[name] = None
            self._boards[name] = board(self._fleet, name)
        return self._boards[name]


def _words(issue: Issue) -> str:
    from cockpit.world.contract_tracker import IssueState

    said = clean(issue.said, multiline=False, limit=60)
    if issue.state is IssueState.DROPPED:
        return f"DROPPED there ({said}): still open here"
    return f"{issue.state} ({said})" if said and said != issue.state else str(issue.state)


def _done_there(row: dict[str, Any]) -> dict[str, str] | None:
    """Return the ticket that is done, if one is."""
    return next((one for one in row["tickets"] if one["ticket"] and one["there"].split(" ")[0] == DONE), None)


def _record(given: Namespace, rows: Sequence[dict[str, Any]]) -> set[tuple[str, str]]:
    """Put on record what is done there; return what could be."""
    recorded: set[tuple[str, str]] = set()
    if not rows:
        return recorded
    try:
        with open_journal(given) as journal:
            for row in rows:
                told = _done(journal, row)
                recorded.add((row["incident"], row["item"]))
                complain(f"cockpit: {row['incident']} {row['item']} is done here too: {told}")
    except JournalError as problem:
        complain(f"cockpit: it can't be put on record what is done there: {problem.message}")
    return recorded


def _done(journal: Journal, row: dict[str, Any]) -> str:
    one = _done_there(row) or {}
    note = clean(f"{one['ticket']} in {one['tracker']} is {one['there']}", multiline=False, limit=300)
    payload = {"item": row["item"], "note": note, "ticket": one["ticket"]}
    for _ in range(_TRIES):
        new = NewEvent(Kind.ACTION_DONE, WallClock().now(), one["tracker"], Source.WORLD, payload)
        try:
            journal.append(row["incident"], [new], expected_seq=journal.events(row["incident"])[-1].seq)
            return note
        except JournalConflict:
            continue
    raise JournalConflict(f"{row['incident']} is being written to by others all the time", hint="Try again.")
