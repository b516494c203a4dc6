"""The archive against the plain meaning of a filter, while traces come, grow and are judged."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cockpit.archive import rows
from cockpit.archive.codec import pack, unpack, words_of
from cockpit.archive.store import Archive, Archived
from cockpit.archive.words import Words
from cockpit.archive.writer import ArchiveWriter
from cockpit.domain.calls import CallTrace, Chunk, Message, Span, SpanKind, ToolUse
from cockpit.domain.traces import TraceFilter
from cockpit.errors import BadInput, JournalReadOnly, NoTraces

START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
TEXTS = ["refund", "Order", "ADDRESS", "ignore previous", "ünï", "🔥", "order-number", "\ud800"]


def trace(number: int, *, spans: int = 1, **other: object) -> CallTrace:
    """One trace; `other` are fields that differ from the usual."""
    at = START + timedelta(milliseconds=number)
    steps = tuple(
        Span(f"{number}-{place}", "", "chat", SpanKind.LLM, at, at + timedelta(seconds=1 + place), tokens_in=10,
             inputs=(Message("user", "hello"),), parameters={"temperature": 0.2}, attributes={"a.b": [1,
                 {"c": None}]})
        for place in range(spans)
    )  # fmt: skip
    usual = CallTrace(
        f"{number:032x}", "otlp", at, steps[-1].end, steps, tenant="acme", model="sonnet", prompt="v41",
            asked="hello",
        answered="there", tokens_in=10 * spans, chunks=(Chunk("kb", "text", 0.5),), tools=(ToolUse("get", "{}",
            "ok", True),),
        messages=(Message("user", "hello"), Message("assistant", "there")), retrieved=True, cost_usd=0.01,
    )  # fmt: skip
    return replace(usual, **other)  # type: ignore[arg-type]


def some(count: int, seed: int = 1) -> list[CallTrace]:
    """Traces of all sorts."""
    draw = random.Random(seed)
    return [
        trace(
            number,
            answered=" ".join(draw.choices(TEXTS, k=draw.randrange(4))),
            tenant=draw.choice(["acme", "beta-shop", "Gamma"]),
            prompt=draw.choice(["v4", "v40", "v41"]),
            session=f"s-{draw.randrange(900)}",
            user=draw.choice(["u1", ""]),
            scores={"Grounding": draw.randrange(1, 6)} if draw.random() < 0.5 else {},
            labels={"verdict": draw.choice(["ok", "leak"])},
        )
        for number in range(1, count + 1)
    ]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    opened = Archive.open(tmp_path / "archive.db")
    yield opened
    opened.close()


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "BLOCK", 64)


def asked(text: str) -> TraceFilter:
    return TraceFilter.parse(text, archived=True, now=START + timedelta(hours=1))


def plain(found: list[Archived], query: TraceFilter) -> list[int]:
    """The plain meaning of a filter, newest first; words are whole words."""
    words = Words(query)
    fields = [term for term in query.terms if term.key != "text"]
    matching = [
        one.row.id
        for one in found
        if replace(query, terms=tuple(fields)).matches(one.row)  # type: ignore[arg-type]  # no term is about the text
        and all(score.holds(one.row.scores) for score in query.scores)
        and words.hold(words_of(one.trace))
    ]
    return matching[::-1]


QUERIES = [
    "", "tenant:acme", "tenant:ACME,gamma", "-tenant:beta", "tenant:=beta-shop prompt:v40", "prompt:v4", "prompt:=v4",
    "session:s-1", "session:=s-77", "user:u1 -prompt:v41", "verdict:leak score.grounding<3", "score.grounding>=5",
    "-score.grounding<3", "score.none<3", "refund", "REFUND", "-refund tenant:acme", '"ignore previous"',
    "order refund", "ünï", "🔥", '"order-number"', "refu*", "refund tenant:nobody", "tool:get source:otlp",
    "text:refund,order", "since:02:00:00.1", "until:02:00:00.2", "since:02:00:00.1 until:02:00:00.300 tenant:acme",
    "since:02:00:00.35 refund", "score.grounding<3 until:02:00:00.05",
]  # fmt: skip


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("indexed", ["nothing", "half", "all"])
def test_a_filter_means_what_it_says(archive: Archive, indexed: str) -> None:
    stored = some(250)
    for first in range(0, 250, 75):
        archive.add(stored[first : first + 75])
    if indexed != "nothing":
        archive.index(125 if indexed == "half" else 1_000)
    found = list(archive.walk())
    for text in QUERIES:
        query = asked(text)
        wanted = plain(found, query)
        assert [row.id for row in archive.page(query, limit=1_000)] == wanted, text
        assert archive.count(query) == len(wanted), text
        assert [row.id for row in archive.page(query, before=150, limit=7)] == [one for one in wanted if one < 150][
            :7
        ]
        assert [row.id for row in archive.page(query, after=150, limit=7)] == [one for one in wanted if one > 150][
            -7:
        ]
        assert [one.row.id for one in archive.walk(query, after=100)] == [one for one in wanted[::-1] if one > 100]


def test_whole_traces_come_back(archive: Archive) -> None:
    stored = [
        *some(40),
        trace(99, answered="lone \ud800 surrogate", id="id \udfff"),
        trace(100, cost_usd=None, ttft_ms=1.5),
    ]
    added = archive.add(stored)
    assert (added.new, added.grown, added.known, added.ids) == (42, 0, 0, tuple(range(1, 43)))
    assert [one.trace for one in archive.newer(0)] == stored
    assert [one.trace for one in archive.newer(40)] == stored[40:]
    assert archive.last_row() == 42
    assert all(unpack(pack(one)) == one for one in stored)


def test_what_is_there_stays_and_what_is_new_is_gained(archive: Archive) -> None:
    whole = trace(1, spans=3, scores={"grounding": 2.0})
    first = replace(whole, spans=whole.spans[:1], tokens_in=10, ended=whole.spans[0].end, answered="", scores={})
    rest = replace(whole, spans=whole.spans[1:], tokens_in=20, answered="at last")
    archive.add([trace(5), first])
    archive.index()
    archive.judge([(2, "leak")])
    assert archive.add([rest]).grown == 1
    assert archive.add([rest, first]).known == 2
    (found,) = archive.find(whole.id)
    assert found.trace.spans == whole.spans
    assert (found.row.id, found.trace.tokens_in, found.trace.answered, found.row.verdict) == (
        2,
        30,
        "at last",
        "leak",
    )
    assert [row.id for row in archive.page(asked('"at last"'))] == [2]
    assert [row.id for row in archive.page(asked("verdict:leak score.grounding=2"))] == [2]


def test_the_same_id_of_two_sources_is_two_traces(archive: Archive) -> None:
    archive.add([trace(1), trace(1, source="phoenix")])
    assert [one.row.source for one in archive.find(f"{1:032x}")] == ["phoenix", "otlp"]
    assert len(archive.find("0000000000")) == 2
    assert archive.find("00000") == []
    assert archive.get(3) is None


@pytest.mark.usefixtures("small_blocks")
def test_verdicts_that_come_late_are_found(archive: Archive) -> None:
    archive.add(some(200))
    archive.judge([(3, "refused"), (180, "refused"), (999, "refused")])
    assert [row.id for row in archive.page(asked("verdict:refused"))] == [180, 3]


def test_another_process_sees_what_was_added(archive: Archive) -> None:
    archive.add(some(3))
    reader = Archive.open(archive.path, read_only=True)
    assert len(reader.page(asked(""))) == 3
    archive.add([trace(50)])
    assert reader.last_row() == 4
    with pytest.raises(JournalReadOnly):
        reader.add([])
    reader.close()


def test_a_batch_that_fails_leaves_nothing(archive: Archive) -> None:
    archive.add(some(2))
    broken = replace(trace(9), started="never")  # type: ignore[arg-type]
    with pytest.raises((TypeError, AttributeError)):
        archive.add([trace(8), broken])
    assert archive.last_row() == 2
    assert archive.add([trace(8)]).ids == (3,)


class Failing(sqlite3.Connection):
    """A connection whose next commit fails, as on a full disk; SQLite may have taken everything back by then."""

    fails = False
    takes_back = False

    def execute(self, sql: str, *more: Any) -> sqlite3.Cursor:
        """Fail once."""
        if sql == "COMMIT" and self.fails:
            self.fails = False
            if self.takes_back:
                super().execute("ROLLBACK")
            raise sqlite3.OperationalError("database or disk is full")
        return super().execute(sql, *more)


@pytest.mark.parametrize("takes_back", [False, True])
def test_a_commit_that_fails_says_why_and_the_next_one_works(tmp_path: Path, takes_back: bool) -> None:
    Archive.open(tmp_path / "archive.db").close()
    connection = sqlite3.connect(tmp_path / "archive.db", isolation_level=None, factory=Failing)
    writer = ArchiveWriter(connection)
    connection.fails, connection.takes_back = True, takes_back
    with pytest.raises(sqlite3.OperationalError, match="disk is full"):
        writer.add([trace(1)])
    assert writer.add([trace(1)]).new == 1
    writer.close()


def test_a_damaged_archive_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    path.write_bytes(b"no database at all" * 1_000)
    archive = Archive.open(path)
    assert archive.add([trace(1)]).new == 1
    archive.close()
    assert (tmp_path / "archive.db.damaged-1").read_bytes().startswith(b"no database")
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_can_not_be_opened_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoTraces, match="is not there"):
        Archive.open(tmp_path / "none.db", read_only=True)
    path = tmp_path / "later.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version=99")
    connection.close()
    with pytest.raises(BadInput, match="another version"):
        Archive.open(path)


@pytest.mark.parametrize("text", ["score.grounding<3", "user:u1", "service:x"])
def test_only_archived_traces_have_more_fields(text: str) -> None:
    assert asked(text)
    if ":" in text:
        with pytest.raises(BadInput, match="no field"):
            TraceFilter.parse(text)
    else:
        assert TraceFilter.parse(text).scores == ()
