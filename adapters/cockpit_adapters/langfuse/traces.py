"""A Langfuse project as a source of traces: observations by their start, then scores by a time of their own."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from cockpit.errors import Refused
from cockpit.world.contract import Deadline, Place, TracePage
from cockpit_adapters.answers import part, words
from cockpit_adapters.langfuse.system import Langfuse
from cockpit_adapters.tracing import PageSize, stamp

if TYPE_CHECKING:
    from cockpit.world.http import Line
    from cockpit_adapters.langfuse import LangfuseOptions

OBSERVATIONS, SCORES = "/api/public/v2/observations", "/api/public/v3/scores"
FIELDS = "core,basic,time,io,metadata,model,usage,prompt,metrics,trace_context"
PAGE, SCORES_PAGE = 200, 100
OF_SCORES = "scores:"
"""A cursor that begins so goes on in the scores; every other one in the observations."""


class TracedLangfuse(Langfuse):
    """Prompts and traces of one Langfuse project."""

    tells_late = True

    def __init__(self, line: Line, options: LangfuseOptions, place: Place) -> None:
        super().__init__(line, options, place)
        self._size = PageSize(PAGE)

    def traces(self, since: datetime, until: datetime, cursor: str, deadline: Deadline) -> TracePage:
        """Return one page of observations that began in [since, until), or of scores that were given then."""
        if cursor.startswith(OF_SCORES):
            return self._scores(since, until, cursor.removeprefix(OF_SCORES), deadline)
        asked = {"fields": FIELDS, **({"cursor": cursor} if cursor else {})}
        asked |= {"fromStartTime": stamp(since), "toStartTime": stamp(until)}
        table = self._size.ask(lambda size: self._observed(asked | {"limit": str(size)}, deadline))
        return TracePage("langfuse", (table,), _next(table) or OF_SCORES)

    def _observed(self, asked: dict[str, str], deadline: Deadline) -> dict[str, Any]:
        try:
            table = self._line.read(OBSERVATIONS, deadline, params=asked).table()
        except Refused as problem:
            if "answered 404" not in problem.message:
                raise
            raise Refused(
                f"{self._line.base} has no {OBSERVATIONS}", hint="Reading traces takes Langfuse Cloud, or Langfuse 4."
            ) from None
        part(table, "data", list)
        return table

    def _scores(self, since: datetime, until: datetime, cursor: str, deadline: Deadline) -> TracePage:
        asked = {"limit": str(SCORES_PAGE), "fields": "subject", **({"cursor": cursor} if cursor else {})}
        asked |= {"fromTimestamp": stamp(since), "toTimestamp": stamp(until)}
        try:
            table = self._line.read(SCORES, deadline, params=asked).table()
        except Refused as problem:
            if "answered 404" not in problem.message:
                raise
            return TracePage("langfuse", ())  # servers that have none yet
        part(table, "data", list)
        further = _next(table)
        return TracePage("langfuse", (table,), f"{OF_SCORES}{further}" if further else "")


def _next(table: dict[str, Any]) -> str:
    return words(part(table, "meta", dict), "cursor")
