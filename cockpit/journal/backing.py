"""What the journal asks of the database behind it, whichever that is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TypeVar

from cockpit.domain.presence import Company
from cockpit.errors import JournalError

if TYPE_CHECKING:
    from sqlmodel import Session

T = TypeVar("T")

WAIT_S = 20.0
"""How long a lock that all hosts know is waited for."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A database that does not answer: since when, and why."""

    since: datetime
    reason: str


class Follower(Protocol):
    """Says whether anybody committed since the last look; each reader of news has one of its own."""

    def changed(self) -> bool:
        """Whether something was committed since the last call, by anybody; never raises and never waits."""
        ...

    def close(self) -> None:
        """Let go of the database; later looks say no."""
        ...


class Backing(Protocol):
    """One database that a journal is kept in.

    Attributes:
        name: what messages call it, without any secret.
        where: where incidents are looked for, as messages say it.
        shared: whether other hosts write to it too.
        trouble: why nothing can be written, or None.
    """

    name: str
    where: str
    shared: bool
    trouble: JournalError | None

    def read(self, work: Callable[[Session], T]) -> T:
        """Do something that only reads; every fault comes out as a JournalError."""
        ...

    def write(self, what: str, work: Callable[[Session], T]) -> T:
        """Do something in one transaction that nobody else writes `what` in; committed when this returns.

        Where a connection was lost, `work` may be done again: it has to recognise what it did before.
        """
        ...

    def fault(self, session: Session) -> str:
        """Say what is wrong with the database itself, as the end of a sentence; "" where nothing is."""
        ...

    def clock_ahead_s(self) -> float:
        """Return how many seconds the database's clock is ahead of this machine's."""
        ...

    def follower(self) -> Follower:
        """Return a follower."""
        ...

    def exclusive(self, what: str, wait_s: float = WAIT_S) -> AbstractContextManager[None] | None:
        """Return a lock that all hosts know; None where a file's does.

        Who takes it and has to wait for longer gets a JournalError.
        """
        ...

    def company(self, incident: str, who: str) -> Company | None:
        """Join those who are on an incident; None where files tell who is."""
        ...

    @property
    def lost(self) -> Lost | None:
        """Since when the database has not answered; None while it does."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...
