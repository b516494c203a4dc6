"""Looking beyond the filter for a trace to set beside another: the filter may show failing ones only."""

from __future__ import annotations

from cockpit.domain.traces import TraceFilter
from cockpit.tui.traces.source import TraceSource
from cockpit.world.port import TraceRow

QUERIES = {"passing": "verdict:=ok", "failing": "-verdict:=ok,=static,=·"}
"""What finds each kind; the same route is asked for first."""


def kin(source: TraceSource, kind: str, row: TraceRow) -> list[TraceRow]:
    """Return the nearest traces of a kind, older and newer than a row, of its route where there are any."""
    route = row.route.replace('"', "")
    for text in (f'{QUERIES[kind]} route:="{route}"', QUERIES[kind]):
        query = TraceFilter.parse(text)
        found = [
            *source.page(query, before=row.id, limit=1),
            *source.page(query, after=row.id, limit=1),
        ]
        if found:
            return found
    return []
