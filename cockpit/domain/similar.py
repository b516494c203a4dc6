"""Which earlier incidents and cases a new incident looks like, why, and how much that is worth.

Every clue that both sides have speaks for or against; one that is rare among the earlier ones says more than one they
all share. What nobody knows yet counts as doubt, so that little data never makes a high score.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import log, sqrt

from cockpit.domain.portrait import CASE, TRAITS, Portrait

FOR = {
    "class": 3.0, "layer": 2.0, "change": 4.0, "kind of change": 1.0, "component": 2.0, "route": 2.0, "prompt": 2.0,
    "tenant": 0.5, "signal": 1.5,
}  # fmt: skip
"""What a trait in common is worth, where it is rare."""

AGAINST = {"class": 4.0, "layer": 2.0, "route": 1.0, "signal": 0.75, "kind of change": 0.75}
"""What it takes away when both sides are known and differ; the others say nothing by differing."""

PAGE, ANSWERS = "words of the page", "words of bad answers"
WORDS = {PAGE: 2.5, ANSWERS: 3.0}
"""What words in common are worth, where all of them are."""

TELLING = ("class", "change", "component", "prompt", PAGE, ANSWERS)
"""One of these has to be in common: the same route and the same signal are those of every week."""

FLOOR = {"class": 0.5, "layer": 0.5, "change": 0.5, "component": 0.5}
"""So much of its worth a trait keeps, however common it is."""

DOUBT = 3.0
"""What is not known, in the same measure: a score is never 1, and far from it while little is known."""

LEAST, LEAST_CLUES = 0.35, 2
LEAST_WORDS, LEAST_SHARE = 2, 0.12
SHOWN_WORDS = 8
MOST = 5


@dataclass(frozen=True, slots=True)
class Clue:
    """One thing both sides have: in common, or different; `worth` is what it added or took away."""

    name: str
    same: bool
    values: tuple[str, ...]
    theirs: tuple[str, ...]
    worth: float

    @property
    def words(self) -> str:
        """The clue in words."""
        told = ", ".join(self.values)
        if self.name in WORDS:
            return f"{self.name} in common: {told}"
        return f"same {self.name}: {told}" if self.same else f"{self.name} {told}, was {', '.join(self.theirs)}"


@dataclass(frozen=True, slots=True)
class Likeness:
    """An earlier incident or case that a new one looks like.

    Attributes:
        score: 0 to 1, never 1; how much speaks for it against what speaks against it and what is not known.
        known: how many of the clues there are could be compared.
    """

    other: Portrait
    score: float
    clues: tuple[Clue, ...]
    known: int

    @property
    def why(self) -> tuple[str, ...]:
        """What speaks for it, the most telling first, then what speaks against it."""
        ordered = sorted(self.clues, key=lambda clue: (not clue.same, -clue.worth))
        return tuple(clue.words for clue in ordered)


Weights = tuple[float, float]
"""How much the words of a page and those of bad answers weigh together."""

CLUES = len(TRAITS) + len(WORDS)
"""How many clues there are."""


def in_a_line(one: Likeness) -> str:
    """Say in one line what an earlier incident is, why it is alike, and what it left; text as it came."""
    other = one.other
    kind = "eval case" if other.kind == CASE else other.mode
    left = [f"cases {', '.join(other.cases)}"] if other.cases and other.kind != CASE else []
    left += [f"postmortem {other.postmortem}"] if other.postmortem else []
    return "; ".join([f"{other.id} ({kind}, {one.score:.2f}): {other.title}", *one.why, *left])


class Memory:
    """Earlier incidents and cases, and how common everything is among them."""

    def __init__(self, earlier: Iterable[Portrait], *, live: bool) -> None:
        """Hold some to be compared; of a live incident exercises count in no statistic."""
        self.earlier = tuple(earlier)
        counted = [one for one in self.earlier if one.live or not live]
        number = len(counted)
        self._rare = [rarity(count, number) for count in range(number + 1)]
        self._values = Counter((name, value) for one in counted for name in one.traits for value in one.traits[name])
        self._words = {
            PAGE: Counter(word for one in counted for word in one.page),
            ANSWERS: Counter(word for one in counted for word in one.answers),
        }
        self._weights = {one.id: self._weighed(one) for one in self.earlier}

    def like(self, new: Portrait, most: int = MOST) -> tuple[Likeness, ...]:
        """Return what a new incident looks like: of live ones first those that were live, the likest first."""
        weights = self._weighed(new)
        found = [likeness for one in self.earlier if (likeness := self._compared(new, one, weights))]
        found.sort(key=lambda one: (new.live and not one.other.live, -one.score, one.other.id))
        return tuple(found[:most])

    def _compared(self, new: Portrait, old: Portrait, weights: Weights) -> Likeness | None:
        clues = [*self._traits(new, old), *self._by_words(new, old, weights)]
        same = [clue for clue in clues if clue.same]
        if len(same) < LEAST_CLUES or not any(clue.name in TELLING for clue in same):
            return None
        gain = sum(clue.worth for clue in same)
        score = gain / (gain + sum(clue.worth for clue in clues if not clue.same) + DOUBT)
        return Likeness(old, score, tuple(clues), len(clues)) if score >= LEAST else None

    def _traits(self, new: Portrait, old: Portrait) -> Iterator[Clue]:
        for name in TRAITS:
            mine, theirs = new.traits.get(name, ()), old.traits.get(name, ())
            if not mine or not theirs:
                continue
            common = tuple(value for value in mine if value in theirs)
            if common:
                rarest = max(FLOOR.get(name, 0.0), *(self._rare[self._values[name, one]] for one in common))
                share = len(common) / min(len(mine), len(theirs))
                yield Clue(name, True, common, theirs, FOR[name] * rarest * share)
            elif name in AGAINST:
                yield Clue(name, False, mine, theirs, AGAINST[name])

    def _by_words(self, new: Portrait, old: Portrait, weights: Weights) -> Iterator[Clue]:
        theirs = self._weights[old.id]
        for place, (name, mine, held) in enumerate(((PAGE, new.page, old.page), (ANSWERS, new.answers, old.answers))):
            common = set(mine).intersection(held)
            if len(common) < LEAST_WORDS:
                continue
            counts = self._words[name]
            share = self._weight(name, common) / sqrt(max(weights[place] * theirs[place], 1e-9))
            if share >= LEAST_SHARE:
                telling = sorted(common, key=lambda word: (counts[word], mine.index(word)))
                yield Clue(name, True, tuple(telling[:SHOWN_WORDS]), (), WORDS[name] * min(1.0, share))

    def _weighed(self, one: Portrait) -> Weights:
        return self._weight(PAGE, one.page), self._weight(ANSWERS, one.answers)

    def _weight(self, name: str, words: Iterable[str]) -> float:
        counts, rare = self._words[name], self._rare
        return sum(rare[counts[word]] for word in words)


def rarity(count: int, number: int) -> float:
    """Return how rare something is that so many of a number have: 1 for one of them, near 0 for all of many."""
    return log((number + 1) / max(count, 1)) / log(number + 1) if number else 1.0
