"""What answers mean: their embeddings held against those of a recorded baseline.

Words may change and mean the same, or stay and mean something else; so this stands beside length, format, refusals
and vocabulary. The distance is the maximum mean discrepancy of both sets of vectors, squared and without bias: near 0
for two samples of the same answers, however varied they are. A model takes some hundredths of a second an answer, so
at most one answer a second is looked at.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from cockpit.detect.stream.bins import Bounded
from cockpit.detect.stream.page import Page, where
from cockpit.detect.stream.sample import Sample
from cockpit.errors import BadInput

if TYPE_CHECKING:
    from cockpit.detect.stream.baseline import Baseline

NAME = "drift"
WINDOW, EVERY = 50, 10
"""Answers compared at a time, and those between two looks."""
MOST = 400
"""Answers of a baseline that are embedded, evenly over all of it."""
PAUSE_S = 1.0
"""Of the stream's time, between two answers that are looked at."""
NOISE = 3.0
"""Times the baseline's own noise that answers must have moved."""
LEAST = 0.02
"""So far apart they must be at least, however quiet the baseline was."""

Vector = tuple[float, ...]


class Embeds(Protocol):
    """What turns texts into vectors of length 1."""

    @property
    def name(self) -> str:
        """The model's name: vectors of different models have nothing to say to each other."""
        ...

    def embed(self, texts: Sequence[str], /) -> Sequence[Sequence[float]]:
        """Return a vector for each text."""
        ...


@dataclass(frozen=True, slots=True)
class Meaning:
    """The middle of a route's answers, of how many it is, and how far apart its own parts are."""

    model: str
    answers: int
    middle: Vector
    noise: float


def apart(one: Vector, count: int, other: Vector, others: int) -> float:
    """Return how far apart two sets of vectors of length 1 are, by their middles and how many each is of."""
    return max(0.0, _alike(one, count) + _alike(other, others) - 2.0 * _dot(one, other))


def _alike(middle: Vector, count: int) -> float:
    """Return the mean cosine of two different vectors of a set."""
    return (count * _dot(middle, middle) - 1.0) / max(1, count - 1)


def _dot(one: Vector, other: Vector) -> float:
    return math.fsum(left * right for left, right in zip(one, other, strict=True))


def middle(vectors: Sequence[Sequence[float]]) -> Vector:
    """Return the mean of some vectors."""
    return tuple(math.fsum(column) / len(vectors) for column in zip(*vectors, strict=True))


def meaning_of(texts: Sequence[str], model: Embeds) -> Meaning | None:
    """Return what a route's answers mean; None where they are too few to tell their own noise."""
    if len(texts) < 2 * WINDOW:
        return None
    step = max(1, len(texts) // MOST)
    vectors = [tuple(map(float, one)) for one in model.embed(texts[::step])]
    size = min(WINDOW, len(vectors) // 2)
    noise = 0.0
    for start in range(0, len(vectors) - size + 1, size):
        rest = vectors[:start] + vectors[start + size :]
        noise = max(noise, apart(middle(rest), len(rest), middle(vectors[start : start + size]), size))
    return Meaning(model.name, len(vectors), middle(vectors), noise)


@dataclass(slots=True)
class _Line:
    vectors: deque[tuple[Sample, Vector]] = field(default_factory=lambda: deque(maxlen=WINDOW))
    new: int = 0


class Meanings:
    """Holds what answers of a stream mean against a baseline.

    Raises:
        BadInput: the baseline was made with another model, or there is none here.
    """

    def __init__(self, baseline: Baseline, load: Callable[[], Embeds]) -> None:
        self._baseline = baseline
        self._model = load()
        self._followed: Bounded[str, _Line] = Bounded(_Line, 100)
        self._next = -math.inf
        made = {one.meaning.model for one in baseline.routes.values() if one.meaning}
        if made - {self._model.name}:
            raise BadInput(
                f"the baseline {baseline.name} was recorded with the model {', '.join(sorted(made))}",
                hint=f"The one here is {self._model.name}: record the baseline anew.",
            )

    def take(self, sample: Sample) -> Iterator[Page]:
        """Take one answer; look at the last ones of its route every tenth."""
        usual = self._baseline.behaviour(sample.route)
        at = sample.at.timestamp()
        if usual is None or usual.meaning is None or not sample.opening or at < self._next:
            return
        self._next = at + PAUSE_S
        line = self._followed[sample.route]
        line.vectors.append((sample, tuple(map(float, self._model.embed([sample.opening])[0]))))
        line.new += 1
        if len(line.vectors) == WINDOW and line.new >= EVERY:
            line.new = 0
            yield from self._look(line, usual.meaning, sample)

    def _look(self, line: _Line, usual: Meaning, sample: Sample) -> Iterator[Page]:
        now = middle([vector for _, vector in line.vectors])
        found = apart(usual.middle, usual.answers, now, WINDOW)
        most = max(LEAST, NOISE * usual.noise)
        if found < most:
            return
        about = {name: one for name, one in (("route", sample.route), ("model", sample.model)) if one}
        sure = min(0.999, 1.0 - 0.1 * (most / found) ** 2)
        why = (
            f"What {WINDOW} answers on {where(about)} mean has moved away from the baseline {self._baseline.name} "
            f"({usual.answers} answers): {found:.3f} apart (line {most:.3f}, its own parts at most "
            f"{usual.noise:.3f}); {sure:.0%} sure."
        )
        # The answers that are farthest from the baseline show best what changed.
        ranked = sorted(line.vectors, key=lambda one: _dot(usual.middle, one[1]))
        evidence = tuple(one.id for one, _ in ranked[:5] if one.id)
        since = line.vectors[0][0].at
        yield Page(NAME, "quality_pct", sample.at, since, about, most, found, "distance", sure, why, evidence)
