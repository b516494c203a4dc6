"""Texts as sets of masked words: what changes from trace to trace (numbers, ids, names) is made one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cockpit.detect.clusters.cases import Case

LONGEST_TEXT, MOST_WORDS, LONGEST_WORD = 2_000, 160, 24
"""Characters of a text, different words of it, and characters of a word that count."""
OWN_NAMES = ("tenant", "user", "session")
"""Facts whose values are names: where they stand in the text they say who was hit, not what failed."""

_WORD = re.compile(
    r"(?P<url>\bhttps?://\S+|\bwww\.\S+)|(?P<mail>[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64})"
    r"|(?P<word>[^\W_](?:[\w'’]|-(?=\w))*)"
)
_NUMBER = re.compile(r"[\d.,:/-]+(?:st|nd|rd|th|ms|s|px|kb|mb|gb|usd|eur)?")
_HEX = re.compile(r"(?:0x)?[0-9a-f]{8,}|[0-9a-f]{4,}(?:-[0-9a-f]{3,})+")
_SENTENCE_END = frozenset('.!?:\n"“„»(*#')
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0eff]")
"""Scripts that write no spaces (or glue endings on): their words are taken to be pairs of characters."""


def words_of(case: Case) -> frozenset[str]:
    """Return the masked words of what failed, and the verdict as a word of its own."""
    own = {part for name in OWN_NAMES for value in case.values(name) for part in value.lower().split()}
    found = dict.fromkeys(one for one in masked(case.text) if one not in own)
    kept = list(found)[:MOST_WORDS]
    return frozenset([*kept, f"‹verdict {case.verdict}›"] if case.verdict else kept)


def masked(text: str) -> Iterator[str]:
    """Yield the words of a text in order, lower case; numbers, ids, addresses and names as what they are."""
    text = text[:LONGEST_TEXT]
    for found in _WORD.finditer(text):
        word = found["word"]
        if word is None:
            yield "‹url›" if found["url"] else "‹mail›"
        elif _UNSPACED.search(word):
            yield from _pairs(word)
        else:
            yield _mask(word, text, found.start())


def plain(words: Iterable[str]) -> list[str]:
    """Return the words that mean something to a reader: no masks, and nothing of one or two letters."""
    return [word for word in words if word[0] != "‹" and len(word) > 2 and word not in _LITTLE]


def _mask(word: str, text: str, start: int) -> str:
    low = word.lower().rstrip("'’")[:LONGEST_WORD]
    if any(one.isdigit() for one in low):
        return "‹number›" if _NUMBER.fullmatch(low) else "‹id›"
    if len(low) >= 8 and _HEX.fullmatch(low):
        return "‹id›"
    if word[0].isupper() and not word.isupper() and not _begins_sentence(text, start):
        return "‹name›"
    return low


def _begins_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 3) : start].rstrip(" \t\r")
    return not before or before[-1] in _SENTENCE_END


def _pairs(word: str) -> Iterator[str]:
    word = word[: 2 * LONGEST_WORD]
    return (word[place : place + 2] for place in range(max(1, len(word) - 1)))


_LITTLE_WORDS = """
the and for are was were you your our not but with that this from have has had can could will would may
might please into been its his her their they them then than there here what which when who how why all
any some about because only also just very more most such each other over under after before out off per
via does did don't i'm it's i'll we're der die das und ist nicht ein eine mit auf für les des une est pas
que qui dans los las una del por con para
"""
_LITTLE = frozenset(_LITTLE_WORDS.split())
