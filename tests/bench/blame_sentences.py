"""The labelled sentences by which the blame linter is taught and measured.

The first column of what is learnt from says where a sentence comes from: `writer-1` to `writer-17`, `set-11` and
`set-12` are by people who had not seen the linter, `fifth` by its maker, `near` by its maker after reading what was
misjudged (no fold learns from those), `first` from the sets by which the patterns before were measured. `phrases` are
a subject and a phrase put together; `documents` and `updates` are lines of documents and of
tests/labelled/updates.tsv. What is measured is in a file of its own: `held-out` is the first fourteenth of what each
writer wrote, `set-13` and `set-14` are by others.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

LABELLED = Path(__file__).resolve().parents[1] / "labelled"
LEARNT, MEASURED = LABELLED / "blame.tsv", LABELLED / "blame_measured.tsv"


class Sentence(NamedTuple):
    """One labelled sentence: who wrote it or which set it belongs to, whether it blames, and its words."""

    writer: str
    blames: bool
    text: str


def _read(path: Path) -> list[Sentence]:
    rows = (row.split("\t") for row in path.read_text("utf-8").splitlines())
    return [Sentence(writer, label == "blame", text) for writer, label, text in rows]


@cache
def learnt() -> list[Sentence]:
    """Return what the weights are made from."""
    return _read(LEARNT)


@cache
def measured(name: str) -> list[Sentence]:
    """Return a set that the weights were not made from."""
    return [one for one in _read(MEASURED) if one.writer == name]


def writers() -> list[str]:
    """Return those whose sentences are each judged by what the others' teach: none of them had seen the linter."""
    return sorted({one.writer for one in learnt() if one.writer.startswith(("set", "writer"))})


def rates(told: Iterable[tuple[bool, bool]]) -> tuple[float, float]:
    """Return precision and recall of pairs: whether blame was found, and whether it is there."""
    pairs = list(told)
    right = sum(found and label for found, label in pairs)
    return right / max(1, sum(found for found, _ in pairs)), right / max(1, sum(label for _, label in pairs))
