"""How well the blame linter tells a reproach from a plain fact, on sentences labelled by hand.

Run: .venv/bin/python tests/bench/bench_blame.py
Half of the set is tuned on; the figures with a limit are those of the other half.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cockpit.postmortem.blame import blame
from tests.postmortem.sentences import halves

LEAST = 0.9


def figures(labelled: Sequence[tuple[str, bool]]) -> tuple[float, float]:
    """Return precision and recall."""
    told = [(bool(list(blame(text))), label) for text, label in labelled]
    right = sum(found and label for found, label in told)
    return right / max(1, sum(found for found, _ in told)), right / max(1, sum(label for _, label in told))


def main() -> int:
    """Print both halves, and return 1 when the reported one is under the limit."""
    tuned, reported = halves()
    for name, half in (("tuned on", tuned), ("reported", reported)):
        precision, recall = figures(half)
        limit = f" (limit {LEAST:g}): {'pass' if min(precision, recall) >= LEAST else 'MISS'}" * (half is reported)
        print(f"{name}: {len(half)} sentences, precision {precision:.3f}, recall {recall:.3f}{limit}")
    return 0 if min(figures(reported)) >= LEAST else 1


if __name__ == "__main__":
    raise SystemExit(main())
