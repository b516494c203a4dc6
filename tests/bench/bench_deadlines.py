"""How late a call to any system comes back at most, under every fault there is.

Run: .venv/bin/python tests/bench/bench_deadlines.py [ADAPTER …]
Every adapter's fake is looked at and written to through the chaos proxy, with the deadlines that the contract suite
uses; a call may take one second more than its deadline.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cockpit.world.specimen import Specimen
from tests.adapters.chaos import FAULTS
from tests.adapters.subjects import SERVED, name_of
from tests.adapters.test_faults import Told, in_parallel, look_at, requests_of_a_write, write_under

LATE_S = 1.0
"""What the contract allows a call beyond its deadline, in seconds."""


def calls(specimen: Specimen, folder: Path) -> list[Told]:
    """Make every call under every fault."""
    works = [partial(look_at, specimen, folder, fault) for fault in FAULTS]
    skips = range(requests_of_a_write(specimen, folder)) if specimen.address else ()
    works += [partial(write_under, specimen, folder, fault, skip) for fault, skip in product(FAULTS, skips)]
    return in_parallel(works)


def main(names: Sequence[str]) -> int:
    """Measure, print, and return 1 when a call was later than it may be."""
    chosen = [one for one in SERVED if not names or one.adapter in names]
    found: dict[str, list[Told]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for specimen in chosen:
            found[name_of(specimen)] = done = calls(specimen, Path(folder))
            slowest = max(done, key=lambda one: one.late_s)
            print(
                f"{name_of(specimen)}: {len(done)} calls, {max(0.0, slowest.late_s):.2f} s late at most "
                f"({slowest.what}, {slowest.fault})",
                flush=True,
            )
    everything = [one for done in found.values() for one in done]
    most, late = max(one.late_s for one in everything), sum(one.late_s > LATE_S for one in everything)
    print(
        f"{len(everything)} calls of {len(found)} specimens: {max(0.0, most):.2f} s beyond their deadline at most, "
        f"{late} more than {LATE_S:.1f} s (limit 0): {'MISS' if late else 'pass'}"
    )
    return 1 if late else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
