"""Finds sentences that make a person or a team the reason; what a system did is no blame, whatever the verb.

A sentence is read as tokens (`tokens`), of which features are made (`features`); each has a weight that was learnt
from labelled sentences (`model`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from cockpit.domain.blame.lexicon import words
from cockpit.domain.blame.model import weigh
from cockpit.domain.blame.tokens import PEOPLE, Token, tokens
from cockpit.domain.lint_words import Flaw

ADVICE = "say what in the system let it happen, not who did it"

_BULLET = re.compile(
    r"(?:\d{1,2}\.\s+)?(?:[-*•–—>#|\s]*?\*\*[^*\n]{1,60}[:?]\*\*\s*|[-*•–—>#|\s]*)"
    r"(?:\[?\d{1,2}:\d\d(?::\d\d)?\]?(?: ?(?:UTC|Z|[ap]m))?[-–—:,\s]+)?"
)
"""What a line of a list begins with before its sentence does: a bullet, what it is about in bold, a time."""
_SENTENCE = re.compile(
    r"(?=\S)(?:[^.!?\n]|[.!?](?=[^\s\"'”’)])|(?<=\b[MD][rs])\.|(?<=\bMrs)\.){1,300}[.!?]*[\"'”’)]*"
)
"""One sentence; what goes on for longer is read in pieces, so that no text takes long."""
_SHORT = 18
"""A sentence of fewer letters is read together with the one before it in the same line."""
_NEAR = 6
"""How many words apart somebody stands who is marked together with what blames."""
_UNNAMED = 1.0
"""How much more has to blame where nobody is spoken of."""
_NOBODY = words("nobody none no-one who whose you your yours their theirs them they")
"""Words of people that may as well stand for nobody in particular, or for things."""


def blame(text: str) -> Iterator[Flaw]:
    """Find people blamed, one for each sentence."""
    for start, end in units(text):
        if found := _place(text[start:end]):
            first, last = start + found[0], start + found[1]
            yield Flaw("blame", first, last, text[first:last], ADVICE)


def units(text: str) -> Iterator[tuple[int, int]]:
    """Yield from where to where a text is read at once: a sentence, or a short one with its neighbour."""
    begin = end = 0
    for sentence in _SENTENCE.finditer(text):
        start = sentence.start() + (bullet.end() if (bullet := _BULLET.match(sentence.group())) else 0)
        joined = end > begin and "\n" not in text[end : sentence.start()] and sentence.end() - begin <= 300
        if joined and min(end - begin, sentence.end() - start) < _SHORT:
            end = sentence.end()
            continue
        if end > begin:
            yield begin, end
        begin, end = start, sentence.end()
    if end > begin:
        yield begin, end


@lru_cache(512)
def _place(sentence: str) -> tuple[int, int] | None:
    """Return where a sentence blames; kept, since a text is looked over at every key that is typed in it."""
    read = tokens(sentence)
    if len(read) < 2:
        return None
    total, shares = weigh(read)
    return _span(read, shares) if total > (0 if _named(read) else _UNNAMED) else None


def _named(read: Sequence[Token]) -> bool:
    return any(token.kind in PEOPLE and token.word not in _NOBODY for token in read)


def _span(read: Sequence[Token], shares: Sequence[float]) -> tuple[int, int]:
    """Return the place of what blames most, with whoever is named near it."""
    best = max((at for at in range(len(read)) if read[at].kind not in PEOPLE), key=shares.__getitem__, default=0)
    people = [at for at, token in enumerate(read) if token.kind in PEOPLE and abs(at - best) <= _NEAR]
    near = min(people, key=lambda at: (abs(at - best), at), default=best)
    first, last = sorted((best, near))
    return read[first].start, read[last].end
