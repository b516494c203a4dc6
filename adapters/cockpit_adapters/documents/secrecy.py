"""Which values of a document must not get into a journal or onto a screen, by the names they go by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

_WORDS = r"api[_-]?key|secret|passw(or)?d|authorization|credential|access[_-]?key|private[_-]?key|bearer"
_NAME = re.compile(rf"(?i)({_WORDS}|(^|[_-])token$)")
_LINE = re.compile(rf"(?i)({_WORDS}|(^|[_\W])token[\"']?\s*[:=]|\bsk-\w{{8}})")

HIDDEN = "(not shown: it names a secret)"


def holds_secret(path: Sequence[str], value: Any) -> bool:
    """Whether a value, or the key it is under, is one that must not get into a journal."""
    if any(_NAME.search(part) for part in path):
        return True
    if isinstance(value, dict):
        return any(holds_secret((str(key),), item) for key, item in value.items())
    return isinstance(value, list) and any(holds_secret((), item) for item in value)


def without_secret(line: str) -> str:
    """Return a line of a file as it may be shown."""
    return HIDDEN if _LINE.search(line) else line
