"""Clusters: 10,000 failing traces with 12 planted causes and noise; and twelve soft topics without any template.

Run: .venv/bin/python tests/bench/bench_clusters.py [TRACES]
The yardstick in the same run is grouping by the first four masked words. Noise counts as one group. Planted texts are
easier than real ones: the causes have two wordings each, the soft topics draw their words from pools.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cockpit.detect.clusters.cases import Case
from cockpit.detect.clusters.groups import cluster
from cockpit.detect.clusters.words import masked
from tests.detect.planted import passing, rand_index, soft, templated, together

TRACES, PASSING = 10_000, 5_000
SEEDS = (101, 102, 103)
LEAST_INDEX, MOST_S = 0.9, 5.0
SOFT_SHARES = (0.5, 0.35, 0.25)
HEAVY = ("sklearn", "scipy", "pandas", "torch", "numpy")


def clustered(cases: Sequence[Case]) -> list[int]:
    """Group with everything that comes with it: shared facts against passing traces, names."""
    found = cluster(cases, passing(PASSING, 7))
    group = {member: number for number, one in enumerate(found.clusters) for member in one.members}
    return [group[one.id] for one in cases]


def first_words(cases: Sequence[Case]) -> list[int]:
    """Group by the first four masked words: the yardstick."""
    known: dict[tuple[str, ...], int] = {}
    return [known.setdefault(tuple(islice(masked(one.text), 4)), len(known)) for one in cases]


def measured(
    group: Callable[[Sequence[Case]], list[int]], cases: Sequence[Case], truth: list[int]
) -> tuple[float, float]:
    """Return seconds and adjusted Rand index."""
    began = time.perf_counter()
    found = group(cases)
    return time.perf_counter() - began, rand_index(found, together(truth))


def verdict(fine: bool) -> str:
    """Return how a limit is said to be kept."""
    return "pass" if fine else "MISS"


def templates(n: int) -> bool:
    """Measure planted causes; the worst of several seeds counts."""
    runs = [templated(n, seed) for seed in SEEDS]
    yard = [measured(first_words, *run) for run in runs]
    mine = [measured(clustered, *run) for run in runs]
    print(f"first four masked words, {n:,} traces: index {min(one[1] for one in yard):.2f} at worst")
    seconds, index = max(one[0] for one in mine), min(one[1] for one in mine)
    fine = index >= LEAST_INDEX and seconds <= MOST_S
    told = f"index {index:.2f} at worst, {seconds:.1f} s at most"
    print(f"clusters, {n:,} traces, 12 causes: {told} (≥ {LEAST_INDEX} in ≤ {MOST_S:.0f} s): {verdict(fine)}")
    blind = min(
        measured(clustered, [replace(one, verdict="wrong") for one in cases], truth)[1] for cases, truth in runs
    )
    print(f"the same where nobody knows what is wrong, only that something is: index {blind:.2f} at worst")
    return fine


def topics(n: int) -> None:
    """Measure soft topics; there is no limit, since what is planted decides."""
    for share in SOFT_SHARES:
        cases, truth = soft(n, SEEDS[0], own=share)
        yard, mine = measured(first_words, cases, truth), measured(clustered, cases, truth)
        print(
            f"soft topics, {share:.0%} of the words a topic's own: index {mine[1]:.2f} in {mine[0]:.1f} s; "
            f"first four masked words {yard[1]:.2f}"
        )


def light() -> bool:
    """Check that nothing heavy is imported before it is used."""
    program = f"import sys, cockpit.detect.clusters.groups; print([one for one in {HEAVY!r} if one in sys.modules])"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()
    print(f"heavy libraries imported with the module: {said} (none): {verdict(said == '[]')}")
    return said == "[]"


def main(n: int) -> int:
    """Measure, print, and return 1 when a limit is missed."""
    fine = [templates(n), light()]
    topics(n)
    return int(not all(fine))


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if sys.argv[1:] else TRACES))
