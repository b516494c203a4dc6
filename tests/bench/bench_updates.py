"""How well the linter of updates tells flaws from plain facts, on sentences and updates labelled by hand.

Run: .venv/bin/python tests/bench/bench_updates.py [-v]
tests/labelled/updates.tsv holds two halves: its patterns were tuned on one; the other was written in another style
and measured once while it was new (docs/working-a-drill.md says what came out), and has been learnt from since.
A flaw is right when its kind is labelled; each kind counts once for a text.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cockpit.session.lint_update import lint_update, said_wrong

LABELLED = Path(__file__).resolve().parents[1] / "labelled" / "updates.tsv"
LIMIT = 0.9
WHEN_NEW = "while it was new, measured once: precision 0.900, recall 0.900 (limit 0.9: pass); learnt since"


@dataclass(frozen=True, slots=True)
class Labelled:
    """One text: which half it belongs to, what is wrong with it, and whether it is a whole update."""

    half: str
    flaws: frozenset[str]
    text: str
    whole: bool

    @property
    def found(self) -> frozenset[str]:
        """The kinds that the linter finds; a sentence alone need not say everything."""
        return frozenset(flaw.kind for flaw in (lint_update if self.whole else said_wrong)(self.text))


def labelled() -> Iterator[Labelled]:
    """Read the labelled texts."""
    for row in LABELLED.read_text(encoding="utf-8").splitlines():
        half, flaws, text = row.split("\t")
        named = frozenset() if flaws == "-" else frozenset(flaws.split(","))
        yield Labelled(half, named, text.removeprefix("U:"), text.startswith("U:"))


def rates(texts: list[Labelled]) -> tuple[float, float]:
    """Return precision and recall over the kinds of all texts."""
    hits = sum(len(one.found & one.flaws) for one in texts)
    found, wanted = sum(len(one.found) for one in texts), sum(len(one.flaws) for one in texts)
    return hits / max(1, found), hits / max(1, wanted)


def main(verbose: bool) -> int:
    """Print both halves; 1 when the reported one misses a limit."""
    texts = list(labelled())
    ok = True
    for half in ("tune", "report"):
        chosen = [one for one in texts if one.half == half]
        precision, recall = rates(chosen)
        clean = sum(not one.flaws for one in chosen)
        said = f"updates, {half} half, {len(chosen)} texts ({clean} with nothing wrong)"
        verdict = ""
        if half == "report":
            ok = min(precision, recall) >= LIMIT
            verdict = f" (limit {LIMIT:g} each): {'pass' if ok else 'MISS'}"
        print(f"{said}: precision {precision:.3f}, recall {recall:.3f}{verdict}")
        if half == "report":
            print(f"   {WHEN_NEW}")
        for one in chosen if verbose and half == "tune" else ():
            if one.found != one.flaws:
                print(f"   labelled {sorted(one.flaws)}, found {sorted(one.found)}: {one.text}")
    return 0 if ok else 1


if __name__ == "__main__":
    raise SystemExit(main("-v" in sys.argv[1:]))
