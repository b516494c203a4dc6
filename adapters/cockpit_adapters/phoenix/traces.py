"""A Phoenix server as a source of traces: spans of one project, and what was annotated on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cockpit.errors import Refused
from cockpit.world.contract import Deadline, Finding, Place, TracePage, Verdict
from cockpit_adapters.answers import part, words
from cockpit_adapters.findings import Trial
from cockpit_adapters.hosted import segment
from cockpit_adapters.phoenix.system import Phoenix
from cockpit_adapters.tracing import PageSize, portions, stamp

if TYPE_CHECKING:
    from cockpit.world.http import Line
    from cockpit_adapters.phoenix import PhoenixOptions

PAGE = 200
MOST_ANNOTATIONS = 10_000
"""Phoenix hands out ten annotations unless it is asked for more, and never more than this."""

DEFAULT = "default"
"""The project of applications that name none."""


class TracedPhoenix(Phoenix):
    """Prompts and traces of one Phoenix server."""

    def __init__(self, line: Line, options: PhoenixOptions, place: Place) -> None:
        super().__init__(line, options, place)
        self._project = options.project
        self._size = PageSize(PAGE)

    def traces(self, since: datetime, until: datetime, cursor: str, deadline: Deadline) -> TracePage:
        """Return one page of spans that began in [since, until), newest first, with their annotations."""
        asked = {"start_time": stamp(since), "end_time": stamp(until), **({"cursor": cursor} if cursor else {})}
        spans = self._size.ask(lambda size: self._of_project("spans", asked | {"limit": str(size)}, deadline))
        document = {"spans": spans, **self._annotations(part(spans, "data", list), deadline)}
        return TracePage("phoenix", (document,), words(spans, "next_cursor"))

    def _annotations(self, spans: list[Any], deadline: Deadline) -> dict[str, Any]:
        contexts = [one["context"] for one in spans if isinstance(one, dict) and isinstance(one.get("context"), dict)]
        found: dict[str, Any] = {}
        for name, key in (("span_annotations", "span_id"), ("trace_annotations", "trace_id")):
            ids = list(dict.fromkeys(filter(None, (words(one, key) for one in contexts))))
            rows = [row for some in portions(ids) for row in self._annotated(name, f"{key}s", some, deadline)]
            found[name] = {"data": rows}
        return found

    def _annotated(self, name: str, key: str, ids: Sequence[str], deadline: Deadline) -> list[Any]:
        try:
            page = self._of_project(name, {key: list(ids), "limit": str(MOST_ANNOTATIONS)}, deadline)
        except Refused as problem:
            if name == "trace_annotations" and "answered 40" in problem.message:
                return []  # servers before 14 don't hand them out
            raise
        return part(page, "data", list)

    def _of_project(self, what: str, asked: dict[str, Any], deadline: Deadline) -> dict[str, Any]:
        project = self._project or DEFAULT
        try:
            return self._line.read(f"/v1/projects/{segment(project)}/{what}", deadline, params=asked).table()
        except Refused as problem:
            if "answered 404" not in problem.message or what != "spans":
                raise
            raise Refused(
                f"{self._line.base} has no project {project}",
                hint="Correct `project`; Phoenix' first page lists them.",
            ) from None

    def _checks(self, deadline: Deadline) -> Sequence[Trial]:
        step = "Correct `project`, or check what the token may read."
        usual = super()._checks(deadline)
        return (*usual, ("traces", step, lambda: self._readable(deadline))) if self._project else usual

    def _readable(self, deadline: Deadline) -> Finding:
        part(self._of_project("spans", {"limit": "1"}, deadline), "data", list)
        return Finding("traces", Verdict.FINE, f"those of the project {self._project} can be read")
