"""A Braintrust project: its logs are asked for in Braintrust's own query language, page by page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cockpit.domain.text import clean
from cockpit.errors import Refused, Unsure
from cockpit.world.contract import Deadline, Finding, TracePage, Verdict
from cockpit_adapters.answers import part, words
from cockpit_adapters.findings import attempt
from cockpit_adapters.tracing import PageSize, stamp

if TYPE_CHECKING:
    from cockpit.world.http import Line
    from cockpit_adapters.braintrust import BraintrustOptions

PROJECTS, QUERY = "/v1/project", "/btql"
PAGE = 200
_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
_CURSOR = re.compile(r"[A-Za-z0-9+/=_.:-]{1,4000}")
"""What can be written into a query without meaning anything else there."""


class Braintrust:
    """The logs of one Braintrust project."""

    def __init__(self, line: Line, options: BraintrustOptions) -> None:
        self._line = line
        self._options = options
        self._project = ""
        self._size = PageSize(PAGE)

    def close(self) -> None:
        """Let go of connections."""
        self._line.close()

    def traces(self, since: datetime, until: datetime, cursor: str, deadline: Deadline) -> TracePage:
        """Return one page of the spans that were recorded in [since, until)."""
        project = self._project_id(deadline)

        def page(size: int) -> dict[str, Any]:
            query = {"query": asked(project, since, until, size, cursor), "fmt": "json"}
            return self._line.repeat("POST", QUERY, deadline, json=query).table()

        table = self._size.ask(page)
        rows = part(table, "data", list)
        # A last page is told by its length too: a cursor may come with it.
        return TracePage("braintrust", (table,), words(table, "cursor") if rows else "")

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Find the project by the key."""
        step = "Check url, token and `project`."
        return [attempt("project", step, lambda: self._found(deadline))]

    @property
    def _name(self) -> str:
        return clean(self._options.project, multiline=False, limit=80)

    def _found(self, deadline: Deadline) -> Finding:
        number = self._project_id(deadline)
        return Finding("project", Verdict.FINE, f"{self._name} ({number})")

    def _project_id(self, deadline: Deadline) -> str:
        if not self._project:
            name = self._options.project
            answer = self._line.read(PROJECTS, deadline, params={"project_name": name, "limit": "1"})
            found = [one for one in part(answer.table(), "objects", list) if words(one, "name") == name]
            if not found:
                step = "Correct `project`, or see whose key it is."
                raise Refused(f"{self._line.base} has no project {self._name}", hint=step)
            self._project = _fit(_ID, part(found[0], "id", str))
        return self._project


def asked(project: str, since: datetime, until: datetime, size: int, cursor: str) -> str:
    """Write the query for one page."""
    clauses = [
        "select: *",
        f"from: project_logs('{project}') spans",
        f"filter: created >= '{stamp(since)}' and created < '{stamp(until)}'",
        f"limit: {size}",
    ]
    return " | ".join(clauses + ([f"cursor: '{_fit(_CURSOR, cursor)}'"] if cursor else []))


def _fit(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise Unsure(f"Braintrust names something that is no id: {clean(text, multiline=False, limit=60)}")
    return text
