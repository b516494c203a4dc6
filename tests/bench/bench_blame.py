"""How well the blame linter tells a reproach from a plain fact, on sentences labelled by hand.

Run: .venv/bin/python tests/bench/bench_blame.py [-v] [--folds]
Set 12 was written by people who had not seen the linter, labelled by two of them alike, and opened when the weights
were done, which have not changed since; the exit code follows it. With --folds it also tells how well each writer's
sentences are judged by what all the others' teach, which takes minutes and the word vectors that train_blame.py
names. What the weights were made from is shown too, and says nothing about strange text.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cockpit.domain.blame import blame
from tests.bench.blame_sentences import Sentence, learnt, measured, rates

LEAST = 0.9
REPORTED = "set-12"
WHEN_NEW = "set-11, measured once while it was new: precision 0.892, recall 0.883; learnt since"


def blamed(text: str) -> bool:
    """Tell whether the linter finds blame in a sentence."""
    return any(True for _ in blame(text))


def figures(sentences: Sequence[Sentence]) -> tuple[float, float]:
    """Return precision and recall."""
    return rates((blamed(one.text), one.blames) for one in sentences)


def main(arguments: Sequence[str]) -> int:
    """Print what is learnt and what is measured, and return 1 when the set that is reported is under the limit."""
    if "--folds" in arguments:
        from tests.bench.train_blame import main as train

        train(["--folds"])
    told(learnt(), "what was learnt from (fitted)")
    print(WHEN_NEW)
    passed = min(figures(measured(REPORTED))) >= LEAST
    told(measured(REPORTED), REPORTED, f" (limit {LEAST:g}): {'pass' if passed else 'MISS'}")
    if "-v" in arguments:
        show(measured(REPORTED))
    return 0 if passed else 1


def told(sentences: Sequence[Sentence], name: str, verdict: str = "") -> None:
    """Print the figures of a set."""
    precision, recall = figures(sentences)
    print(f"blame, {name}, {len(sentences)} sentences: precision {precision:.3f}, recall {recall:.3f}{verdict}")


def show(sentences: Sequence[Sentence]) -> None:
    """Print what is misjudged."""
    for one in sentences:
        if blamed(one.text) != one.blames:
            print(f"   labelled {'blame' if one.blames else 'harmless'}: {one.text}")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
