"""An incident's list beside the archive: it can be filtered by what only whole traces have, such as user or tool."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING

from cockpit.domain.traces import KEYS, TEXT, TraceFilter
from cockpit.world.port import TraceRow

if TYPE_CHECKING:
    from cockpit.archive.rows import Row
    from cockpit.archive.store import Archive
    from cockpit.journal.traces.store import TraceStore

MOST = 200_000
"""Archived traces that one such filter finds, the newest."""
AGAIN_S = 2.0
"""How long the rows found are good for while more arrive."""
SAMPLE = 2_000


@dataclass(frozen=True, slots=True)
class _Found:
    ids: tuple[int, ...]
    newest: int
    at: float


class BesideArchive:
    """An incident's trace store whose rows are the archive's: `archive` says where that is, once there is one."""

    archived = True
    """Whether filters may ask for what only archived traces have."""

    def __init__(
        self, store: TraceStore, archive: Callable[[], Archive | None], clock: Callable[[], float] = monotonic
    ) -> None:
        self._store, self._archive, self._clock = store, archive, clock
        self._found: dict[TraceFilter, _Found] = {}
        self._lock = threading.Lock()

    def page(
        self, query: TraceFilter, /, *, before: int | None = None, after: int | None = None, limit: int = 128
    ) -> list[TraceRow]:
        """Return up to `limit` matching rows, newest first: the newest, or those next to an id."""
        return self._store.page(self._plain(query), before=before, after=after, limit=limit)

    def count(self, query: TraceFilter, /) -> int:
        """Return how many rows match."""
        return self._store.count(self._plain(query))

    def rank(self, trace: int, query: TraceFilter, /) -> int:
        """Return how many matching rows are newer than an id."""
        return self._store.rank(trace, self._plain(query))

    def row(self, trace: int, /) -> TraceRow | None:
        """Return one row as it is known now."""
        return self._store.row(trace)

    def failing_share(self, last: int, /) -> float:
        """Return the share of the last rows that is known to have failed."""
        return self._store.failing_share(last)

    def recorded(self) -> Sequence[Row]:
        """Return the newest archived rows, to complete values from."""
        archive = self._archive()
        return archive.page(TraceFilter(), limit=SAMPLE) if archive else ()

    def _plain(self, query: TraceFilter) -> TraceFilter:
        """Return the same question in terms of the store: what only the archive knows becomes a list of rows."""
        known = (*KEYS, TEXT)
        whole = TraceFilter(tuple(term for term in query.terms if term.key not in known), query.scores)
        if not whole:
            return query
        rest = tuple(term for term in query.terms if term.key in known)
        found = self._rows(replace(whole, since=query.since, until=query.until))
        ids = found if query.ids is None else tuple(one for one in found if query.has(one))
        return replace(query, terms=rest, scores=(), ids=ids)

    def _rows(self, whole: TraceFilter) -> tuple[int, ...]:
        archive = self._archive()
        if archive is None:
            return ()
        with self._lock:
            known = self._found.get(whole)
            newest = archive.last_row()
            if known and (known.newest == newest or self._clock() - known.at < AGAIN_S):
                return known.ids
            ids = tuple(sorted(archive.ids(whole, limit=MOST)))
            if known and known.ids == ids:
                ids = known.ids
            self._found = {whole: _Found(ids, newest, self._clock())}
            return ids
