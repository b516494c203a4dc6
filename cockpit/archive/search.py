"""The reading half of the archive: rows that match a filter, newest first, block by block.

Fields are looked at in packed blocks, words in an index; neither needs an index for each field, and nothing is
sorted: rows come in the order of their ids.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import islice

from cockpit.archive import rows
from cockpit.archive.codec import unpack, words_of
from cockpit.archive.matching import Matcher
from cockpit.archive.words import Words
from cockpit.domain.traces import TraceFilter

_FEW = 400
"""Rows of a word that are looked at one by one; of a commoner word first the fields are looked at."""
_SPARSE = 40
"""Rows of one block whose texts are read, rather than asking the index for all rows of the block."""


class Search:
    """One filter over what is there at one moment; ids are given newest first, or oldest first with `forward`."""

    def __init__(self, connection: sqlite3.Connection, query: TraceFilter) -> None:
        self._connection = connection
        self._matcher = Matcher(query)
        self._words = Words(query)
        self._indexed = int(connection.execute("SELECT value FROM meta WHERE key = 'indexed'").fetchone()[0])
        self._newest = int(connection.execute("SELECT COALESCE(MAX(id), 0) FROM trace").fetchone()[0])

    def ids(self, low: int = 1, high: int | None = None, *, forward: bool = False) -> Iterator[int]:
        """Return matching rows from `low` to `high`."""
        high = self._newest if high is None else min(high, self._newest)
        if self._words.question:
            yield from self._by_words(low, high, forward)
        else:
            yield from filter(self._told, self._by_fields(low, high, forward))

    def _by_words(self, low: int, high: int, forward: bool) -> Iterator[int]:
        """Ask the index for what it knows; what it does not know yet is looked at one by one."""
        waiting = filter(self._told, self._by_fields(max(low, self._indexed + 1), high, forward))
        known = self._indexed_ids(low, min(high, self._indexed), forward)
        for part in (known, waiting) if forward else (waiting, known):
            yield from part

    def _indexed_ids(self, low: int, high: int, forward: bool) -> Iterator[int]:
        if low > high:
            return
        found = self._ask(low, high, forward)
        if not self._matcher:
            yield from filter(self._is_meant, found)
            return
        few = list(islice(found, _FEW))
        if len(few) < _FEW:
            yield from (one for one in few if self._matcher.holds(self._connection, one) and self._is_meant(one))
            return
        for first, last, ids in self._blocks(low, high, forward):
            if len(ids) > _SPARSE:
                wanted = set(ids)
                yield from (one for one in self._ask(first, last, forward) if one in wanted and self._is_meant(one))
            else:
                yield from filter(self._is_asked, ids if forward else reversed(ids))

    def _ask(self, low: int, high: int, forward: bool) -> Iterator[int]:
        order = "ASC" if forward else "DESC"
        sql = f"SELECT rowid FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid {order}"  # noqa: S608
        return (number for (number,) in self._connection.execute(sql, (self._words.question, low, high)))

    def _by_fields(self, low: int, high: int, forward: bool) -> Iterator[int]:
        if not self._matcher:
            yield from range(low, high + 1) if forward else range(high, low - 1, -1)
            return
        for _, _, ids in self._blocks(low, high, forward):
            yield from ids if forward else reversed(ids)

    def _blocks(self, low: int, high: int, forward: bool) -> Iterator[tuple[int, int, list[int]]]:
        """Return stretches of rows with those whose fields match, oldest first within a stretch."""
        if low > high:
            return
        blocks = range(rows.block_of(low), rows.block_of(high) + 1)
        for block in blocks if forward else reversed(blocks):
            first = max(low, block * rows.BLOCK + 1)
            last = min(high, (block + 1) * rows.BLOCK)
            ids = self._matcher.ids(self._connection, block, self._size(block))
            if first > block * rows.BLOCK + 1 or last == high:
                ids = [one for one in ids if first <= one <= last]
            yield first, last, ids

    def _size(self, block: int) -> int:
        return min(rows.BLOCK, self._newest - block * rows.BLOCK)

    def count(self) -> int:
        """Return how many rows match."""
        if self._words:
            return sum(1 for _ in self.ids())
        if not self._matcher:
            return self._newest
        blocks = range(rows.block_of(self._newest) + 1)
        return sum((self._matcher.block(self._connection, one, self._size(one)) or b"").count(1) for one in blocks)

    def _is_asked(self, number: int) -> bool:
        """Whether a row that the index knows has the words, whichever is quicker to tell."""
        return any(True for _ in self._ask(number, number, False)) if self._words.is_exact else self._told(number)

    def _is_meant(self, number: int) -> bool:
        """Whether what the index answered is what was asked for."""
        return self._words.is_exact or self._told(number)

    def _told(self, number: int) -> bool:
        """Whether the texts of a row are what was asked for, exactly."""
        if not self._words:
            return True
        body = self._connection.execute("SELECT bytes FROM body WHERE id = ?", (number,)).fetchone()
        return body is not None and self._words.hold(words_of(unpack(body[0])))
