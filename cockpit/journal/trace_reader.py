"""The reading half of a trace store: which rows match, block by block, remembered per filter."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import compress

from cockpit.domain.traces import TEXT, Term, TraceFilter
from cockpit.journal import trace_schema as schema
from cockpit.journal.columns import both, mask
from cockpit.journal.trace_writer import TAIL_ROWS, ids_of, packed_at
from cockpit.world.port import TraceRow


@dataclass(frozen=True, slots=True)
class Head:
    """One sealed block: ids from `low` to `high`; `rev` grows when a verdict in it changes."""

    no: int
    rev: int
    low: int
    high: int
    size: int


@dataclass(slots=True)
class Snapshot:
    """What there is at one moment: the blocks by their highest id, newest first, and the rows in none yet."""

    version: int
    heads: list[Head] = field(default_factory=list)
    tail: list[TraceRow] = field(default_factory=list)


def take_snapshot(connection: sqlite3.Connection, last: Snapshot | None) -> Snapshot:
    """Return the present state, or the last one again when nobody committed since."""
    version = connection.execute("PRAGMA data_version").fetchone()[0]
    if last is not None and last.version == version:
        return last
    connection.execute("BEGIN")
    try:
        heads = [Head(*row) for row in connection.execute(_HEADS)]
        tail = [schema.row_of(row) for row in connection.execute(TAIL_ROWS)]
    finally:
        connection.execute("COMMIT")
    # The version is the one from before: a commit in between only costs another look.
    return Snapshot(version, heads, tail[::-1])


_HEADS = "SELECT no, rev, low, high, size FROM block ORDER BY high DESC"


class View:
    """The matches of one filter; what a block answered is remembered until its verdicts change."""

    def __init__(self, query: TraceFilter) -> None:
        # Fields that are cheap to look at come first, texts last and only where something is left.
        self._terms = sorted(query.terms, key=lambda term: schema.FIELDS.index(term.key))
        self._query = query
        self._by_verdict = any(term.key == "verdict" for term in query.terms)
        self._known: dict[int, tuple[int, bytes, int]] = {}

    def count(self, connection: sqlite3.Connection, head: Head) -> int:
        """Return how many rows of a block match."""
        return self._answer(connection, head)[2] if self._terms else head.size

    def ids(self, connection: sqlite3.Connection, head: Head) -> list[int]:
        """Return the matching ids of a block, oldest first."""
        if not self._terms:
            return list(_ids(connection, head))
        _, found, count = self._answer(connection, head)
        return list(compress(_ids(connection, head), found)) if count else []

    def tail(self, snapshot: Snapshot) -> list[int]:
        """Return the matching ids outside of blocks, newest first."""
        return [row.id for row in snapshot.tail if self._query.matches(row)]

    def _answer(self, connection: sqlite3.Connection, head: Head) -> tuple[int, bytes, int]:
        rev = head.rev if self._by_verdict else 0
        known = self._known.get(head.no)
        if known is None or known[0] != rev:
            found = _matching(connection, head, self._terms)
            known = self._known[head.no] = (rev, found, found.count(1))
        return known


def _matching(connection: sqlite3.Connection, head: Head, terms: Sequence[Term]) -> bytes:
    found = b"\1" * head.size
    for term in terms:
        packed = packed_at(connection, schema.slot(head.no, schema.FIELDS.index(term.key)))
        found = both(found, mask(packed, head.size, term))
        if 1 not in found:
            return b""
    return found


def _ids(connection: sqlite3.Connection, head: Head) -> Sequence[int]:
    if head.high - head.low + 1 == head.size:
        return range(head.low, head.high + 1)
    return ids_of(connection, head.no)


def older(connection: sqlite3.Connection, state: Snapshot, view: View, before: int | None, limit: int) -> list[int]:
    """Return up to `limit` matching ids below `before` (None: the newest), newest first."""
    found = [trace for trace in view.tail(state) if before is None or trace < before][:limit]
    for head in state.heads:
        if len(found) == limit and head.high < found[-1]:
            break
        if before is None or head.low < before:
            ids = (trace for trace in view.ids(connection, head) if before is None or trace < before)
            found = sorted([*found, *ids], reverse=True)[:limit]
    return found


def newer(connection: sqlite3.Connection, state: Snapshot, view: View, after: int, limit: int) -> list[int]:
    """Return up to `limit` matching ids above `after`, those nearest to it, newest first."""
    found = [trace for trace in view.tail(state) if trace > after][-limit:][::-1]
    for head in sorted(state.heads, key=lambda head: head.low):
        if len(found) == limit and head.low > found[-1]:
            break
        if head.high > after:
            ids = (trace for trace in view.ids(connection, head) if trace > after)
            found = sorted([*found, *ids])[:limit]
    return found[::-1]


def count(connection: sqlite3.Connection, state: Snapshot, view: View, limit: int | None) -> int:
    """Return how many rows match; from `limit` on it stops to count and says `limit`."""
    total = len(view.tail(state))
    for head in state.heads:
        if limit is not None and total >= limit:
            return limit
        total += view.count(connection, head)
    return total if limit is None else min(total, limit)


def rank(connection: sqlite3.Connection, state: Snapshot, view: View, trace: int) -> int:
    """Return how many matching rows are newer than an id."""
    return _above(view.tail(state), trace) + sum(
        view.count(connection, head) if head.low > trace else _above(view.ids(connection, head), trace)
        for head in state.heads
        if head.high > trace
    )


def _above(ids: Iterable[int], trace: int) -> int:
    return sum(1 for one in ids if one > trace)


assert schema.FIELDS[-1] == TEXT
