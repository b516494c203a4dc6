"""Linear's GraphQL API: an issue's id is made of the mark, so that a second create of it is refused."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cockpit.errors import Refused, Throttled, Unauthorised, Unsure, WorldError
from cockpit.world.contract import Deadline, Finding
from cockpit.world.contract_tracker import Issue, IssueState
from cockpit.world.exchange import excerpt
from cockpit_adapters.answers import part, tables, within, words
from cockpit_adapters.findings import tried
from cockpit_adapters.hosted import looked
from cockpit_adapters.linear import documents
from cockpit_adapters.ticketing import limits_told, markdown, title_of

if TYPE_CHECKING:
    from cockpit.world.contract_tracker import Ticket
    from cockpit.world.http import Line
    from cockpit_adapters.linear import LinearOptions

WHO = frozenset({"authentication error", "forbidden", "feature not accessible"})
LATER = frozenset({"ratelimited"})
NO = frozenset({"invalid input", "user error", "graphql error", "usage limit exceeded"})
"""Linear's types of errors that are certain; any other may have happened half-way."""

NEXT_STEP = "Make an API key that may read, create issues and comment in that team, and name it in cockpit.toml."

_STANDS = {
    "triage": IssueState.OPEN, "backlog": IssueState.OPEN, "unstarted": IssueState.OPEN, "started": IssueState.OPEN,
    "completed": IssueState.DONE, "canceled": IssueState.DROPPED, "duplicate": IssueState.DROPPED,
}  # fmt: skip


class Linear:
    """The issues of one team; implements `Tracker`."""

    settles_s = 10.0

    def __init__(self, line: Line, options: LinearOptions) -> None:
        self._line = line
        self._options = options

    def find(self, ticket: Ticket, deadline: Deadline) -> Issue | None:
        """Look for the id, among what is archived too."""
        found = self._read(documents.FIND, {"id": ident(ticket.mark)}, deadline)
        rows = tables(within(within(found, "issues", dict, "Linear"), "nodes", list, "Linear"))
        return _issue(rows[0]) if rows else None

    def create(self, ticket: Ticket, deadline: Deadline) -> Issue:
        """Make an issue; where Linear says no because it is there already, that one is returned."""
        team = looked(lambda: self._team(deadline))
        try:
            made = self._ask(documents.CREATE, {"input": self._input(ticket, team)}, deadline)
        except Unauthorised:
            raise
        except Refused:
            if (there := looked(lambda: self.find(ticket, deadline))) is None:
                raise
            return there
        return _issue(part(_yes(made, "issueCreate"), "issue", dict))

    def state(self, key: str, deadline: Deadline) -> Issue:
        """Read one issue."""
        return _issue(within(self._read(documents.READ, {"id": key}, deadline), "issue", dict, "Linear"))

    def comment(self, key: str, mark: str, text: str, deadline: Deadline) -> None:
        """Comment under an id made of the mark, unless it is there already."""
        said = within(self._read(documents.SAID, {"id": ident(mark)}, deadline), "comments", dict, "Linear")
        if not within(said, "nodes", list, "Linear"):
            sent = {"id": ident(mark), "issueId": key, "body": markdown(text)}
            _yes(self._ask(documents.SAY, {"input": sent}, deadline), "commentCreate")

    def link(self, key: str, url: str, title: str, deadline: Deadline) -> None:
        """Attach the address; the same one again only renews what is there."""
        sent = {"issueId": key, "url": url, "title": title[:255]}
        _yes(self._ask(documents.LINK, {"input": sent}, deadline), "attachmentCreate")

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Ask who the key is, and for the team; nothing is written."""

        def look() -> str:
            found = self._read(documents.WHO, {"team": self._options.team}, deadline)
            name = excerpt(words(within(found, "viewer", dict, "Linear"), "name"), 60)
            self._known(found)
            return f"{name}, team {self._options.team}; whether issues may be made only making one shows"

        return [tried("authorised", look, NEXT_STEP)]

    def close(self) -> None:
        """Let go of connections."""
        self._line.close()

    def _input(self, ticket: Ticket, team: str) -> dict[str, Any]:
        sent: dict[str, Any] = {
            "id": ident(ticket.mark), "teamId": team, "title": title_of(ticket), "description": markdown(ticket.text),
        }  # fmt: skip
        if ticket.due:
            sent["dueDate"] = ticket.due
        if person := self._options.people.get(ticket.owner):
            sent["assigneeId"] = person
        if self._options.labels:
            sent["labelIds"] = list(self._options.labels)
        return sent

    def _team(self, deadline: Deadline) -> str:
        return self._known(self._ask(documents.WHO, {"team": self._options.team}, deadline))

    def _known(self, found: dict[str, Any]) -> str:
        rows = tables(within(within(found, "teams", dict, "Linear"), "nodes", list, "Linear"))
        if not rows:
            hint = "Correct team in cockpit.toml, or let the key see it."
            raise Refused(f"Linear shows no team {self._options.team}", hint=hint)
        return part(rows[0], "id", str)

    def _ask(self, document: str, variables: dict[str, Any], deadline: Deadline) -> dict[str, Any]:
        with limits_told():
            sent = {"query": document, "variables": variables}
            return _data(self._line.ask("POST", "", deadline, json=sent).table())

    def _read(self, document: str, variables: dict[str, Any], deadline: Deadline) -> dict[str, Any]:
        with limits_told():
            sent = {"query": document, "variables": variables}
            return _data(self._line.repeat("POST", "", deadline, json=sent).table())


def ident(mark: str) -> str:
    """Return the id, a UUID of version 4 in form, that a mark always gives."""
    return str(uuid.UUID(bytes=hashlib.sha256(mark.encode()).digest()[:16], version=4))


def _data(answer: dict[str, Any]) -> dict[str, Any]:
    """Return what was asked for; an error beside it counts more, since half an answer is none."""
    for problem in tables(answer.get("errors")):
        raise _no(problem)
    return within(answer, "data", dict, "Linear")


def _no(problem: dict[str, Any]) -> WorldError:
    more = problem.get("extensions")
    kind = words(more, "type").lower()
    said = words(more, "userPresentableMessage") or words(problem, "message") or kind
    told = f"Linear said {excerpt(said, 160)}"
    if kind in WHO:
        return Unauthorised(told, hint=NEXT_STEP)
    if kind in LATER or words(more, "code") == "RATELIMITED":
        return Throttled(told)
    return Refused(told) if kind in NO else Unsure(told)


def _yes(found: dict[str, Any], name: str) -> dict[str, Any]:
    payload = within(found, name, dict, "Linear")
    if payload.get("success") is not True:
        raise Unsure(f"Linear did not say that {name} succeeded")
    return payload


def _issue(found: dict[str, Any]) -> Issue:
    state = part(found, "state", dict)
    stands = _STANDS.get(words(state, "type"), IssueState.UNKNOWN)
    trashed = found.get("trashed") is True
    said = "in the trash" if trashed else words(state, "name")
    return Issue(
        part(found, "identifier", str), part(found, "url", str), IssueState.DROPPED if trashed else stands, said
    )
