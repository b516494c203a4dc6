"""One look at all traces of an incident together: named groups, how far it reaches, what speaks for each layer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from cockpit.domain.traces import TraceFilter

if TYPE_CHECKING:
    from cockpit.detect.clusters.cases import Case
    from cockpit.detect.clusters.groups import Clusters
    from cockpit.detect.clusters.scope import Layer, Scope
    from cockpit.world.port import TraceRow

NEWEST = 50_000
"""Traces that are looked at, the newest."""
PORTION = 2_000


class Rows(Protocol):
    """What is read of a trace store."""

    def page(
        self, query: TraceFilter, /, *, before: int | None = None, after: int | None = None, limit: int = 128
    ) -> Sequence[TraceRow]:
        """Return up to `limit` rows, newest first."""
        ...


@dataclass(frozen=True, slots=True)
class Look:
    """What the traces say by themselves; a hint where to look, never a verdict.

    Attributes:
        traces: how many were looked at, `unjudged` of them without a verdict (they count as sound).
        newest_only: whether there were more than could be looked at.
    """

    at: datetime
    traces: int
    unjudged: int
    clusters: Clusters
    scope: Scope
    layers: tuple[Layer, ...]
    newest_only: bool = False


def look_at(cases: Iterable[Case], at: datetime, *, newest_only: bool = False) -> Look:
    """Group, scope and weigh cases; takes about a second for ten thousand failing ones, so call it off the screen."""
    from cockpit.detect.clusters.groups import cluster
    from cockpit.detect.clusters.scope import layers_of, scope_of

    found = list(cases)
    clusters = cluster([one for one in found if one.failed], [one for one in found if not one.failed])
    unjudged = sum(not one.verdict for one in found)
    return Look(at, len(found), unjudged, clusters, scope_of(found), layers_of(found), newest_only)


def look_at_rows(store: Rows, at: datetime) -> Look:
    """Look at the newest rows of an incident's trace store."""
    from cockpit.detect.clusters.cases import case_of_row

    rows = list(newest(store, NEWEST + 1))
    return look_at(map(case_of_row, rows[:NEWEST]), at, newest_only=len(rows) > NEWEST)


def newest(store: Rows, most: int) -> Iterator[TraceRow]:
    """Yield up to so many rows, newest first."""
    before: int | None = None
    while most > 0 and (rows := store.page(TraceFilter(), before=before, limit=min(most, PORTION))):
        yield from rows
        before, most = rows[-1].id, most - len(rows)
