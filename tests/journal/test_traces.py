"""The trace store against the plain meaning of a filter, while rows come, verdicts arrive late, and processes die."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.domain.traces import TraceFilter
from cockpit.errors import BadInput, JournalError, JournalReadOnly
from cockpit.journal.traces import gate as trace_gate
from cockpit.journal.traces import schema as trace_schema
from cockpit.journal.traces.store import TraceStore
from cockpit.world.port import TraceRow
from tests.examples import examples

START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
ALL = TraceFilter()


def row(number: int, text: str = "where is my order", **other: str) -> TraceRow:
    """One trace that arrived at that number of milliseconds; `other` are fields that differ from the usual."""
    usual = TraceRow(
        number, START + timedelta(milliseconds=number), "·", "/support", "v41", "sonnet-4-5@0929", "acme",
        f"s-{number // 3}", ttft_ms=420, total_ms=1800, tokens_in=612, tokens_out=90, cost_micros=4100, text=text,
    )  # fmt: skip
    return replace(usual, **other)  # type: ignore[arg-type]  # only texts are given by name


def some_rows(count: int, seed: int = 1) -> list[TraceRow]:
    """Rows of all sorts, ids with gaps."""
    draw = random.Random(seed)
    words = ["refund", "Order", "ADDRESS", "ünï", "\ud800", "a\0b", "x" * 30, "🔥"]
    return [
        row(
            number * 2 + draw.randrange(2),
            " ".join(draw.choices(words, k=draw.randrange(4))) + (f" {number}" if draw.random() < 0.5 else ""),
            verdict=draw.choice(["·", "ok", "leak", "Refused"]),
            tenant=draw.choice(["acme", "beta-shop", "delta\0co"]),
            prompt=draw.choice(["v4", "v40", "v41"]),
            session=f"s-{draw.randrange(5000)}",
        )
        for number in range(1, count + 1)
    ]


def expected(rows: list[TraceRow], query: TraceFilter) -> list[TraceRow]:
    """The plain meaning of a filter, newest first."""
    return sorted((one for one in rows if query.matches(one)), key=lambda one: -one.id)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[TraceStore]:
    """An empty store."""
    with closing(TraceStore.open(tmp_path / "traces" / "INC-0001.db")) as store:
        yield store


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TraceStore, list[TraceRow]]]:
    """A store with several sealed blocks, filled out of order and judged late."""
    rows = some_rows(4000)
    with closing(TraceStore.open(tmp_path_factory.mktemp("big") / "t.db")) as store:
        shuffled = [rows[n ^ 1] for n in range(4000)]
        for start in range(0, 4000, 333):
            store.add(shuffled[start : start + 333])
        late = [(one.id, "leak", (1.0, None, 3.0, 4.5)) for one in rows[::7]]
        store.judge(late)
        judged = {trace: (verdict, scores) for trace, verdict, scores in late}
        yield (
            store,
            [
                replace(one, verdict=v, scores=s)
                for one in rows
                for v, s in [judged.get(one.id, (one.verdict, one.scores))]
            ],
        )


QUERIES = [
    "", "verdict:leak", "verdict:ok,refused", "-verdict:leak", "tenant:beta", "tenant:acme verdict:leak prompt:=v4",
    "prompt:v4", "prompt:=v4", "-prompt:=v4 order", "refund", '"refund order"', "-refund", "REFUND -tenant:acme",
    "ünï", "🔥", "nowhere", "tenant:nobody", "session:s-49", "session:=s-4999", "text:=refund", "delta", "arm:canary",
    "model:sonnet route:/support", "verdict:leak,ok -verdict:leak", "since:02:00:03", "until:02:00:01 verdict:leak",
    "since:02:00:02 until:02:00:06 refund", "since:2026-11-22", "group:mixed",
    "group:mixed since:02:00:04 -verdict:ok",
]  # fmt: skip


@pytest.mark.parametrize("text", QUERIES)
def test_pages_forth_and_back_count_and_rank_mean_what_the_filter_says(
    big: tuple[TraceStore, list[TraceRow]], text: str
) -> None:
    store, rows = big
    query = TraceFilter.parse(text, now=START + timedelta(hours=1), groups={"mixed": range(3, 8_000, 17)})
    wanted = expected(rows, query)
    assert store.count(query) == len(wanted)
    paged: list[TraceRow] = []
    while page := store.page(query, before=paged[-1].id if paged else None, limit=100):
        paged += page
    assert paged == wanted
    backwards: list[TraceRow] = []
    while page := store.page(query, after=backwards[0].id if backwards else 0, limit=333):
        backwards = page + backwards
    assert backwards == wanted
    for one in wanted[:: max(1, len(wanted) // 5)]:
        assert store.rank(one.id, query) == wanted.index(one)


def test_a_store_of_an_earlier_version_is_asked_for_times_too(tmp_path: Path) -> None:
    rows = some_rows(2_000)
    with closing(TraceStore.open(tmp_path / "t.db")) as store:
        store.add(rows)
    with closing(sqlite3.connect(tmp_path / "t.db")) as connection:
        gone = connection.execute("DELETE FROM packed WHERE slot % 16 = ?", (trace_schema.MOMENTS,)).rowcount
        connection.commit()
    assert gone == 1
    query = TraceFilter.parse("since:02:00:01 until:02:00:02", now=START + timedelta(hours=1))
    with closing(TraceStore.open(tmp_path / "t.db")) as store:
        assert store.page(query, limit=5_000) == expected(rows, query)


def test_counting_may_stop_at_a_limit(big: tuple[TraceStore, list[TraceRow]]) -> None:
    store, rows = big
    assert store.count(ALL, limit=10) == 10
    assert store.count(ALL, limit=10_000) == len(rows)


@settings(max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(st.sampled_from('ravdt ":,-=4leakfund\0'), max_size=25),
    before=st.none() | st.integers(-5, 9000),
    limit=st.integers(1, 200),
)
def test_any_filter_that_can_be_read_means_the_same_in_store_and_plain(
    big: tuple[TraceStore, list[TraceRow]], text: str, before: int | None, limit: int
) -> None:
    store, rows = big
    try:
        query = TraceFilter.parse(text)
    except BadInput:
        return
    wanted = [one for one in expected(rows, query) if before is None or one.id < before]
    assert store.page(query, before=before, limit=limit) == wanted[:limit]


def test_rows_come_back_exactly_as_they_came(store: TraceStore) -> None:
    hostile = "\x1b]52;c;x\x07 \ud800\udc00 \0 \u202e " + "é" * 500
    one = replace(row(7, hostile, tenant="\udfff", session="\0"), scores=(1.0, None, 2.5, 5.0))
    two = row(8, "plain")
    store.add([one, two])
    assert store.row(7) == one
    assert store.page(ALL) == [two, one]
    assert store.row(9) is None


def test_adding_again_changes_nothing_not_even_a_verdict(store: TraceStore) -> None:
    rows = [row(number) for number in range(1, 3001)]
    store.add(rows + rows[:5])
    store.judge([(5, "leak", (1.0, 1.0, 1.0, 1.0)), (2999, "leak", (1.0, 1.0, 1.0, 1.0)), (99_999, "leak", ())])
    store.add(rows)
    store.add(rows[100:200])
    assert store.count(ALL) == 3000
    assert [one.id for one in store.page(TraceFilter.parse("verdict:leak"))] == [2999, 5]


def test_a_late_verdict_shows_in_filters_already_asked(store: TraceStore) -> None:
    store.add([row(number) for number in range(1, 3001)])
    leaks = TraceFilter.parse("verdict:leak")
    assert store.count(leaks) == 0
    store.judge([(number, "LEAK", (1.0, None, None, None)) for number in (1, 1024, 1025, 3000)])
    assert [one.id for one in store.page(leaks)] == [3000, 1025, 1024, 1]
    assert store.row(1024) == replace(row(1024), verdict="LEAK", scores=(1.0, None, None, None))


def test_the_failing_share_counts_every_row(store: TraceStore) -> None:
    assert store.failing_share(10) == 0
    verdicts = ["leak", "ok", "·", "ok", "ok", "wrong", "·", ""]
    store.add([row(number, verdict=verdict) for number, verdict in enumerate(verdicts, start=1)])
    assert store.failing_share(100) == pytest.approx(2 / 8)
    assert store.failing_share(4) == pytest.approx(1 / 4)


def test_it_remembers_how_far_it_got(store: TraceStore) -> None:
    assert (store.last_id(), store.checkpoint()) == (0, None)
    store.add([row(number) for number in range(1, 2001)])
    store.set_checkpoint("2026-11-21T02:00:02.000000Z")
    store.set_checkpoint("2026-11-21T02:00:03.000000Z")
    again = TraceStore.open(store.path)
    assert (again.last_id(), again.checkpoint()) == (2000, "2026-11-21T02:00:03.000000Z")
    again.close()


def test_another_process_may_read_and_even_write(store: TraceStore) -> None:
    store.add([row(number) for number in range(1, 1500)])
    other = TraceStore.open(store.path)
    reader = TraceStore.open(store.path, read_only=True)
    assert reader.count(ALL) == 1499
    other.add([row(number) for number in range(1400, 3000)])
    store.add([row(number, verdict="ok") for number in range(2900, 4000)])
    assert reader.count(ALL) == 3999
    assert [one.id for one in reader.page(ALL, before=2901, limit=2)] == [2900, 2899]
    assert reader.count(TraceFilter.parse("verdict:ok")) == 1000
    with pytest.raises(JournalReadOnly):
        reader.add([row(1)])
    reader.close()
    other.close()


def test_there_is_nothing_to_read_where_nothing_was_written(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="no traces"):
        TraceStore.open(tmp_path / "none.db", read_only=True)


def test_threads_read_while_one_writes(store: TraceStore, monkeypatch: pytest.MonkeyPatch) -> None:
    # These readers never pause: every commit would wait for them as long as it may.
    monkeypatch.setattr(trace_gate, "PATIENCE_S", 0.02)
    done, faults = threading.Event(), []
    query = TraceFilter.parse("order -tenant:beta")

    def read() -> None:
        last = 0
        while not done.is_set():
            try:
                page, count = store.page(query), store.count(query)
                ids = [one.id for one in page]
                assert ids == sorted(set(ids), reverse=True)
                assert count >= last
                last = count
            except Exception as fault:
                faults.append(fault)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for start in range(1, 2401, 200):
        store.add([row(number) for number in range(start, start + 200)])
        store.judge([(number, "ok", ()) for number in range(start, start + 20)])
    done.set()
    for reader in readers:
        reader.join()
    assert faults == []
    assert store.count(query) == 2400


def _add_forever(path: Path, report: int) -> None:
    store = TraceStore.open(path)
    with open(report, "w", buffering=1, encoding="ascii") as added:
        while True:
            last = store.last_id()
            store.add([row(number) for number in range(last + 1, last + 301)])
            added.write(f"{last + 300}\n")


def test_a_kill_loses_nothing_added(tmp_path: Path) -> None:
    path, context = tmp_path / "t.db", multiprocessing.get_context("fork")
    for kill in range(5):
        reading, writing = os.pipe()
        child = context.Process(target=_add_forever, args=(path, writing))
        child.start()
        os.close(writing)
        first = os.read(reading, 12).decode()
        threading.Event().wait(0.01 * kill)
        os.kill(child.pid or 0, signal.SIGKILL)
        child.join()
        with open(reading, encoding="ascii") as report:
            added = int((first + report.read()).split("\n")[-2])
        with closing(TraceStore.open(path)) as store:
            assert store.last_id() >= added
            assert store.count(ALL) == store.last_id()
            assert store.count(TraceFilter.parse("order")) == store.last_id()


def test_a_file_that_is_no_store_or_of_another_version_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    path.write_bytes(b"no database at all " * 1000)
    with closing(TraceStore.open(path)) as store:
        store.add([row(1)])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version=77")
    with closing(TraceStore.open(path)) as store:
        assert store.count(ALL) == 0
        assert oct(path.stat().st_mode & 0o777) == "0o600"


def test_a_store_left_open_when_the_machine_went_down_is_checked_and_begun_anew_if_torn(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    store = TraceStore.open(path)
    store.add(some_rows(3000))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE meta SET value = 'another boot' WHERE key = 'boot'")
        connection.commit()
    with closing(TraceStore.open(path)) as sound:
        assert sound.count(ALL) == 3000
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // 8192 * 8192
    content[middle : middle + 8192 * 4] = bytes(8192 * 4)
    path.write_bytes(content)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE meta SET value = 'another boot' WHERE key = 'boot'")
        connection.execute("DELETE FROM meta WHERE key = 'clean'")
        connection.commit()
    with closing(TraceStore.open(path)) as anew:
        assert anew.count(ALL) == 0


def test_blocks_are_sealed_as_rows_come_few_at_a_time(store: TraceStore) -> None:
    for number in range(1, 2 * trace_schema.BLOCK + trace_schema.SLACK + 1, 16):
        store.add([row(one) for one in range(number, number + 16)])
    with closing(sqlite3.connect(store.path)) as connection:
        assert connection.execute("SELECT SUM(size) FROM block").fetchone()[0] == 2 * trace_schema.BLOCK
        assert connection.execute("SELECT COUNT(*) FROM tail").fetchone()[0] == trace_schema.SLACK


def test_importing_the_store_brings_no_database_library() -> None:
    unwanted = "{'sqlalchemy', 'numpy', 'pydantic'}"
    code = f"import sys, cockpit.journal.traces.store; sys.exit(bool({unwanted} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
