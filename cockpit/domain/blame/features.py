"""What the linter of blame looks at in a sentence: words, classes of words, who does what, and pieces of words.

A feature is a text. Each stands for some tokens of the sentence, by which a finding gets its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from cockpit.domain.blame.lexicon import words as words_of
from cockpit.domain.blame.tokens import BODY, NAME, NUMBER, PEOPLE, SYSTEM, WORKER, Token

GROUPS = ("words", "shape", "deeds", "pieces", "senses", "acts")

_KEPT = words_of(
    """the a an of to in on at and or but for with by is was were are be been being that this these those it its as
    from not n't never no nothing had has have having did do does done so if when while because since until before
    after without than too very just even only again still yet anyway instead all any every each one two some more
    most less least would could should must might may can will ought cannot what why how where which there here up
    down off out over through about into own same such"""
)
"""Words of grammar, which stand for themselves in a sentence's shape."""
_TELLING = words_of(
    """not n't no never nothing thanks thank because should could would had if what why how as than too so without
    until despite instead anyway again only even by of"""
)
"""Words that are paired with every class of the same sentence."""
_DENIES = words_of("not n't never no nobody nothing none hardly without neither nor")
_TO_SOMEBODY = words_of("by to from for with at of on in about against as than")
_DETERMINERS = words_of("the a an our their his her my your")
_SAME = {
    **dict.fromkeys(("he", "she", "him", "her", "his", "himself", "herself", "hers"), "he"),
    **dict.fromkeys(("we", "us", "our", "ours", "ourselves"), "we"),
    **dict.fromkeys(("i", "me", "my", "mine", "myself"), "i"),
}
_ENDS = ("ed", "ing", "ly", "s")
_STEM = 5


class Feature(NamedTuple):
    """What is looked at, and the first and the last of its tokens."""

    text: str
    first: int
    last: int


def features(tokens: Sequence[Token]) -> tuple[list[Feature], ...]:
    """Return the features of a sentence by group; each text once, at its first place."""
    words = [token.word for token in tokens]
    shape = [_class(token) for token in tokens]
    senses = list(_senses(tokens))
    found = (
        _words(words), _shape(tokens, shape), _deeds(tokens, words, shape), _pieces(words), senses,
        _acts(tokens, senses),
    )  # fmt: skip
    return tuple(list({one.text: one for one in reversed(list(group))}.values()) for group in found)


def _words(words: Sequence[str]) -> Iterator[Feature]:
    yield from _runs(words, 3)
    yield Feature("^" + words[0], 0, 0)
    yield Feature(words[-1] + "$", len(words) - 1, len(words) - 1)
    for at, word in enumerate(words):
        if len(word) > _STEM:
            yield Feature("~" + word[:_STEM], at, at)


def _shape(tokens: Sequence[Token], shape: Sequence[str]) -> Iterator[Feature]:
    yield from _runs(shape, 4)
    last = len(shape) - 1
    for size in (1, 2, 3):
        yield Feature("^" + " ".join(shape[:size]), 0, min(size - 1, last))
        yield Feature(" ".join(shape[-size:]) + "$", max(0, last - size + 1), last)
    people = sum(token.kind in PEOPLE for token in tokens)
    yield Feature(f"#people {min(people, 4)}", 0, last)
    yield Feature(f"#systems {min(sum(token.kind == SYSTEM for token in tokens), 3)}", 0, last)
    yield Feature(f"#long {min(len(tokens) // 6, 6)}", 0, last)
    yield from _pairs(tokens, shape)


def _runs(words: Sequence[str], longest: int) -> Iterator[Feature]:
    """Yield what stands side by side, and pairs with one or two words between them."""
    count = len(words)
    for at, word in enumerate(words):
        for size in range(1, min(longest, count - at) + 1):
            yield Feature(" ".join(words[at : at + size]), at, at + size - 1)
        for gap in (2, 3):
            if at + gap < count:
                yield Feature(f"{word}{' *' * (gap - 1)} {words[at + gap]}", at, at + gap)


def _pairs(tokens: Sequence[Token], shape: Sequence[str]) -> Iterator[Feature]:
    told: dict[str, int] = {}
    for at, token in enumerate(tokens):
        if (token.kind and token.kind != NUMBER) or token.word in _TELLING:
            told.setdefault(shape[at], at)
    there = sorted(told)
    for at, one in enumerate(there):
        for other in there[at + 1 :]:
            yield Feature(f"{one} & {other}", *sorted((told[one], told[other])))


def _deeds(tokens: Sequence[Token], words: Sequence[str], shape: Sequence[str]) -> Iterator[Feature]:
    """Yield words with who does it, a person or a system, and whether it is denied."""
    for at, (doer, who) in enumerate(_doers(tokens)):
        word = words[at]
        if not word[0].isalpha():
            continue
        denied = "not " if _DENIES.intersection(words[max(0, at - 3) : at]) else ""
        first = at if doer is None else doer
        for told in (word, shape[at]):
            yield Feature(f"{who}|{told}", first, at)
            if denied:
                yield Feature(f"{denied}{who}|{told}", first, at)
        if len(word) > _STEM:
            yield Feature(f"{who}|~{word[:_STEM]}", first, at)


def _senses(tokens: Sequence[Token]) -> Iterator[Feature]:
    for at, token in enumerate(tokens):
        if token.kind not in PEOPLE and token.word not in _KEPT and token.word[0].isalpha():
            for part in token.word.split("-"):
                yield Feature(part, at, at)


def _acts(tokens: Sequence[Token], senses: Sequence[Feature]) -> Iterator[Feature]:
    doers = list(_doers(tokens))
    for sense in senses:
        doer, who = doers[sense.first]
        if doer is not None:
            yield Feature(f"{who.upper()} {sense.text}", doer, sense.last)


def _doers(tokens: Sequence[Token]) -> Iterator[tuple[int | None, str]]:
    """Yield for each token who was named last before it: where, and whether a person, a system or nobody.

    Capital letters stand for whoever may be a subject, small ones for what a preposition leads in.
    """
    doer: int | None = None
    who = ""
    for at, token in enumerate(tokens):
        yield doer, who
        if token.kind in PEOPLE or token.kind == SYSTEM:
            if token.word in ("who", "whose"):
                continue
            led = _led_in(tokens, at)
            if not led or not who:
                letter = "p" if token.kind in PEOPLE else "s"
                doer, who = at, letter if led else letter.upper()
        elif token.word in (";", ".", ":", "—", "–"):
            doer, who = None, ""


def _led_in(tokens: Sequence[Token], at: int) -> bool:
    before = [token.word for token in tokens[max(0, at - 2) : at]]
    return bool(before) and (before[-1] in _TO_SOMEBODY or (before[0] in _TO_SOMEBODY and before[-1] in _DETERMINERS))


def _pieces(words: Sequence[str]) -> Iterator[Feature]:
    for at, word in enumerate(words):
        for piece in _cut(word):
            yield Feature(piece, at, at)


@lru_cache(4096)
def _cut(word: str) -> tuple[str, ...]:
    """Return all pieces of a word of three to five letters, its begin and end marked."""
    if len(word) <= 3 or not word[0].isalpha():
        return ()
    marked = f"<{word}>"
    return tuple(marked[at : at + size] for size in (3, 4, 5) for at in range(len(marked) - size + 1))


def _class(token: Token) -> str:
    """Return what stands for a token in the shape of its sentence."""
    if token.kind == BODY:
        return _SAME.get(token.word, token.word)
    if token.kind in (NAME, WORKER, NUMBER):
        return token.word
    if token.kind:
        return f"<{token.kind}>"
    if token.word in _KEPT or not token.word[0].isalpha():
        return token.word
    return next((f"_{end}" for end in _ENDS if len(token.word) > 4 and token.word.endswith(end)), "_")
