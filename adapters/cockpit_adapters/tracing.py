"""What sources of traces have in common: moments as they are sent, and ids in portions that fit into an address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

PORTION = 50
"""So many ids go into one address: proxies take no longer ones than some kilobytes."""


def stamp(moment: datetime) -> str:
    """Write a moment as ISO 8601 in UTC, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def portions(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield ids in portions that fit into an address."""
    for start in range(0, len(ids), PORTION):
        yield ids[start : start + PORTION]
