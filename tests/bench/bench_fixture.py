"""From a leaked trace to a proven case on the simulator, beside its limit of two seconds.

Run: .venv/bin/python tests/bench/bench_fixture.py [CASES]
A drill has been played; what is timed is what a person waits for after asking: the case made of the trace with its
neighbours and stand-ins, and 200 answers of each configuration judged. The first one pays for Faker's lists of names.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.golden.nights import done, failing_traces, night

CASES, LIMIT_S = 10, 2.0


def main(cases: int) -> int:
    """Time cases one after another, print, and return 1 when the slowest takes too long."""
    taken, proven = [], 0
    with night() as session:
        for number, trace in enumerate(failing_traces(session)[:cases]):
            begun = time.perf_counter()
            done(session, ("add_fixture", {"trace": trace, "id": f"case-{number}"}), ("prove_fixture", {}))
            taken.append(time.perf_counter() - begun)
            proven += session.state.learning.fixtures[-1].proven
    ok = max(taken) <= LIMIT_S and proven == len(taken)
    middle = sorted(taken)[len(taken) // 2]
    print(
        f"trace to proven case: first {taken[0]:.2f} s, median {middle:.2f} s, slowest {max(taken):.2f} s "
        f"(limit {LIMIT_S:g} s), {proven} of {len(taken)} proven: {'pass' if ok else 'MISS'}"
    )
    return 0 if ok else 1


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if sys.argv[1:] else CASES))
