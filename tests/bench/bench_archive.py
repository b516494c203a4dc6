"""Measure search in an archive of a million traces: the newest 50 of any filter, a rare word, a page far down.

Run: .venv/bin/python tests/bench/bench_archive.py [TRACES]
The yardstick in the same run is a plain scan of one column by SQLite's own LIKE.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cockpit.archive.store import Archive
from cockpit.domain.traces import TraceFilter
from tests.bench.genai import RARE, call_traces

TRACES, BATCH, LIMIT_MS, TRIES = 1_000_000, 5_000, 50.0, 5
QUERIES = {
    "all": "",
    "common field": "verdict:ok",
    "rare field": "verdict:leak",
    "two fields, rare": "verdict:leak tenant:tenant-7 prompt:v41",
    "no such value": "tenant:nobody",
    "empty intersection": "prompt:v40 -prompt:v40",
    "session, contained": "session:s-00042",
    "user, whole": "user:=u-00021",
    "low score": "score.grounding<3",
    "score and tenant": "score.grounding<3 tenant:tenant-0",
    "common word": "refund",
    "rare word": RARE,
    "word nobody said": "zyzzyva",
    "common phrase": '"refund policy"',
    "common word, rare field": "refund verdict:leak",
    "rare word, field": f"{RARE} prompt:v41",
    "word left out": "-refund tenant:tenant-3",
}


def timed(call: Callable[[], object]) -> float:
    """Return how many ms a call takes, the median of some tries."""
    taken = []
    for _ in range(TRIES):
        begun = time.perf_counter()
        call()
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


def fill(archive: Archive, total: int) -> None:
    """Add the traces, and print how fast that was."""
    draw, spent = random.Random(7), 0.0
    for first in range(1, total + 1, BATCH):
        batch = list(call_traces(first, min(first + BATCH, total + 1), draw))
        begun = time.perf_counter()
        archive.add(batch)
        archive.index(BATCH)
        spent += time.perf_counter() - begun
    size = archive.path.stat().st_size / 1e6
    print(f"{total:,} traces in, words indexed: {total / spent:,.0f} traces/s, {size:,.0f} MB")


def searches(archive: Archive) -> bool:
    """Time every filter."""
    held = True
    for name, text in QUERIES.items():
        query = TraceFilter.parse(text, archived=True)
        taken = timed(lambda query=query: archive.page(query))  # type: ignore[misc]
        found = len(archive.page(query))
        held = held and taken <= LIMIT_MS
        verdict = "pass" if taken <= LIMIT_MS else "MISS"
        print(f"newest 50: {name:<24} {taken:6.1f} ms, {found:>2} rows   (≤ {LIMIT_MS:.0f} ms) {verdict}")
    return held


def main(total: int) -> int:
    """Measure, print, and return 1 when a limit is missed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.db"
        archive = Archive.open(path)
        fill(archive, total)
        held = searches(archive)
        query = TraceFilter.parse("prompt:v41", archived=True)
        print(f"a page in the middle: {timed(lambda: archive.page(query, before=total // 2)):.1f} ms")
        print(f"count of a common field: {timed(lambda: archive.count(query)):.0f} ms")
        archive.close()
        connection = sqlite3.connect(path)
        plain = "SELECT id FROM trace WHERE asked LIKE '%xyzzy%'"
        print(
            f"yardstick: a plain LIKE scan of one column {timed(lambda: connection.execute(plain).fetchall()):.0f} ms"
        )
        connection.close()
    return int(not held)


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else TRACES))
