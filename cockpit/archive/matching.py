"""Which rows of a block fulfil a filter's conditions on fields, time and scores, found in C over packed columns."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Sequence
from itertools import compress
from typing import Any

from cockpit.archive import rows
from cockpit.archive.codec import micros, moment_of
from cockpit.domain.traces import TEXT, ScoreTerm, Term, TraceFilter, fold
from cockpit.journal.traces.columns import mask


class Matcher:
    """The conditions of one filter that need no text."""

    def __init__(self, query: TraceFilter) -> None:
        self.terms = [term for term in query.terms if term.key != TEXT]
        self.scores = query.scores
        self._query = query
        self._fields = [rows.FIELDS.index(term.key) for term in self.terms]

    def __bool__(self) -> bool:
        return bool(self.terms or self.scores or self._query.is_timed or self._query.ids is not None)

    def block(self, connection: sqlite3.Connection, block: int, size: int) -> bytes | None:
        """Return one byte a row of a block of that size, 1 where every condition holds; None where no row does."""
        found = int.from_bytes(self._asked(connection, block, size), "little")
        if not found:
            return None
        for term, field in zip(self.terms, self._fields, strict=True):
            content = _bytes(connection, "SELECT bytes FROM packed WHERE slot = ?", (rows.slot(block, field),))
            if content is None or not _may_hold(content, term):
                return None
            found &= int.from_bytes(mask(content, size, term), "little")
            if not found:
                return None
        for score in self.scores:
            asked = (score.rubric, block)
            content = _bytes(connection, "SELECT bytes FROM score WHERE rubric = ? AND block = ?", asked)
            found &= int.from_bytes(_judged(content, score)[:size], "little") if content else 0
            if not found:
                return None
        return found.to_bytes(size, "little")

    def _asked(self, connection: sqlite3.Connection, block: int, size: int) -> bytes:
        """Return one byte a row, 1 where it is of the rows and of the time asked for."""
        first = block * rows.BLOCK + 1
        found = bytes([1]) * size
        if self._query.ids is not None:
            found = bytes([self._query.has(one) for one in range(first, first + size)])
        if self._query.is_timed and any(found):
            spans = _spans(self._query, _moments(connection, block)[:size])
            found = bytes([one and other for one, other in zip(found, spans, strict=True)])
        return found

    def ids(self, connection: sqlite3.Connection, block: int, size: int) -> list[int]:
        """Return the matching rows of a block, oldest first."""
        found = self.block(connection, block, size)
        first = block * rows.BLOCK + 1
        return list(compress(range(first, first + size), found)) if found else []

    def holds(self, connection: sqlite3.Connection, number: int) -> bool:
        """Whether one row matches."""
        if not self._query.has(number):
            return False
        columns = ", ".join(["at", "scores", *(term.key for term in self.terms)])
        sql = f"SELECT {columns} FROM trace WHERE id = ?"  # noqa: S608 names of fields only
        return any(self._hold(values) for values in connection.execute(sql, (number,)))

    def _hold(self, values: Sequence[Any]) -> bool:
        at, told, *fields = values
        if not self._query.spans(moment_of(at)):
            return False
        if not all(term.holds(fold(value)) for term, value in zip(self.terms, fields, strict=True)):
            return False
        return not self.scores or all(score.holds(json.loads(told)) for score in self.scores)


def _moments(connection: sqlite3.Connection, block: int) -> array[int]:
    content = _bytes(connection, "SELECT bytes FROM packed WHERE slot = ?", (rows.slot(block, rows.MOMENTS),))
    if content is None:
        return rows.moments_of_rows(connection, block)
    moments = array("q")
    moments.frombytes(content)
    return moments


def _spans(query: TraceFilter, moments: Sequence[int]) -> bytes:
    low = min(moments) if query.since is None else micros(query.since)
    high = max(moments) + 1 if query.until is None else micros(query.until)
    return bytes([low <= one < high for one in moments])


def _bytes(connection: sqlite3.Connection, sql: str, asked: tuple[object, ...]) -> bytes | None:
    found = connection.execute(sql, asked).fetchone()
    return None if found is None else bytes(found[0])


def _may_hold(content: bytes, term: Term) -> bool:
    """Whether a value that is wanted is anywhere in a block at all; that is one search in C."""
    if term.negated:
        return True
    return any(content.find(one.text.encode("utf-8", "surrogatepass")) >= 0 for one in term.wanted)


def _judged(content: bytes, score: ScoreTerm) -> bytes:
    import numpy as np

    values = np.frombuffer(content, dtype="<f8")
    found = {
        "<": values < score.limit, "<=": values <= score.limit, ">": values > score.limit,
        ">=": values >= score.limit, "=": values == score.limit,
    }[score.sign]  # fmt: skip
    known = ~np.isnan(values)
    return bytes(((found != score.negated) & known).astype(np.uint8).tobytes())
