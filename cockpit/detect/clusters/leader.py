"""Groups of texts that share a template: leaders by idf-weighted Jaccard, then every text to the nearest core.

Pure Python, without a heavy import. The order of the texts does not matter: the commonest set of words leads first.
"""

from __future__ import annotations

import math
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

Words = frozenset[str]

ALIKE = 0.5
"""Weighted Jaccard from which a text follows a leader; templates with half their words filled in still do."""
MERGED = 0.6
"""Weighted Jaccard of two cores that are one cause."""
MOST_LEADERS = 600
"""Leaders that are tried: by then every template has one, and without a bound texts of no template take minutes."""
CORE = 0.5
"""Share of a group's texts that hold a word of its core."""


def smallest_group(n: int) -> int:
    """Return how many texts make a group: few enough that a rare, grave cause is seen among thousands."""
    return max(2 if n < 20 else 3, math.isqrt(n) // 10)


def weights_of(sets: Sequence[Words]) -> dict[str, float]:
    """Weigh words by how rare they are; those of a single text can't show what texts have in common."""
    counts = Counter(word for words in sets for word in words)
    least = max(2, smallest_group(len(sets)) - 1)
    return {word: math.log1p(len(sets) / count) for word, count in counts.items() if count >= least}


def group_by_template(sets: Sequence[Words], weights: Mapping[str, float]) -> list[int]:
    """Return the group of every text, counted from 0 by size, or -1 for those like no others."""
    kept = [frozenset(word for word in words if word in weights) for words in sets]
    times = Counter(words for words in kept if words)
    led = _lead(sorted(times, key=lambda words: (-times[words], _shuffled(words))), weights)
    least = smallest_group(len(sets))
    seen = sum(times[words] for words in led) / max(1, sum(times.values()))
    cores = _merged(_cores(led, times, max(2.0, least * seen)), weights)
    near = {words: _nearest(words, cores, weights) for words in times}
    return by_size([near.get(words, -1) for words in kept], least)


def by_size(groups: Sequence[int], least: int) -> list[int]:
    """Number groups by size, the largest 0; those smaller than `least`, and -1, become -1."""
    sizes = Counter(one for one in groups if one >= 0)
    ranked = sorted((one for one in sizes if sizes[one] >= least), key=lambda one: (-sizes[one], one))
    number = {one: place for place, one in enumerate(ranked)}
    return [number.get(one, -1) for one in groups]


def weigh(words: Iterable[str], weights: Mapping[str, float]) -> float:
    """Return what words weigh together, the same in whichever order a set holds them."""
    return math.fsum(weights[word] for word in words)


def likeness(one: Words, other: Words, weights: Mapping[str, float]) -> float:
    """Return the weighted Jaccard of two sets, 0 to 1."""
    shared = weigh(one & other, weights)
    either = weigh(one | other, weights)
    return shared / either if either else 0.0


def _shuffled(words: Words) -> tuple[int, list[str]]:
    """Return a key that brings texts into an order that is theirs alone, and not that of the alphabet."""
    ranked = sorted(words)
    return zlib.crc32(" ".join(ranked).encode("utf-8", "surrogatepass")), ranked


def _lead(order: Sequence[Words], weights: Mapping[str, float]) -> dict[Words, Words]:
    """Let every set follow the leader it is most like, or lead itself, until there are enough leaders."""
    leaders: dict[Words, Words] = {}
    holders: defaultdict[str, list[Words]] = defaultdict(list)
    room = MOST_LEADERS
    for words in order:
        if not room:
            break
        best, leader = ALIKE, words
        near = dict.fromkeys(one for word in _telling(words, weights) for one in holders[word])
        for candidate in near:
            alike = likeness(words, candidate, weights)
            if alike > best or (alike == best and leader is words):
                best, leader = alike, candidate
        leaders[words] = leader
        if leader is words:
            room -= 1
            for word in words:
                holders[word].append(words)
    return leaders


def _telling(words: Words, weights: Mapping[str, float]) -> list[str]:
    """Return the rarest words, at least one of which any set alike must hold: the others weigh too little."""
    ranked = sorted(words, key=lambda word: (-weights[word], word))
    left, needed = weigh(words, weights), ALIKE * weigh(words, weights)
    taken = []
    for word in ranked:
        taken.append(word)
        left -= weights[word]
        if left < needed * (1 - 1e-9):
            break
    return taken


def _cores(led: Mapping[Words, Words], times: Mapping[Words, int], least: float) -> list[Words]:
    sizes: Counter[Words] = Counter()
    held: defaultdict[Words, Counter[str]] = defaultdict(Counter)
    for words, leader in led.items():
        sizes[leader] += times[words]
        for word in words:
            held[leader][word] += times[words]
    large = [leader for leader in sizes if sizes[leader] >= least]
    cores = {
        leader: frozenset(word for word, n in held[leader].items() if n >= CORE * sizes[leader]) for leader in large
    }
    return [cores[leader] for leader in sorted(large, key=lambda one: (-sizes[one], sorted(one))) if cores[leader]]


def _merged(cores: Sequence[Words], weights: Mapping[str, float]) -> list[Words]:
    kept: list[Words] = []
    for core in cores:
        if all(likeness(core, other, weights) < MERGED for other in kept):
            kept.append(core)
    return kept


def _nearest(words: Words, cores: Sequence[Words], weights: Mapping[str, float]) -> int:
    """Return the core most of which a text holds, and of which most of the text is."""
    best, found = 0.0, -1
    whole = weigh(words, weights)
    for number, core in enumerate(cores):
        shared = weigh(words & core, weights)
        held, share = shared / weigh(core, weights), shared / whole
        alike = math.sqrt(held * share)
        if held >= ALIKE and alike > best:
            best, found = alike, number
    return found if best >= ALIKE else -1
