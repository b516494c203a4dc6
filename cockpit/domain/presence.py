"""Who is on an incident right now. This is no part of the journal: it is true for as long as somebody looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

BEAT_S = 1.0
"""How often a terminal says that it is still there."""

GONE_S = 8.0
"""After how many silent seconds a terminal counts as gone."""


@dataclass(frozen=True, slots=True)
class Present:
    """One terminal on an incident.

    Attributes:
        who: the person at it; host: the machine it runs on.
        drives: whether it is the one that sends, proves and watches.
        mine: whether it is this one.
    """

    who: str
    host: str
    since: datetime
    drives: bool = False
    mine: bool = False


class Company(Protocol):
    """All terminals on one incident, and the one seat that drives it."""

    @property
    def taken(self) -> bool:
        """Whether this terminal drives; it may end at any moment, and only `take` begins it."""
        ...

    def take(self) -> bool:
        """Take the seat if it is free; tells whether it is ours."""
        ...

    def here(self) -> tuple[Present, ...]:
        """Return who is there, those that came first first; never waits."""
        ...

    def leave(self) -> None:
        """Free the seat, and be gone."""
        ...
