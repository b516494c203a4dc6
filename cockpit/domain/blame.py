"""Finds sentences that make a person or a team the reason; what a system did is no blame, whatever the verb."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from cockpit.domain import blame_patterns, people
from cockpit.domain.lint_words import SENTENCE, Flaw

ADVICE = "say what in the system let it happen, not who did it"


def blame(text: str) -> Iterator[Flaw]:
    """Find people blamed, one for each sentence."""
    for sentence in SENTENCE.finditer(text):
        marked = people.mark(sentence.group())
        found = [match for pattern in _patterns() if (match := pattern.search(marked))]
        if found and not _denied().search(marked):
            first = min(found, key=lambda match: match.start())
            start, end = sentence.start() + first.start(), sentence.start() + first.end()
            yield Flaw("blame", start, end, text[start:end], ADVICE)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in blame_patterns.PATTERNS)


@cache
def _denied() -> re.Pattern[str]:
    return re.compile(blame_patterns.NO_BLAME)
