"""Measure the trace store with a million rows: insert rate, filter to first page, page, rank, memory.

Run: .venv/bin/python tests/bench/bench_traces.py [ROWS]
The yardstick in the same run is one plain scan of the rows by SQLite's own LIKE.
"""

from __future__ import annotations

import random
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cockpit.domain.traces import TraceFilter
from cockpit.journal.traces.store import TraceStore
from cockpit.world.port import TraceRow

START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
BATCH = 5_000
_POOL = """order refund address where is my parcel the invoice shipped please help account delivery change cancel
customer name number email phone return policy warranty card payment failed again today tomorrow"""
WORDS = _POOL.split()
TENANTS = [f"tenant-{number}" for number in range(40)]
QUERIES = {
    "all rows": "",
    "common field": "verdict:ok",
    "rare field": "verdict:leak",
    "two fields, rare": "verdict:leak tenant:tenant-7 prompt:v41",
    "no such value": "tenant:nobody",
    "empty intersection": "arm:canary -arm:canary",
    "common word": "refund",
    "rare phrase": '"needle in a haystack"',
    "word nobody said": "xyzzy",
    "session": "session:s-00042",
}


def rows(start: int, stop: int, draw: random.Random) -> Iterator[TraceRow]:
    """Make rows with texts of about 110 characters that hardly ever repeat; one in 100,000 holds the needle."""
    for number in range(start, stop):
        text = " ".join(draw.choices(WORDS, k=17))
        if number % 100_000 == 50_000:
            text += " Needle in a Haystack"
        yield TraceRow(
            number, START + timedelta(milliseconds=number), "leak" if number % 5_000 == 0 else "ok", "/support",
            "v41" if number % 3 else "v40", "sonnet-4-5@0929", TENANTS[number % 40], f"s-{number // 6:06d}", 420,
            1800, 512, 100, 4100, text, "primary" if number % 20 else "canary",
        )  # fmt: skip


def fill(store: TraceStore, total: int) -> float:
    """Add the rows in batches; return rows a second, making them not counted."""
    draw, spent = random.Random(7), 0.0
    for start in range(1, total + 1, BATCH):
        batch = list(rows(start, min(start + BATCH, total + 1), draw))
        begun = time.perf_counter()
        store.add(batch)
        spent += time.perf_counter() - begun
    return total / spent


def timed(call: Callable[[], object]) -> float:
    """Return how many ms a call takes."""
    begun = time.perf_counter()
    call()
    return (time.perf_counter() - begun) * 1000


def rss_mb() -> float:
    """Return the present resident memory in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def queries(path: Path) -> None:
    """Time every filter on a store just opened, so that nothing is remembered."""
    print(
        f"{'filter':<20}{'first page ms':>14}{'rows':>6}{'count ms':>10}{'matches':>10}{'again ms':>10}{'rank ms':>9}"
    )
    for name, text in QUERIES.items():
        store, query = TraceStore.open(path, read_only=True), TraceFilter.parse(text)
        first = timed(lambda store=store, query=query: store.page(query))  # type: ignore[misc]
        count = timed(lambda store=store, query=query: store.count(query))  # type: ignore[misc]
        again = timed(lambda store=store, query=query: store.page(query))  # type: ignore[misc]
        rank = timed(lambda store=store, query=query: store.rank(500_000, query))  # type: ignore[misc]
        found, matches = len(store.page(query)), store.count(query)
        print(f"{name:<20}{first:>14.1f}{found:>6}{count:>10.1f}{matches:>10,}{again:>10.2f}{rank:>9.2f}")
        store.close()


def scrolling(path: Path, total: int) -> None:
    """Time single pages at random places of a filtered list."""
    store, query, draw = TraceStore.open(path, read_only=True), TraceFilter.parse("prompt:v41"), random.Random(1)
    store.count(query)
    costs = [timed(lambda: store.page(query, before=draw.randrange(1, total))) for _ in range(200)]
    print(f"page at a random place: median {statistics.median(costs):.2f} ms, p95 {sorted(costs)[190]:.2f} ms")
    store.close()


def judging(store: TraceStore, total: int) -> None:
    """Time late verdicts, 50 at a time over the last 20,000 rows."""
    draw = random.Random(2)
    late = [
        [(draw.randrange(total - 20_000, total), "wrong", (1.0, 5.0, 4.0, 3.0)) for _ in range(50)] for _ in range(40)
    ]
    costs = [timed(lambda batch=batch: store.judge(batch)) for batch in late]  # type: ignore[misc]
    print(f"judge 50 late verdicts: median {statistics.median(costs):.1f} ms, worst {max(costs):.1f} ms")


def yardstick(path: Path) -> None:
    """Scan all texts with LIKE, as a filter without blocks would."""
    connection = sqlite3.connect(path)
    spent = timed(lambda: connection.execute("SELECT id FROM trace WHERE text LIKE '%xyzzy%'").fetchall())
    print(f"yardstick: the same by a plain LIKE scan {spent:.0f} ms")


def main(total: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "traces.db"
        store = TraceStore.open(path)
        print(
            f"insert {fill(store, total):,.0f} rows/s; file {path.stat().st_size / 1e6:.0f} MB; RSS {rss_mb():.0f} MB"
        )
        judging(store, total)
        store.close()
        queries(path)
        scrolling(path, total)
        yardstick(path)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        print(f"RSS {rss_mb():.0f} MB now, {peak:.0f} MB at its peak ({total:,} rows)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
