"""Jira Cloud's REST API, version 3: the mark is a label, by which an issue is found again."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from cockpit.errors import BadInput, Unsure
from cockpit.world.contract import Deadline, Finding, Verdict
from cockpit.world.contract_tracker import Issue, IssueState
from cockpit.world.exchange import excerpt
from cockpit_adapters.answers import part, tables, within, words
from cockpit_adapters.findings import attempt, until_wrong
from cockpit_adapters.jira.adf import document
from cockpit_adapters.ticketing import limits_told, text_of, title_of

if TYPE_CHECKING:
    from cockpit.world.contract_tracker import Ticket
    from cockpit.world.http import Line
    from cockpit_adapters.jira import JiraOptions

API = "/rest/api/3"
NEEDED = ("BROWSE_PROJECTS", "CREATE_ISSUES", "ADD_COMMENTS")
MORE = ("ADMINISTER", "ADMINISTER_PROJECTS")
"""Permissions that are needed, and those that are more than that."""

NEXT_STEP = "Check user and token, and that this account may browse, create and comment in the project."

NOT_DONE = frozenset({
    "won't do", "won't fix", "wontfix", "duplicate", "declined", "cannot reproduce", "not a bug", "rejected",
    "cancelled", "canceled", "incomplete", "abandoned",
})  # fmt: skip
"""Resolutions, and statuses, of issues that are closed and that nobody did."""

_KEY = re.compile(r"[A-Z][A-Z0-9_]{0,19}-[1-9]\d{0,9}")
_STANDS = {"new": IssueState.OPEN, "indeterminate": IssueState.OPEN, "undefined": IssueState.OPEN,
           "done": IssueState.DONE}  # fmt: skip


class Jira:
    """One project's issues; implements `Tracker`."""

    settles_s = 120.0
    """Its search follows a write within seconds as a rule, and now and then minutes."""

    def __init__(self, line: Line, options: JiraOptions) -> None:
        self._line = line
        self._options = options

    def find(self, ticket: Ticket, deadline: Deadline) -> Issue | None:
        """Search for the label, in whatever project the issue is by now."""
        sent = {"jql": f'labels = "{ticket.mark}"', "fields": ["status", "resolution"], "maxResults": 5}
        with limits_told():
            answer = self._line.repeat("POST", f"{API}/search/jql", deadline, json=sent).table()
        found = tables(within(answer, "issues", list, "the search"))
        return self._issue(found[0]) if found else None

    def create(self, ticket: Ticket, deadline: Deadline) -> Issue:
        """Make an issue."""
        with limits_told():
            sent = {"fields": self._fields(ticket)}
            made = self._line.ask("POST", f"{API}/issue", deadline, json=sent).table()
        key = part(made, "key", str)
        if not _KEY.fullmatch(key):
            raise Unsure(f"Jira said yes, and named no issue: {excerpt(key, 60)}")
        return Issue(key, self._url(key), IssueState.OPEN, "made")

    def state(self, key: str, deadline: Deadline) -> Issue:
        """Read one issue."""
        with limits_told():
            asked = {"fields": "status,resolution"}
            return self._issue(self._line.read(_place(key), deadline, params=asked).table())

    def comment(self, key: str, mark: str, text: str, deadline: Deadline) -> None:
        """Comment, unless the mark stands in one of the newest hundred comments."""
        place = f"{_place(key)}/comment"
        with limits_told():
            said = self._line.read(place, deadline, params={"orderBy": "-created", "maxResults": 100}).table()
            if any(mark in json.dumps(one.get("body")) for one in tables(within(said, "comments", list, "Jira"))):
                return
            sent = {"body": document(f"{text_of(text)}\n\n{mark}")}
            part(self._line.ask("POST", place, deadline, json=sent).table(), "id", str)

    def link(self, key: str, url: str, title: str, deadline: Deadline) -> None:
        """Put a remote link there; the address is its identity, so that a repeat changes nothing."""
        sent = {"globalId": url[:255], "object": {"url": url, "title": title[:255]}}
        with limits_told():
            self._line.ask("POST", f"{_place(key)}/remotelink", deadline, json=sent).table()

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Ask what the token may do in the project, and whether issues of that kind can be made there."""
        checks = (lambda: attempt("authorised", NEXT_STEP, lambda: self._allowed(deadline)),
                  lambda: attempt("issue type", NEXT_STEP, lambda: self._typed(deadline)))  # fmt: skip
        return until_wrong(checks)

    def close(self) -> None:
        """Let go of connections."""
        self._line.close()

    def _fields(self, ticket: Ticket) -> dict[str, Any]:
        given = self._options
        fields: dict[str, Any] = {
            "project": {"key": given.project}, "issuetype": {"name": given.issue_type}, "summary": title_of(ticket),
            "description": document(text_of(ticket.text)), "labels": [*given.labels, ticket.mark],
        }  # fmt: skip
        if given.due_field and ticket.due:
            fields["duedate"] = ticket.due
        if account := given.people.get(ticket.owner):
            fields["assignee"] = {"accountId": account}
        return fields

    def _allowed(self, deadline: Deadline) -> Finding:
        asked = {"projectKey": self._options.project, "permissions": ",".join((*NEEDED, *MORE))}
        with limits_told():
            answer = self._line.read(f"{API}/mypermissions", deadline, params=asked).table()
        told = within(answer, "permissions", dict, "Jira")
        has = {name for name, one in told.items() if isinstance(one, dict) and one.get("havePermission") is True}
        if missing := [name for name in NEEDED if name not in has]:
            what = f"{self._options.project}: {', '.join(missing)} missing"
            return Finding("authorised", Verdict.WRONG, what, NEXT_STEP)
        if more := [name for name in MORE if name in has]:
            what = f"the account may also {', '.join(more)}"
            return Finding("authorised", Verdict.WARNING, what, "Use an account that only works on issues.")
        return Finding("authorised", Verdict.FINE, self._options.project)

    def _typed(self, deadline: Deadline) -> Finding:
        place = f"{API}/issue/createmeta/{quote(self._options.project, safe='')}/issuetypes"
        with limits_told():
            answer = self._line.read(place, deadline, params={"maxResults": 200}).table()
        known = [words(one, "name") for one in tables(within(answer, "issueTypes", list, "Jira"))]
        wanted = self._options.issue_type
        if wanted not in known:
            what = f"{self._options.project} has no {wanted}: it has {excerpt(', '.join(known), 160)}"
            return Finding("issue type", Verdict.WRONG, what, "Correct issue_type in cockpit.toml.")
        return Finding("issue type", Verdict.FINE, wanted)

    def _issue(self, found: dict[str, Any]) -> Issue:
        key, fields = part(found, "key", str), part(found, "fields", dict)
        status = part(fields, "status", dict)
        group = words(status.get("statusCategory"), "key")
        resolved, named = words(fields.get("resolution"), "name"), words(status, "name")
        stands = _STANDS.get(group, IssueState.UNKNOWN)
        if stands is IssueState.DONE and {resolved.lower(), named.lower()} & NOT_DONE:
            stands = IssueState.DROPPED
        return Issue(key, self._url(key), stands, f"{named}, {resolved}" if resolved else named)

    def _url(self, key: str) -> str:
        return f"{self._options.site or self._line.base}/browse/{quote(key, safe='-')}"


def _place(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise BadInput(f"{key!r} is no issue of Jira's", hint="They look like OPS-7.")
    return f"{API}/issue/{key}"
