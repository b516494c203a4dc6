"""The reading half of a trace store: which rows match, block by block, remembered per filter."""

from __future__ import annotations

import sqlite3
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import compress

from cockpit.domain.traces import TEXT, Term, TraceFilter, fold
from cockpit.journal.traces import schema
from cockpit.journal.traces.columns import bits, mask, mask_of
from cockpit.journal.traces.writer import ids_of, moments_of, packed_at


@dataclass(frozen=True, slots=True)
class Head:
    """One sealed block: ids from `low` to `high`; `rev` grows when a verdict in it changes, `until` is its latest."""

    no: int
    rev: int
    low: int
    high: int
    size: int
    until: int


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """What there is at one moment: the blocks by their highest id, and the ids in none yet, newest first both."""

    version: int
    heads: list[Head]
    tail: list[int]


def take_snapshot(connection: sqlite3.Connection, last: Snapshot | None) -> Snapshot:
    """Return the present state, or the last one again when nobody committed since."""
    version = connection.execute("PRAGMA data_version").fetchone()[0]
    if last is not None and last.version == version:
        return last
    connection.execute("BEGIN")
    try:
        heads = [Head(*row) for row in connection.execute(_HEADS)]
        tail = [trace for (trace,) in connection.execute(_TAIL)]
    finally:
        connection.execute("COMMIT")
    # The version is the one from before: a commit in between only costs another look.
    return Snapshot(version, heads, tail)


_HEADS = "SELECT no, rev, low, high, size, until FROM block ORDER BY high DESC"
_TAIL = "SELECT id FROM tail ORDER BY id DESC"


class View:
    """The matches of one filter; what a block answered is remembered, and of a verdict only until it changes."""

    def __init__(self, query: TraceFilter) -> None:
        # Fields that are cheap to look at come first, texts last and only where something is left.
        self._terms = sorted(query.terms, key=lambda term: schema.FIELDS.index(term.key))
        self._verdicts = [term for term in self._terms if term.key == "verdict"]
        self._lasting = [term for term in self._terms if term.key != "verdict"]
        self._query = query
        # One bit a row: what is remembered of a million of them is to stay small.
        self._known: dict[int, tuple[int, int]] = {}
        self._kept: dict[int, int] = {}
        self._tail: tuple[Snapshot | None, list[int]] = (None, [])

    def count(self, connection: sqlite3.Connection, head: Head) -> int:
        """Return how many rows of a block match."""
        return self._answer(connection, head).bit_count() if self._query else head.size

    def ids(self, connection: sqlite3.Connection, head: Head) -> list[int]:
        """Return the matching ids of a block, oldest first."""
        if not self._query:
            return list(_ids(connection, head))
        found = self._answer(connection, head)
        return list(compress(_ids(connection, head), mask_of(found, head.size))) if found else []

    def tail(self, connection: sqlite3.Connection, state: Snapshot) -> list[int]:
        """Return the matching ids outside of blocks, newest first."""
        if not self._query:
            return state.tail
        seen, found = self._tail
        if seen is not state:
            found = _matching_rows(connection, state.tail, self._query, self._terms)
            self._tail = (state, found)
        return found

    def _answer(self, connection: sqlite3.Connection, head: Head) -> int:
        rev = head.rev if self._verdicts else 0
        known = self._known.get(head.no)
        if known is None or known[0] != rev:
            known = self._known[head.no] = (rev, self._find(connection, head))
        return known[1]

    def _find(self, connection: sqlite3.Connection, head: Head) -> int:
        if not self._verdicts:
            return self._lasting_of(connection, head)
        judged = _matching(connection, head, self._verdicts)
        if not judged or not (self._lasting or self._query.is_timed or self._query.ids is not None):
            return judged
        if head.no not in self._kept:
            self._kept[head.no] = self._lasting_of(connection, head)
        return judged & self._kept[head.no]

    def _lasting_of(self, connection: sqlite3.Connection, head: Head) -> int:
        """Return what no verdict changes: the rows asked for by number, by time and by their fields."""
        found = _everything(head)
        if self._query.ids is not None:
            found &= _numbered(connection, head, self._query.ids)
        if found and self._query.is_timed:
            found &= _timed(connection, head, self._query)
        return found & _matching(connection, head, self._lasting) if found and self._lasting else found


def _everything(head: Head) -> int:
    return (1 << head.size) - 1


def _numbered(connection: sqlite3.Connection, head: Head, wanted: Sequence[int]) -> int:
    inside = set(wanted[bisect_left(wanted, head.low) : bisect_right(wanted, head.high)])
    return bits(bytes([one in inside for one in _ids(connection, head)])) if inside else 0


def _timed(connection: sqlite3.Connection, head: Head, query: TraceFilter) -> int:
    if query.since is not None and head.until < schema.micros(query.since):
        return 0
    moments = moments_of(connection, head.no)
    low, high = _bound(query.since, min(moments)), _bound(query.until, max(moments) + 1)
    return bits(bytes([low <= one < high for one in moments]))


def _bound(moment: datetime | None, otherwise: int) -> int:
    return otherwise if moment is None else schema.micros(moment)


def _matching(connection: sqlite3.Connection, head: Head, terms: Sequence[Term]) -> int:
    found = _everything(head)
    for term in terms:
        packed = packed_at(connection, schema.slot(head.no, schema.FIELDS.index(term.key)))
        found &= bits(mask(packed, head.size, term))
        if not found:
            return 0
    return found


def _matching_rows(
    connection: sqlite3.Connection, ids: Sequence[int], query: TraceFilter, terms: Sequence[Term]
) -> list[int]:
    wanted = ids if query.ids is None else [one for one in ids if query.has(one)]
    marks, keys = ", ".join("?" * len(wanted)), ", ".join(["id", "at", *(term.key for term in terms)])
    sql = f"SELECT {keys} FROM trace WHERE id IN ({marks}) ORDER BY id DESC"  # noqa: S608 known names and marks
    return [
        trace
        for trace, at, *values in connection.execute(sql, wanted)
        if query.spans(schema.moment_of(at))
        and all(term.holds(fold(schema.text_of(value))) for term, value in zip(terms, values, strict=True))
    ]


def _ids(connection: sqlite3.Connection, head: Head) -> Sequence[int]:
    if head.high - head.low + 1 == head.size:
        return range(head.low, head.high + 1)
    return ids_of(connection, head.no)


def older(connection: sqlite3.Connection, state: Snapshot, view: View, before: int | None, limit: int) -> list[int]:
    """Return up to `limit` matching ids below `before` (None: the newest), newest first."""
    found = [trace for trace in view.tail(connection, state) if before is None or trace < before][:limit]
    for head in state.heads:
        if len(found) == limit and head.high < found[-1]:
            break
        if before is None or head.low < before:
            ids = (trace for trace in view.ids(connection, head) if before is None or trace < before)
            found = sorted([*found, *ids], reverse=True)[:limit]
    return found


def newer(connection: sqlite3.Connection, state: Snapshot, view: View, after: int, limit: int) -> list[int]:
    """Return up to `limit` matching ids above `after`, those nearest to it, newest first."""
    found = [trace for trace in view.tail(connection, state) if trace > after][-limit:][::-1]
    for head in sorted(state.heads, key=lambda head: head.low):
        if len(found) == limit and head.low > found[-1]:
            break
        if head.high > after:
            ids = (trace for trace in view.ids(connection, head) if trace > after)
            found = sorted([*found, *ids])[:limit]
    return found[::-1]


def count(connection: sqlite3.Connection, state: Snapshot, view: View, limit: int | None) -> int:
    """Return how many rows match; from `limit` on it stops to count and says `limit`."""
    total = len(view.tail(connection, state))
    for head in state.heads:
        if limit is not None and total >= limit:
            return limit
        total += view.count(connection, head)
    return total if limit is None else min(total, limit)


def rank(connection: sqlite3.Connection, state: Snapshot, view: View, trace: int) -> int:
    """Return how many matching rows are newer than an id."""
    return _above(view.tail(connection, state), trace) + sum(
        view.count(connection, head) if head.low > trace else _above(view.ids(connection, head), trace)
        for head in state.heads
        if head.high > trace
    )


def _above(ids: Iterable[int], trace: int) -> int:
    return sum(1 for one in ids if one > trace)


assert schema.FIELDS[-1] == TEXT
