"""What sources of traces have in common: moments as they are sent, and ids in portions that fit into an address."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from cockpit.errors import TooLong, Unsure

T = TypeVar("T")

PORTION = 50
"""So many ids go into one address: proxies take no longer ones than some kilobytes."""


def stamp(moment: datetime) -> str:
    """Write a moment as ISO 8601 in UTC, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def portions(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield ids in portions that fit into an address."""
    for start in range(0, len(ids), PORTION):
        yield ids[start : start + PORTION]


class PageSize:
    """How many spans one answer should hold: fewer where they are so large that answers are too long, or too slow."""

    def __init__(self, most: int) -> None:
        self._most = self.now = most

    def ask(self, ask: Callable[[int], T]) -> T:
        """Return what is answered for a number of spans; asks for fewer where that is too much.

        Raises:
            Unsure: a single one is too much, or it was something else.
        """
        while True:
            try:
                found = ask(self.now)
            except Unsure as problem:
                before, self.now = self.now, max(1, self.now // 4)
                if not isinstance(problem, TooLong) or self.now == before:
                    raise
            else:
                self.now = min(self._most, self.now + max(1, self.now // 8))
                return found
