"""The writing half of the archive: traces and the blocks they are in at once, the index of words behind them."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import nan
from threading import RLock

from cockpit.archive import rows
from cockpit.archive.codec import pack, unpack, words_of
from cockpit.archive.merge import grown
from cockpit.domain.calls import CallTrace
from cockpit.journal.traces.columns import pack as packed

_PENDING = 5_000
"""Texts kept in memory until they are indexed; others are read again from the body."""
_VERDICT = rows.FIELDS.index("verdict")


@dataclass(frozen=True, slots=True)
class Added:
    """What became of traces: `ids` are the rows of those that are new or have grown, in the order they came."""

    new: int
    grown: int
    known: int
    ids: tuple[int, ...]


class ArchiveWriter:
    """Adds, judges and indexes on one connection; calls from several threads wait for each other."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = RLock()
        self._pending: dict[int, str] = {}

    def add(self, traces: Sequence[CallTrace]) -> Added:
        """Store traces in one transaction; one that is there gains what is new in it."""
        with self._transaction():
            newest = self._one("SELECT COALESCE(MAX(id), 0) FROM trace")
            counts = {"new": 0, "grown": 0, "known": 0}
            blocks: set[int] = set()
            ids: list[int] = []
            for trace in traces:
                number = self._known(trace)
                if number is None:
                    newest = number = newest + 1
                    self._store(number, trace)
                    kind = "new"
                else:
                    kind = "grown" if self._grow(number, trace) else "known"
                counts[kind] += 1
                if kind != "known":
                    ids.append(number)
                    blocks.add(rows.block_of(number))
            for block in sorted(blocks):
                self._pack(block)
        return Added(**counts, ids=tuple(dict.fromkeys(ids)))

    def judge(self, verdicts: Sequence[tuple[int, str]]) -> None:
        """Store verdicts by row; rows nobody knows change nothing."""
        with self._transaction():
            self._connection.executemany(
                "UPDATE trace SET verdict = ? WHERE id = ?", [(verdict, number) for number, verdict in verdicts]
            )
            newest = self._one("SELECT COALESCE(MAX(id), 0) FROM trace")
            for block in {rows.block_of(number) for number, _ in verdicts if 0 < number <= newest}:
                self._pack_field(block, _VERDICT)

    def index(self, most: int = 2_000) -> int:
        """Make the words of up to so many traces searchable; return how many are still waiting."""
        with self._transaction():
            done = self._meta("indexed")
            newest = self._one("SELECT COALESCE(MAX(id), 0) FROM trace")
            upto = min(newest, done + most)
            self._connection.executemany(
                "INSERT INTO words (rowid, text) VALUES (?, ?)",
                ((number, self._words(number)) for number in range(done + 1, upto + 1)),
            )
            self._connection.execute("UPDATE meta SET value = ? WHERE key = 'indexed'", (upto,))
        return newest - upto

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _known(self, trace: CallTrace) -> int | None:
        values = rows.values_of(0, trace)[1:3]
        found = self._connection.execute("SELECT id FROM trace WHERE trace = ? AND source = ?", values).fetchone()
        return None if found is None else int(found[0])

    def _store(self, number: int, trace: CallTrace, verdict: str = "") -> None:
        self._connection.execute(rows.INSERT, rows.values_of(number, trace, verdict))
        self._connection.execute("INSERT OR REPLACE INTO body VALUES (?, ?)", (number, pack(trace)))
        if len(self._pending) < _PENDING:
            self._pending[number] = words_of(trace)

    def _grow(self, number: int, trace: CallTrace) -> bool:
        content = self._connection.execute("SELECT bytes FROM body WHERE id = ?", (number,)).fetchone()[0]
        old = unpack(content)
        both = grown(old, trace)
        if both is None:
            return False
        if number <= self._meta("indexed"):
            self._connection.execute(
                "INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)", (number, _indexed(words_of(old)))
            )
            self._connection.execute(
                "INSERT INTO words (rowid, text) VALUES (?, ?)", (number, _indexed(words_of(both)))
            )
        verdict = self._connection.execute("SELECT verdict FROM trace WHERE id = ?", (number,)).fetchone()[0]
        self._store(number, both, str(verdict))
        return True

    def _words(self, number: int) -> str:
        text = self._pending.pop(number, None)
        if text is None:
            body = self._connection.execute("SELECT bytes FROM body WHERE id = ?", (number,)).fetchone()
            text = words_of(unpack(body[0])) if body else ""
        return _indexed(text)

    def _pack(self, block: int) -> None:
        for field in range(len(rows.FIELDS)):
            self._pack_field(block, field)
        self._pack_moments(block)
        self._pack_scores(block)

    def _pack_field(self, block: int, field: int) -> None:
        sql = f"SELECT {rows.FIELDS[field]} FROM trace WHERE id > ? AND id <= ? ORDER BY id"  # noqa: S608 constants only
        values = [value for (value,) in self._connection.execute(sql, _bounds(block))]
        self._connection.execute(
            "INSERT OR REPLACE INTO packed VALUES (?, ?)", (rows.slot(block, field), packed(values))
        )

    def _pack_moments(self, block: int) -> None:
        moments = rows.moments_of_rows(self._connection, block)
        self._connection.execute(
            "INSERT OR REPLACE INTO packed VALUES (?, ?)", (rows.slot(block, rows.MOMENTS), moments.tobytes())
        )

    def _pack_scores(self, block: int) -> None:
        sql = "SELECT id, scores FROM trace WHERE id > ? AND id <= ? AND scores <> '{}'"
        columns: dict[str, array[float]] = {}
        for number, told in self._connection.execute(sql, _bounds(block)):
            for rubric, value in json.loads(told).items():
                column = columns.setdefault(rubric.lower(), array("d", [nan] * rows.BLOCK))
                column[(number - 1) % rows.BLOCK] = value
        for rubric, column in columns.items():
            self._connection.execute(
                "INSERT OR REPLACE INTO score VALUES (?, ?, ?)", (rubric, block, column.tobytes())
            )

    def _meta(self, key: str) -> int:
        return self._one("SELECT value FROM meta WHERE key = ?", key)

    def _one(self, sql: str, *arguments: str) -> int:
        return int(self._connection.execute(sql, arguments).fetchone()[0])

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                self._pending.clear()
                if self._connection.in_transaction:  # a full disk has ended it already
                    self._connection.execute("ROLLBACK")
                raise


def _bounds(block: int) -> tuple[int, int]:
    return block * rows.BLOCK, (block + 1) * rows.BLOCK


def _indexed(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
