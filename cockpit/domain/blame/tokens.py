"""Reads a sentence as tokens, each with what it speaks of: somebody by name, somebody's work, a system, a failing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from cockpit.domain.blame.lexicon import classes, common

NAME, WORKER, NUMBER = "§", "¶", "0"
"""What takes a word's place: somebody's name, whoever does some work or works in some part of a company, a number."""
BODY, SYSTEM = "body", "system"
PEOPLE = frozenset((NAME, WORKER, BODY))

_TOKEN = re.compile(
    r"\d[\d:.,%/x-]*|n['’]t\b|['’](?:s|d|ve|re|ll|m)\b|[^\W\d_]+?(?=n['’]t\b)|[^\W\d_]+(?:-[^\W\d_]+)*|[^\w\s]+"
)
_TITLES = frozenset(["mr", "mrs", "ms", "miss", "dr", "sir", "prof", "herr", "frau", "madame", "monsieur", "señor"])
_AS_PEOPLE = re.compile(
    r"\s*(?:$|[,.;:!?)]|['’]s?\b|\b(?:was|were|is|are|had|has|have|took|did|didn|never|not|just|who|and|should|could|"
    r"would|can|will|ought|let|sat|slept|\w+ed|forgot|broke|again|insisted|knew|kept|went|left|chose|for|folks|"
    r"people|to|at|on|in|about|that)\b)"
)
"""What follows a part of a company where it means whoever works there: "ops was told", but not "ops dashboard"."""
_NO_NAME = (
    "ing", "ings", "tion", "tions", "sion", "ment", "ments", "ness", "ity", "ware", "ance", "ence", "ly", "less",
    "ful", "ous",
)  # fmt: skip
"""Ends of words that begin a sentence and name nobody."""
_STARTS = tuple('.:–—-*•"“(>')


class Token(NamedTuple):
    """One word or mark: how it is matched, the class that it belongs to (or nothing), and its place."""

    word: str
    kind: str
    start: int
    end: int


def tokens(sentence: str) -> list[Token]:
    """Return the tokens of a sentence; names that follow each other are one, and so are roles."""
    found: list[Token] = []
    for match in _TOKEN.finditer(sentence):
        token = _token(match, found)
        if found and token.word == found[-1].word and token.kind in (NAME, WORKER):
            found[-1] = found[-1]._replace(end=token.end)
        else:
            found.append(token)
    return found


def _token(match: re.Match[str], before: Sequence[Token]) -> Token:
    raw, (start, end) = match.group(), match.span()
    word = raw.lower().replace("’", "'")
    kind = classes().get(word, "")
    if word[0].isdigit():
        return Token(NUMBER, NUMBER, start, end)
    if kind == "worker" or (kind == "area" and _AS_PEOPLE.match(match.string, end)):
        return Token(WORKER, WORKER, start, end)
    if _capital(raw) and (_titled(before) or (not kind and _may_be_name(word, before))):
        return Token(NAME, NAME, start, end)
    if not kind and "-" in word:
        kind = _compound(word)
    return Token(WORKER if kind == WORKER else word, kind, start, end)


def _capital(raw: str) -> bool:
    return raw[0].isupper() and raw[1:].upper() != raw[1:]


def _titled(before: Sequence[Token]) -> bool:
    last = [token.word for token in before[-2:]]
    return bool(last) and (last[-1] in _TITLES or (last[-1] == "." and last[0] in _TITLES))


def _may_be_name(word: str, before: Sequence[Token]) -> bool:
    if word in common():
        return False
    starts = not before or before[-1].word.endswith(_STARTS)
    return not (starts and len(word) > 5 and word.endswith(_NO_NAME))


def _compound(word: str) -> str:
    kind = classes().get(word.rpartition("-")[2], "")
    return WORKER if kind == "worker" else kind if kind == SYSTEM else ""
