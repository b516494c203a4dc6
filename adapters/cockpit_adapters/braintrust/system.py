"""A Braintrust project: its logs are asked for in Braintrust's own query language, page by page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cockpit.domain.text import clean
from cockpit.errors import Unsure
from cockpit.world.contract import Deadline, TracePage
from cockpit_adapters.answers import part, words
from cockpit_adapters.projects import Project
from cockpit_adapters.tracing import stamp

if TYPE_CHECKING:
    from cockpit.world.http import Line
    from cockpit_adapters.braintrust import BraintrustOptions

PROJECTS, QUERY = "/v1/project", "/btql"
PAGE = 200
_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
_CURSOR = re.compile(r"[A-Za-z0-9+/=_.:-]{1,4000}")
"""What can be written into a query without meaning anything else there."""


class Braintrust(Project):
    """The logs of one Braintrust project."""

    def __init__(self, line: Line, options: BraintrustOptions) -> None:
        super().__init__(line, options.project, PAGE)

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

    def _candidates(self, name: str, deadline: Deadline) -> Sequence[object]:
        answer = self._line.read(PROJECTS, deadline, params={"project_name": name, "limit": "1"})
        return part(answer.table(), "objects", list)

    def _id_of(self, row: object) -> str:
        return _fit(_ID, part(row, "id", str))


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
