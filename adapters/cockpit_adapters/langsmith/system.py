"""A LangSmith project: runs are queried by their start, feedback is asked for where runs say there is some."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cockpit.domain.text import clean
from cockpit.errors import Unsure
from cockpit.world.contract import Deadline, TracePage
from cockpit_adapters.answers import part, words
from cockpit_adapters.projects import Project
from cockpit_adapters.tracing import portions, stamp

if TYPE_CHECKING:
    from cockpit.world.http import Line
    from cockpit_adapters.langsmith import LangSmithOptions

PROJECTS, RUNS, FEEDBACK = "/sessions", "/runs/query", "/feedback"
PAGE = 100
"""LangSmith hands out no more runs at once, and no more feedback."""

MOST_FEEDBACK = 20
"""Pages of feedback on fifty runs that are read at most."""

SELECT = [
    "completion_tokens", "end_time", "error", "extra", "feedback_stats", "first_token_time", "id", "inputs", "name",
    "outputs", "parent_run_id", "prompt_tokens", "run_type", "start_time", "status", "tags", "total_cost", "trace_id",
]  # fmt: skip


class LangSmith(Project):
    """The runs of one LangSmith project."""

    step = "Check url, token, `project`, and `workspace` where the key is good for several."

    def __init__(self, line: Line, options: LangSmithOptions) -> None:
        super().__init__(line, options.project, PAGE)

    def traces(self, since: datetime, until: datetime, cursor: str, deadline: Deadline) -> TracePage:
        """Return one page of the runs that began in [since, until), oldest first, with the feedback on them."""
        asked: dict[str, Any] = {
            "session": [self._project_id(deadline)], "start_time": stamp(since),
            "filter": f'lt(start_time, "{stamp(until)}")', "order": "asc", "select": SELECT,
            **({"cursor": cursor} if cursor else {}),
        }  # fmt: skip
        table = self._size.ask(
            lambda size: self._line.repeat("POST", RUNS, deadline, json=asked | {"limit": size}).table()
        )
        runs = part(table, "runs", list)
        judged = [words(run, "id") for run in runs if isinstance(run, dict) and run.get("feedback_stats")]
        feedback = [one for ids in portions(judged) for one in self._feedback(ids, deadline)]
        further = words(table.get("cursors"), "next") if runs else ""
        return TracePage("langsmith", ({"runs": table, "feedback": feedback},), further)

    def _feedback(self, ids: Sequence[str], deadline: Deadline) -> list[Any]:
        found: list[Any] = []
        for page in range(MOST_FEEDBACK):
            asked = {"run": list(ids), "limit": str(PAGE), "offset": str(page * PAGE)}
            rows = self._line.read(FEEDBACK, deadline, params=asked).rows()
            found += rows
            if len(rows) < PAGE:
                break
        return found

    def _candidates(self, name: str, deadline: Deadline) -> Sequence[object]:
        asked = {"limit": "1", "name": name, "include_stats": "false"}
        return self._line.read(PROJECTS, deadline, params=asked).rows()

    def _id_of(self, row: object) -> str:
        number = clean(part(row, "id", str), multiline=False, limit=100)
        if not number:
            raise Unsure("LangSmith's project has no id")
        return number
