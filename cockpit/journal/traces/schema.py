"""The tables of a trace store, and how a row goes in and comes out."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from cockpit.world.port import TraceRow

VERSION = 1
BLOCK = 1024
"""Rows a sealed block holds."""
SLACK = 256
"""Newest rows left out of blocks, so that traces that end a little out of order still fall into theirs."""

FIELDS = ("verdict", "route", "prompt", "model", "tenant", "arm", "session", "text")
"""The fields that are packed into blocks; their place is their number in the table `packed`."""
IDS = len(FIELDS)
MOMENTS = IDS + 1
"""The places of a block's ids and moments; files of earlier versions have no moments."""
_SLOTS = 16

TABLES = """
CREATE TABLE trace (
    id INTEGER PRIMARY KEY, at INTEGER, verdict, route, prompt, model, tenant, session,
    ttft_ms INTEGER, total_ms INTEGER, tokens_in INTEGER, tokens_out INTEGER, cost_micros INTEGER,
    text, arm, s0 REAL, s1 REAL, s2 REAL, s3 REAL
);
CREATE TABLE tail (id INTEGER PRIMARY KEY);
CREATE TABLE block (no INTEGER PRIMARY KEY, rev INTEGER, low INTEGER, high INTEGER, size INTEGER, until INTEGER);
CREATE TABLE packed (slot INTEGER PRIMARY KEY, bytes BLOB);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
"""

COLUMNS = (
    "id, at, verdict, route, prompt, model, tenant, session, ttft_ms, total_ms, tokens_in, tokens_out,"
    " cost_micros, text, arm, s0, s1, s2, s3"
)
INSERT = f"INSERT OR IGNORE INTO trace ({COLUMNS}) VALUES ({', '.join('?' * 19)})"  # noqa: S608 constants only
JUDGE = "UPDATE trace SET verdict = ?, s0 = ?, s1 = ?, s2 = ?, s3 = ? WHERE id = ?"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def slot(block: int, field: int) -> int:
    """Return where one field of a block is kept."""
    return block * _SLOTS + field


def micros(moment: datetime) -> int:
    """Write a moment as microseconds since 1970."""
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(microseconds: int) -> datetime:
    """Read what `micros` wrote."""
    return _EPOCH + timedelta(microseconds=microseconds)


def values_of(row: TraceRow) -> tuple[Any, ...]:
    """Return a row as the table's columns."""
    return (
        row.id, micros(row.at), row.verdict, row.route, row.prompt, row.model, row.tenant, row.session,
        row.ttft_ms, row.total_ms, row.tokens_in, row.tokens_out, row.cost_micros, row.text, row.arm,
        *_four(row.scores),
    )  # fmt: skip


def insert(connection: sqlite3.Connection, rows: Sequence[TraceRow]) -> None:
    """Insert rows; those whose id is there already change nothing."""
    values = [values_of(row) for row in rows]
    try:
        connection.executemany(INSERT, values)
    except UnicodeEncodeError:
        # Lone surrogates have no place in UTF-8: such a batch is kept as bytes.
        connection.executemany(INSERT, [tuple(map(storable, one)) for one in values])


def storable(value: Any) -> Any:
    """Return texts as bytes that keep lone surrogates, and anything else as it is."""
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value


def text_of(value: str | bytes) -> str:
    """Read a text however it was kept."""
    return value if isinstance(value, str) else value.decode("utf-8", "surrogatepass")


def row_of(values: Sequence[Any]) -> TraceRow:
    """Return the columns of the table as a row."""
    told: list[Any] = [text_of(value) if isinstance(value, bytes) else value for value in values]
    told[1:2], told[15:] = [moment_of(told[1])], [tuple(told[15:])]
    return TraceRow(*told)


def judgement(trace: int, verdict: str, scores: Sequence[float | None]) -> tuple[Any, ...]:
    """Return the arguments of JUDGE; a verdict with lone surrogates is kept as bytes."""
    kept = verdict if verdict.isascii() else storable(verdict)
    return (kept, *_four(scores), trace)


def _four(scores: Sequence[float | None]) -> tuple[float | None, ...]:
    return scores if len(scores) == 4 else (*scores, None, None, None, None)[:4]  # type: ignore[return-value]
