"""The writing half of a trace store: rows go in at once, and older ones are sealed into searchable blocks."""

from __future__ import annotations

import sqlite3
import threading
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from cockpit.journal.traces import schema
from cockpit.journal.traces.columns import pack, unpack
from cockpit.journal.traces.gate import Gate
from cockpit.world.port import TraceRow

Judgement = tuple[int, str, tuple[float | None, ...]]
_VERDICT = schema.FIELDS.index("verdict")


@dataclass(frozen=True, slots=True, order=True)
class _Place:
    low: int
    high: int
    no: int


class TraceWriter:
    """Adds and judges traces on one connection; calls from several threads wait for each other.

    Another process may write too: its commits are noticed, and what is kept in memory is read again.
    """

    def __init__(self, connection: sqlite3.Connection, gate: Gate) -> None:
        self._connection = connection
        self._gate = gate
        self._lock = threading.Lock()
        self._version = -1
        self._newest = 0
        self._tail: dict[int, TraceRow] = {}
        self._blocks: list[_Place] = []

    def add(self, rows: Sequence[TraceRow]) -> None:
        """Store rows; ids that are there already change nothing."""
        with self._transaction():
            new = self._unknown(rows)
            if not new:
                return
            schema.insert(self._connection, list(new.values()))
            self._tail = dict(sorted({**self._tail, **new}.items()))
            sealed = self._seal()
            self._connection.executemany("DELETE FROM tail WHERE id = ?", [(i,) for i in sealed if i not in new])
            self._connection.executemany("INSERT INTO tail VALUES (?)", [(i,) for i in new if i in self._tail])
            self._newest = max(self._newest, *new)

    def judge(self, updates: Sequence[Judgement]) -> None:
        """Store verdicts and scores that arrived late; ids nobody knows change nothing."""
        with self._transaction():
            self._connection.executemany(schema.JUDGE, [schema.judgement(*update) for update in updates])
            sealed = []
            for trace, verdict, scores in updates:
                if trace in self._tail:
                    self._tail[trace] = replace(self._tail[trace], verdict=verdict, scores=scores)
                else:
                    sealed.append((trace, verdict))
            self._judge_sealed(sealed)

    def set_meta(self, key: str, value: str) -> None:
        """Keep a small value beside the rows."""
        with self._transaction():
            self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def close(self) -> None:
        """Let go of the file once the last write is through."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                self._catch_up()
                yield
                with self._gate.alone():
                    self._connection.execute("COMMIT")
            except BaseException:
                self._version = -1
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def _catch_up(self) -> None:
        version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if version == self._version:
            return
        self._version = version
        read = self._connection.execute
        self._newest = read("SELECT COALESCE(MAX(id), 0) FROM trace").fetchone()[0]
        rows = map(schema.row_of, read(TAIL_ROWS))
        self._tail = {row.id: row for row in rows}
        self._blocks = sorted(_Place(*place) for place in read("SELECT low, high, no FROM block"))

    def _unknown(self, rows: Sequence[TraceRow]) -> dict[int, TraceRow]:
        new: dict[int, TraceRow] = {}
        for row in rows:
            if row.id not in new and (row.id > self._newest or not self._has(row.id)):
                new[row.id] = row
        return new

    def _has(self, trace: int) -> bool:
        found = self._connection.execute("SELECT 1 FROM trace WHERE id = ?", (trace,))
        return found.fetchone() is not None

    def _seal(self) -> list[int]:
        """Move the oldest full blocks out of the tail and return their ids."""
        ids = list(self._tail)
        full = max(0, (len(ids) - schema.SLACK) // schema.BLOCK) * schema.BLOCK
        for start in range(0, full, schema.BLOCK):
            self._write_block([self._tail.pop(trace) for trace in ids[start : start + schema.BLOCK]])
        return ids[:full]

    def _write_block(self, rows: Sequence[TraceRow]) -> None:
        place = _Place(rows[0].id, rows[-1].id, len(self._blocks) + 1)
        moments = array("q", [schema.micros(row.at) for row in rows])
        columns = [pack([getattr(row, field) for row in rows]) for field in schema.FIELDS]
        columns += [array("q", [row.id for row in rows]).tobytes(), moments.tobytes()]
        self._connection.execute(
            "INSERT INTO block VALUES (?, 1, ?, ?, ?, ?)", (place.no, place.low, place.high, len(rows), max(moments))
        )
        self._connection.executemany(
            "INSERT INTO packed VALUES (?, ?)",
            [(schema.slot(place.no, field), column) for field, column in enumerate(columns)],
        )
        self._blocks.insert(bisect_right(self._blocks, place), place)

    def _judge_sealed(self, updates: Sequence[tuple[int, str]]) -> None:
        by_block: dict[int, list[tuple[int, str]]] = {}
        ids: dict[int, array[int]] = {}
        for trace, verdict in updates:
            for place in self._holding(trace):
                if place.no not in ids:
                    ids[place.no] = ids_of(self._connection, place.no)
                index = bisect_left(ids[place.no], trace)
                if index < len(ids[place.no]) and ids[place.no][index] == trace:
                    by_block.setdefault(place.no, []).append((index, verdict))
                    break
        for block, changes in by_block.items():
            self._rewrite_verdicts(block, changes)

    def _holding(self, trace: int) -> Iterator[_Place]:
        """Yield the blocks whose range has an id, most likely one first."""
        end = bisect_right(self._blocks, trace, key=lambda place: place.low)
        return (place for place in reversed(self._blocks[:end]) if place.high >= trace)

    def _rewrite_verdicts(self, block: int, changes: Sequence[tuple[int, str]]) -> None:
        slot = schema.slot(block, _VERDICT)
        values = unpack(packed_at(self._connection, slot))
        for index, verdict in changes:
            values[index] = verdict
        self._connection.execute("UPDATE packed SET bytes = ? WHERE slot = ?", (pack(values), slot))
        self._connection.execute("UPDATE block SET rev = rev + 1 WHERE no = ?", (block,))


TAIL_ROWS = f"SELECT {schema.COLUMNS} FROM tail JOIN trace USING (id) ORDER BY id"  # noqa: S608 constants only


def packed_at(connection: sqlite3.Connection, slot: int) -> bytes:
    """Read one packed field."""
    content: bytes = connection.execute("SELECT bytes FROM packed WHERE slot = ?", (slot,)).fetchone()[0]
    return content


def ids_of(connection: sqlite3.Connection, block: int) -> array[int]:
    """Read a block's ids, in order."""
    ids = array("q")
    ids.frombytes(packed_at(connection, schema.slot(block, schema.IDS)))
    return ids


def moments_of(connection: sqlite3.Connection, block: int) -> array[int]:
    """Read when a block's rows were, in the order of their ids."""
    moments = array("q")
    packed = connection.execute("SELECT bytes FROM packed WHERE slot = ?", (schema.slot(block, schema.MOMENTS),))
    if found := packed.fetchone():
        moments.frombytes(found[0])
    else:
        moments.extend(_moments_of_rows(connection, ids_of(connection, block)))
    return moments


def _moments_of_rows(connection: sqlite3.Connection, ids: Sequence[int]) -> Iterator[int]:
    marks = ", ".join("?" * len(ids))
    sql = f"SELECT at FROM trace WHERE id IN ({marks}) ORDER BY id"  # noqa: S608 marks only
    return (at for (at,) in connection.execute(sql, ids))
