"""What the trace list needs of a store; `cockpit.journal.traces.store.TraceStore` is the real one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from cockpit.domain.traces import TraceFilter
from cockpit.world.port import TraceRow


class TraceSource(Protocol):
    """Traces of one incident, newest first; ids grow with arrival. Called from several threads."""

    def page(
        self, query: TraceFilter, /, *, before: int | None = None, after: int | None = None, limit: int = 128
    ) -> Sequence[TraceRow]:
        """Return up to `limit` matching rows, newest first.

        With `before`, those next older than that id; with `after`, those next newer (nearest to it); with
        neither, the newest.
        """
        ...

    def count(self, query: TraceFilter, /) -> int:
        """Return how many rows match."""
        ...

    def rank(self, trace: int, query: TraceFilter, /) -> int:
        """Return how many matching rows are newer than an id."""
        ...

    def row(self, trace: int, /) -> TraceRow | None:
        """Return one row as it is known now."""
        ...

    def failing_share(self, last: int, /) -> float:
        """Return the part of the last judged rows (0…1) that failed."""
        ...
