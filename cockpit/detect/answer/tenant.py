"""Text of another tenant in an answer: names and ids that only that tenant's answers may hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from cockpit.domain.calls import Sign

NAME = "other_tenant"

SHORTEST = 4
"""Characters of a name or id; shorter ones are words of every day."""


class Directory:
    """Whose names and ids are whose.

    Args:
        names: for each tenant its names, ids and other marks, such as order prefixes. A mark that several tenants
            share belongs to nobody. Marks are matched as whole words, without regard to case.
    """

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        owners: dict[str, set[str]] = {}
        for tenant, marks in names.items():
            for mark in {tenant, *marks}:
                if len(mark.strip()) >= SHORTEST:
                    owners.setdefault(_fold(mark), set()).add(tenant)
        self._owner = {mark: next(iter(tenants)) for mark, tenants in owners.items() if len(tenants) == 1}
        self._starts: dict[str, list[str]] = {}
        for mark in sorted(self._owner, key=len, reverse=True):
            self._starts.setdefault(_first(mark), []).append(mark)

    def signs(self, answer: str, tenant: str, asked: str = "") -> list[Sign]:
        """Return a sign for each mark of another tenant; what the user named themselves is no leak.

        Without a tenant nothing can be said of whose text it is, so nothing is.
        """
        if not tenant or not self._owner:
            return []
        text, question = _same_length(answer), _fold(asked)
        found: list[Sign] = []
        for word in _WORD.finditer(text):
            for mark in self._starts.get(word[0], ()):
                end = word.start() + len(mark)
                if text.startswith(mark, word.start()) and not _WORDISH.match(text, end):
                    owner = self._owner[mark]
                    if owner != tenant and mark not in question:
                        why = f"the answer to {tenant} names {mark}, which is {owner}'s"
                        found.append(Sign(NAME, why, (word.start(), end), 0.9))
                    break
        return found


_WORD = re.compile(r"\w+")
_WORDISH = re.compile(r"\w")


def _first(mark: str) -> str:
    found = _WORD.search(mark)
    return found[0] if found and found.start() == 0 else mark


def _fold(text: str) -> str:
    return " ".join(text.lower().split())


def _same_length(text: str) -> str:
    """Fold case and white space without moving a character, so that places stay true."""
    lower = text.lower()
    return re.sub(r"\s", " ", lower if len(lower) == len(text) else text)
