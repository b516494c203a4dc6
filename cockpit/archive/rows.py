"""The tables of the archive, and a trace as the row of a list."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cockpit.archive.codec import micros, moment_of
from cockpit.domain.calls import CallTrace
from cockpit.domain.traces import ARCHIVED, UNJUDGED

VERSION = 1
BLOCK = 2048
"""Rows a block holds; ids have no gaps, so that the place of a row follows from its id. The last one is not full."""
SHOWN = 300
"""Characters of question and answer that a row shows."""

FIELDS = ARCHIVED
"""The fields that are packed into blocks; their place is their number in the table `packed`."""
MOMENTS = len(FIELDS)
"""The place of when the rows of a block were, as microseconds; archives of earlier versions may lack it."""
SLOTS = 32

TABLES = """
CREATE TABLE trace (
    id INTEGER PRIMARY KEY, trace TEXT NOT NULL, source TEXT NOT NULL, at INTEGER, total_ms REAL, ttft_ms REAL,
    tokens_in INTEGER, tokens_out INTEGER, cost_usd REAL, spans INTEGER, verdict, tenant, route, prompt, model,
    session, arm, user, service, tier, config_id, tool, error, scores, asked, answered
);
CREATE UNIQUE INDEX trace_known ON trace (trace, source);
CREATE TABLE body (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
CREATE TABLE packed (slot INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
CREATE TABLE score (rubric TEXT, block INTEGER, bytes BLOB NOT NULL, PRIMARY KEY (rubric, block)) WITHOUT ROWID;
CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID;
INSERT INTO meta VALUES ('indexed', 0);
CREATE VIRTUAL TABLE words USING fts5(text, content='', columnsize=0, tokenize='unicode61 remove_diacritics 0')
"""

_COLUMNS = (
    "id", "trace", "source", "at", "total_ms", "ttft_ms", "tokens_in", "tokens_out", "cost_usd", "spans", "verdict",
    "tenant", "route", "prompt", "model", "session", "arm", "user", "service", "tier", "config_id", "tool", "error",
    "scores", "asked", "answered",
)  # fmt: skip
COLUMNS = ", ".join(_COLUMNS)
INSERT = f"INSERT OR REPLACE INTO trace ({COLUMNS}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Row:
    """One trace as a list shows it. Text is as it came from outside: never print it undisinfected.

    Attributes:
        id: grows with arrival, from 1 on.
        trace: the recorder's own id; `source` where it was read.
        tool: the names of the tools that were called, with blanks between.
        verdict: `·` until somebody judged it.
    """

    id: int
    trace: str
    source: str
    at: datetime
    total_ms: float
    ttft_ms: float | None
    tokens_in: int
    tokens_out: int
    cost_usd: float | None
    spans: int
    verdict: str
    tenant: str
    route: str
    prompt: str
    model: str
    session: str
    arm: str
    user: str
    service: str
    tier: str
    config_id: str
    tool: str
    error: str
    scores: Mapping[str, float]
    asked: str
    answered: str


def values_of(number: int, trace: CallTrace, verdict: str = "") -> tuple[Any, ...]:
    """Return a trace as the table's columns."""
    tools = " ".join(dict.fromkeys(tool.name for tool in trace.tools))
    verdict = verdict or trace.labels.get("verdict", UNJUDGED)
    return (
        number, _sound(trace.id), _sound(trace.source), micros(trace.started), trace.total_ms, trace.ttft_ms,
        trace.tokens_in, trace.tokens_out, trace.cost_usd, len(trace.spans), *(
            _sound(value)
            for value in (
                verdict, trace.tenant, trace.route, trace.prompt, trace.model, trace.session,
                trace.labels.get("arm", ""), trace.user, trace.service, trace.tier, trace.config_id, tools[:SHOWN],
                trace.error[:SHOWN], json.dumps(dict(trace.scores)), trace.asked[:SHOWN], trace.answered[:SHOWN],
            )
        ),
    )  # fmt: skip


def _sound(text: str) -> str:
    """Return a text that UTF-8 can hold; the whole trace keeps what it was."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def row_of(values: Sequence[Any]) -> Row:
    """Return the columns of the table as a row."""
    told = list(values)
    told[3] = moment_of(told[3])
    told[23] = json.loads(told[23])
    return Row(*told)


def rows_at(connection: sqlite3.Connection, ids: Sequence[int]) -> list[Row]:
    """Return rows in the order of their ids as given; ids nobody knows are left out."""
    marks = ", ".join("?" * len(ids))
    found = connection.execute(f"SELECT {COLUMNS} FROM trace WHERE id IN ({marks})", list(ids))  # noqa: S608 marks only
    by_id = {values[0]: row_of(values) for values in found}
    return [by_id[one] for one in ids if one in by_id]


def block_of(number: int) -> int:
    """Return the block a row is in, from 0 on."""
    return (number - 1) // BLOCK


def slot(block: int, field: int) -> int:
    """Return where one field of a block is kept."""
    return block * SLOTS + field


def moments_of_rows(connection: sqlite3.Connection, block: int) -> array[int]:
    """Return when the rows of a block were, in the order of their ids."""
    asked = (block * BLOCK, (block + 1) * BLOCK)
    found = connection.execute("SELECT at FROM trace WHERE id > ? AND id <= ? ORDER BY id", asked)
    return array("q", [at for (at,) in found])
