"""How well the blame linter tells a reproach from a plain fact, on sentences labelled by hand.

Run: .venv/bin/python tests/bench/bench_blame.py [-v]
tests/labelled/blame.tsv holds what was learnt from, and two sets for which the patterns were not changed once they
had been measured. Set 9 was written before the newest patterns by their own author and shares many of their words;
set 10 was written when the patterns were done, and tells what to expect of a stranger's text. The exit code follows
the worse of the two.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cockpit.domain.blame import blame

LABELLED = Path(__file__).resolve().parents[1] / "labelled" / "blame.tsv"
LEAST = 0.9
REPORTED = ("report-9", "report-10")


def half(name: str) -> list[tuple[str, bool]]:
    """Return the sentences of a set, `tune` or one of those reported, each with whether it blames."""
    rows = (row.split("\t") for row in LABELLED.read_text("utf-8").splitlines())
    return [(text, label == "blame") for part, label, text in rows if part == name]


def blamed(text: str) -> bool:
    """Tell whether the linter finds blame in a sentence."""
    return any(True for _ in blame(text))


def figures(labelled: Sequence[tuple[str, bool]]) -> tuple[float, float]:
    """Return precision and recall."""
    told = [(blamed(text), label) for text, label in labelled]
    right = sum(found and label for found, label in told)
    return right / max(1, sum(found for found, _ in told)), right / max(1, sum(label for _, label in told))


def passed(name: str) -> bool:
    """Tell whether precision and recall of a set both reach the limit."""
    return min(figures(half(name))) >= LEAST


def main(verbose: bool) -> int:
    """Print all sets, and return 1 when one that is reported is under the limit."""
    for name in ("tune", *REPORTED):
        sentences = half(name)
        precision, recall = figures(sentences)
        limit = f" (limit {LEAST:g}): {'pass' if passed(name) else 'MISS'}" if name in REPORTED else ""
        print(f"blame, {name}, {len(sentences)} sentences: precision {precision:.3f}, recall {recall:.3f}{limit}")
        for text, label in sentences if verbose else ():
            if blamed(text) != label:
                print(f"   labelled {'blame' if label else 'harmless'}: {text}")
    return 0 if all(passed(name) for name in REPORTED) else 1


if __name__ == "__main__":
    raise SystemExit(main("-v" in sys.argv[1:]))
