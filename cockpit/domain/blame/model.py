"""Weighs the features of a sentence by weights that were learnt from labelled sentences."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple
from zlib import crc32

from cockpit.domain.blame.features import GROUPS, Feature, features
from cockpit.domain.blame.tokens import Token

BUCKETS = 480_000
"""How many weights there are; a feature's weight stands where its checksum points."""
LETTERS = "".join(chr(code) for code in range(33, 127) if chr(code) not in "IOX")
"""A weight as one letter, from the least to the greatest, the one in the middle being 0; too few to spell words."""
ZERO = len(LETTERS) // 2
_PLACES = {ord(letter): place for place, letter in enumerate(LETTERS)}
WORD_GROUPS = ("senses", "acts")
"""Groups whose weights come from words of like meaning rather than from the labelled sentences themselves."""


class Weights(NamedTuple):
    """What was learnt: the sum from which on a sentence blames, the worth of a step, and the weights (ZERO is 0)."""

    bias: float
    step: float
    steps: bytes


@cache
def weights() -> Weights:
    """Read the weights."""
    head, *rows = (
        line for line in (files(__package__) / "weights.txt").read_text("ascii").splitlines() if line[:2] != "# "
    )
    bias, step = (float(number) for number in head.split())
    return Weights(bias, step, "".join(rows).translate(_PLACES).encode("latin-1"))


def bucket(group: str, feature: str) -> int:
    """Return where the weight of a feature stands."""
    return crc32(f"{group}:{feature}".encode()) % BUCKETS


@lru_cache(20_000)
def _steps(group: str, feature: str) -> int:
    return weights().steps[bucket(group, feature)] - ZERO


def weigh(tokens: Sequence[Token]) -> tuple[float, list[float]]:
    """Return how much a sentence blames (more than 0: it does), and what each token adds to that."""
    learnt = weights()
    shares = [0.0] * len(tokens)
    total = 0.0
    for group, found in zip(GROUPS, features(tokens), strict=True):
        if found:
            total += _group(group, found, learnt.step / len(found) ** 0.5, shares)
    return total + learnt.bias, shares


def _group(group: str, found: Sequence[Feature], worth: float, shares: list[float]) -> float:
    total = 0.0
    for feature in found:
        if steps := _steps(group, feature.text):
            weight = steps * worth
            total += weight
            first, last = feature.first, feature.last
            if last - first < _WIDEST:
                part = weight / (last - first + 1)
                for at in range(first, last + 1):
                    shares[at] += part
    return total


_WIDEST = 8
"""Features over more tokens than these say nothing about a place."""
