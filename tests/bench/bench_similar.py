"""What a new page looks like, among 500 earlier incidents, beside its limit of 50 ms.

Run: .venv/bin/python tests/bench/bench_similar.py [INCIDENTS]
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cockpit.domain.clock import WallClock
from cockpit.domain.events import Kind, NewEvent
from cockpit.golden.memory import Places, similar
from cockpit.journal.log import Journal
from cockpit.journal.sizes import sizes
from tests.domain.events_for import AT, leak_events

INCIDENTS, LIMIT_MS, TRIES, NOTES = 500, 50.0, 9, 30


def main(count: int) -> int:
    """Time looks at a journal, the first draws every portrait; return 1 when the median takes too long."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        journal = Journal.open(data / "journal.db", clock=WallClock())
        for number in range(count):
            notes = [NewEvent(Kind.NOTED, AT, "ada", payload={"text": f"{number} looked {n}"}) for n in range(NOTES)]
            journal.open_incident([*leak_events(f"incident number {number} about parcels and tenants"), *notes])
        new = journal.events(f"INC-{count:04d}")
        taken, worked = [], []
        for _ in range(TRIES):
            begun, began = time.perf_counter(), time.process_time()
            similar(Places(journal, sizes(journal), data), new)
            taken.append((time.perf_counter() - begun) * 1000)
            worked.append((time.process_time() - began) * 1000)
        journal.close()
    first, later = taken[0], sorted(taken[1:])
    middle = len(later) // 2
    ok = later[middle] <= LIMIT_MS
    print(
        f"{count} incidents: median {later[middle]:.1f} ms, of it work {sorted(worked[1:])[middle]:.1f} ms "
        f"(limit {LIMIT_MS:g} ms): {'pass' if ok else 'MISS'}; the first look, which draws them all, {first:.0f} ms"
    )
    return 0 if ok else 1


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if sys.argv[1:] else INCIDENTS))
