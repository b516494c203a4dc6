"""The part of the adapter contract that is about what is left to do: trackers in which action items become tickets.

A call fails as every call does: `Refused`, `Unreachable` and `Throttled` are certain that nothing was made, `Unsure`
is certain of nothing. Every ticket carries a mark, the same for every repeat. After an unsure `create` the mark is
looked for, and only when it is missing once the tracker has had `settles_s` to show it, another one is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from cockpit.world.contract import System

if TYPE_CHECKING:
    from datetime import datetime

    from cockpit.world.contract import Deadline


class IssueState(StrEnum):
    """How a ticket stands, whatever its tracker calls that."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"  # closed, and not because it was done
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Ticket:
    """One action item on its way into a tracker.

    Attributes:
        mark: the identity of this item in this tracker, of letters, digits and dashes, the same for every repeat.
        title: one line; `text` is plain, without any tracker's markup.
        owner: who is to do it, as the cockpit knows them; `due` a date or empty.
        first_try: when it was first asked for, aware UTC: no ticket of it is older.
    """

    mark: str
    title: str
    text: str
    owner: str
    due: str
    first_try: datetime


@dataclass(frozen=True, slots=True)
class Issue:
    """A ticket as the tracker has it.

    Attributes:
        key: its own name for it, by which it is read later: `#12`, `OPS-7`.
        url: where people read it.
        said: its state in the tracker's own words.
    """

    key: str
    url: str
    state: IssueState = IssueState.OPEN
    said: str = ""


@runtime_checkable
class Tracker(System, Protocol):
    """A system that keeps tickets."""

    @property
    def settles_s(self) -> float:
        """How many seconds after it was asked for a ticket may still be missing when it is looked for."""
        ...

    def find(self, ticket: Ticket, deadline: Deadline) -> Issue | None:
        """Return the ticket that carries the mark, whatever its state; None when none is seen."""
        ...

    def create(self, ticket: Ticket, deadline: Deadline) -> Issue:
        """Make a ticket, once; returning means it is there."""
        ...

    def state(self, key: str, deadline: Deadline) -> Issue:
        """Return a ticket as it stands now.

        Raises:
            Refused: there is none of that name any more.
        """
        ...

    def comment(self, key: str, mark: str, text: str, deadline: Deadline) -> None:
        """Say something on a ticket, unless something with this mark is said there already."""
        ...

    def link(self, key: str, url: str, title: str, deadline: Deadline) -> None:
        """Put an address on a ticket, unless it is there already."""
        ...
