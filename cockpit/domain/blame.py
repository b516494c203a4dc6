"""Finds sentences that make a person or a team the reason; what a system did is no blame, whatever the verb."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from cockpit.domain import blame_general, blame_patterns, people
from cockpit.domain.lint_words import SENTENCE, Flaw

ADVICE = "say what in the system let it happen, not who did it"


_BULLET = re.compile(r"[-*•–—>#\s]*(?:\[?\d{1,2}:\d\d(?::\d\d)?\]?(?: ?(?:UTC|Z|[ap]m))?[-–—:,\s]+)?")
"""What a line of a list begins with before its sentence does."""
_NAMED = re.compile(r"[§¤¶¢]+")
_MOST_NAMED = 12
"""In how many words a sentence may speak of people; what names more is a list, and would take long to read."""


def blame(text: str) -> Iterator[Flaw]:
    """Find people blamed, one for each sentence."""
    for sentence in SENTENCE.finditer(text):
        begin = sentence.start() + (bullet.end() if (bullet := _BULLET.match(sentence.group())) else 0)
        if found := _place(text[begin : sentence.end()]):
            start, end = begin + found[0], begin + found[1]
            yield Flaw("blame", start, end, text[start:end], ADVICE)


@lru_cache(512)
def _place(sentence: str) -> tuple[int, int] | None:
    """Return where a sentence blames first; kept, since a text is looked over at every key that is typed in it."""
    marked = people.mark(sentence)
    found = _found(marked)
    if not found or _denied().search(marked):
        return None
    first = min(found, key=lambda match: match.start())
    return first.start(), first.end()


def _found(marked: str) -> list[re.Match[str]]:
    """Return what reproaches in a marked sentence; the general patterns are asked last."""
    found = [match for pattern in _patterns() if (match := pattern.search(marked))]
    if found or len(_NAMED.findall(marked)) > _MOST_NAMED:
        return found
    return [match for pattern in _general() if (match := pattern.search(marked))]


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in blame_patterns.PATTERNS)


@cache
def _general() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in blame_general.GENERAL)


@cache
def _denied() -> re.Pattern[str]:
    return re.compile(blame_patterns.NO_BLAME)
