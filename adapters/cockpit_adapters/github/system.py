"""GitHub's REST API of issues: the mark stands in the body, where nobody sees it, and is found by listing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cockpit.errors import BadInput, Unsure
from cockpit.world.contract import Deadline, Finding, Verdict
from cockpit.world.contract_tracker import Issue, IssueState
from cockpit_adapters.answers import part, tables, words
from cockpit_adapters.findings import attempt
from cockpit_adapters.ticketing import limits_told, markdown, title_of

if TYPE_CHECKING:
    from cockpit.world.contract_tracker import Ticket
    from cockpit.world.http import Line
    from cockpit_adapters.github import GitHubOptions

PAGE, MOST_PAGES = 100, 10
"""Issues are listed by so many, and so many pages are looked through."""

EARLIER = timedelta(hours=1)
"""So much before the first try the list begins, whatever the two clocks say."""

NEXT_STEP = "Give the token read and write access to issues of that repository."

_KEY = re.compile(r"#?([1-9]\d{0,9})")
_WIDE = {"repo", "public_repo"}


class GitHub:
    """The issues of one repository; implements `Tracker`."""

    settles_s = 60.0

    def __init__(self, line: Line, options: GitHubOptions) -> None:
        self._line = line
        self._options = options
        self._path = f"/repos/{options.repository}"

    def find(self, ticket: Ticket, deadline: Deadline) -> Issue | None:
        """List what changed since the first try, newest first: unlike the search, the list leaves nothing out."""
        since = (ticket.first_try - EARLIER).strftime("%Y-%m-%dT%H:%M:%SZ")
        asked = {"state": "all", "sort": "created", "direction": "desc", "since": since, "per_page": PAGE}
        for page in range(1, MOST_PAGES + 1):
            with limits_told():
                rows = self._line.read(f"{self._path}/issues", deadline, params={**asked, "page": page}).rows()
            found = next((one for one in tables(rows) if _hidden(ticket.mark) in words(one, "body")), None)
            if found is not None:
                return _issue(found)
            if len(rows) < PAGE:
                return None
        raise Unsure(f"more than {PAGE * MOST_PAGES} issues changed since: it can't be told whether it is among them")

    def create(self, ticket: Ticket, deadline: Deadline) -> Issue:
        """Make an issue."""
        sent: dict[str, Any] = {
            "title": title_of(ticket),
            "body": f"{markdown(ticket.text)}\n\n{_hidden(ticket.mark)}",
        }
        if self._options.labels:
            sent["labels"] = list(self._options.labels)
        if login := self._options.people.get(ticket.owner):
            sent["assignees"] = [login]
        with limits_told():
            return _issue(self._line.ask("POST", f"{self._path}/issues", deadline, json=sent).table())

    def state(self, key: str, deadline: Deadline) -> Issue:
        """Read one issue."""
        with limits_told():
            return _issue(self._line.read(self._place(key), deadline).table())

    def comment(self, key: str, mark: str, text: str, deadline: Deadline) -> None:
        """Comment, unless a comment carries the mark already."""
        self._say(key, _hidden(mark), f"{markdown(text)}\n\n{_hidden(mark)}", deadline)

    def link(self, key: str, url: str, title: str, deadline: Deadline) -> None:
        """Comment with the address: issues have no other place for one."""
        self._say(key, f"<{url}>", f"{markdown(title)}: <{url}>", deadline)

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Look at the repository and at what the token may do there; nothing is written."""

        def look() -> Finding:
            with limits_told():
                answer = self._line.read(self._path, deadline)
            return self._judged(answer.table(), answer.headers.get("x-oauth-scopes", ""))

        return [attempt("repository", NEXT_STEP, look)]

    def close(self) -> None:
        """Let go of connections."""
        self._line.close()

    def _judged(self, found: dict[str, Any], scopes: str) -> Finding:
        name = self._options.repository
        if part(found, "has_issues", bool) is False:
            return Finding("repository", Verdict.WRONG, f"{name} has no issues", "Turn them on in its settings.")
        if found.get("archived") is True:
            return Finding("repository", Verdict.WRONG, f"{name} is archived", "Name another repository.")
        wide = sorted({one.strip() for one in scopes.split(",") if one.strip()} - _WIDE)
        if wide:
            told = f"the token may also {', '.join(wide)[:120]}"
            return Finding("repository", Verdict.WARNING, told, "Use a fine-grained token for issues of this one.")
        return Finding("repository", Verdict.FINE, f"{name}; whether issues may be written only writing one shows")

    def _place(self, key: str) -> str:
        found = _KEY.fullmatch(key)
        if found is None:
            raise BadInput(f"{key!r} is no issue of GitHub's", hint="They look like #12.")
        return f"{self._path}/issues/{found[1]}"

    def _say(self, key: str, sign: str, text: str, deadline: Deadline) -> None:
        """Comment, unless the sign stands in a comment already."""
        place = f"{self._place(key)}/comments"
        with limits_told():
            for page in range(1, MOST_PAGES + 1):
                said = self._line.read(place, deadline, params={"per_page": PAGE, "page": page}).rows()
                if any(sign in words(one, "body") for one in tables(said)):
                    return
                if len(said) < PAGE:
                    break
            part(self._line.ask("POST", place, deadline, json={"body": text}).table(), "id", int)


def _hidden(mark: str) -> str:
    return f"<!-- {mark} -->"


def _issue(found: Any) -> Issue:
    """Read an issue; `not_planned` and `duplicate` are why one is closed that nobody did."""
    number, state = part(found, "number", int), part(found, "state", str)
    why = words(found, "state_reason")
    stands = {"open": IssueState.OPEN, "closed": IssueState.DONE}.get(state, IssueState.UNKNOWN)
    if stands is IssueState.DONE and why in ("not_planned", "duplicate"):
        stands = IssueState.DROPPED
    return Issue(f"#{number}", part(found, "html_url", str), stands, f"{state} as {why}" if why else state)
