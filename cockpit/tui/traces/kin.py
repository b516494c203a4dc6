"""Looking beyond the filter for a trace to set beside another: the filter may show failing ones only."""

from __future__ import annotations

from cockpit.domain.traces import TraceFilter
from cockpit.tui.traces.source import TraceSource
from cockpit.tui.traces.verdicts import fails, passes
from cockpit.world.port import TraceRow

QUERIES = {"passing": "verdict:=ok", "failing": "-verdict:=ok,=static,=·"}
"""What finds each kind; the same route is asked for first."""


ALIKE = ("route", "tenant", "prompt")
"""What makes two traces kin, the most telling first; the last is given up first."""


def kin(source: TraceSource, kind: str, row: TraceRow) -> list[TraceRow]:
    """Return the nearest traces of a kind, older and newer than a row, of its route, tenant, prompt if there are."""
    for count in range(len(ALIKE), -1, -1):
        alike = (f'{name}:="{value}"' for name in ALIKE[:count] if (value := getattr(row, name).replace('"', "")))
        query = TraceFilter.parse(" ".join([QUERIES[kind], *alike]))
        found = [
            *source.page(query, before=row.id, limit=1),
            *source.page(query, after=row.id, limit=1),
        ]
        if found:
            return found
    return []


def partners(source: TraceSource, row: TraceRow) -> list[TraceRow]:
    """Return a row and the nearest of the other kind; of both kinds where nobody knows what it is."""
    if passes(row.verdict) or fails(row.verdict):
        return [row, *kin(source, "passing" if fails(row.verdict) else "failing", row)]
    return [*kin(source, "passing", row), *kin(source, "failing", row)]


def unlike(row: TraceRow, other: TraceRow) -> tuple[bool, ...]:
    """Return in what another trace is no kin; the smaller, the nearer."""
    return tuple(getattr(row, name) != getattr(other, name) for name in ALIKE)
