"""The part of the adapter contract that is about waking people: pagers, which send, acknowledge and resolve pages.

A call fails as every call does: `Refused`, `Unreachable` and `Throttled` are certain that nothing was done, `Unsure`
is certain of nothing. What was unsure is asked again only where the pager says that a repeat does no harm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from cockpit.world.contract import System
from cockpit.world.contract_channels import Receipt

if TYPE_CHECKING:
    from cockpit.world.contract import Deadline

PAGE, ACKNOWLEDGE, NOTE, RESOLVE = "page", "acknowledge", "note", "resolve"
"""What a pager can be asked to do."""

EVERYTHING = frozenset({PAGE, ACKNOWLEDGE, NOTE, RESOLVE})


@dataclass(frozen=True, slots=True)
class Summons:
    """One page on its way to somebody.

    Attributes:
        key: the identity of this page, the same for every repeat: it wakes people once.
        incident: its id; `title`, `service` and `severity` say what it is about, in people's words.
        text: why they are called; `by` is who calls them.
        target: who is called, in the adapter's own words; empty for whom the pager calls by itself.
        test: whether it is only a test, which the page then says first.
    """

    key: str
    incident: str
    title: str
    service: str
    severity: str
    text: str
    by: str
    at: datetime
    target: str = ""
    test: bool = False

    @property
    def headline(self) -> str:
        """One line that says what it is about."""
        about = " · ".join(part for part in (self.severity, self.service) if part)
        return f"[{self.incident}] {self.title}{f' ({about})' if about else ''}"


@dataclass(frozen=True, slots=True)
class PageRef:
    """How one page is known: `id` is the pager's own name for it, `key` that under which it was sent.

    One of them may be empty. `sent` says whether it was sent from here, and `target` to whom.
    """

    id: str = ""
    key: str = ""
    target: str = ""
    sent: bool = True


@dataclass(frozen=True, slots=True)
class Word:
    """What is said with an acknowledgement, a note or the end of a page.

    Attributes:
        mark: the identity of this word, the same for every repeat: a few letters that go out with it, so that it is
            known again where the pager itself knows no repeat.
        by: who says it; `text` may be empty.
    """

    mark: str
    by: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OnCall:
    """Who would be woken: `level` counts from 1, who is called first; `by` names the schedule or policy."""

    who: str
    level: int = 1
    by: str = ""
    until: datetime | None = None


@runtime_checkable
class Pager(System, Protocol):
    """A system that wakes people."""

    @property
    def does(self) -> frozenset[str]:
        """Which of page, acknowledge, note and resolve it can do with the tokens it was given."""
        ...

    @property
    def repeats(self) -> frozenset[str]:
        """Which of them do no harm when they are asked again with the same key or mark."""
        ...

    def target(self, text: str) -> str:
        """Understand whom a page is for, without asking the system, and return it as it is shown.

        Raises:
            BadInput: it is nobody; the message shows what targets look like.
        """
        ...

    def page(self, summons: Summons, deadline: Deadline) -> Receipt:
        """Send one page, once; the receipt's `ref` is the pager's own name for it where it tells."""
        ...

    def acknowledge(self, page: PageRef, word: Word, deadline: Deadline) -> Receipt:
        """Say that somebody is on it, so that nobody else is woken; one that is over or acknowledged stays so."""
        ...

    def note(self, page: PageRef, word: Word, deadline: Deadline) -> Receipt:
        """Write something on a page."""
        ...

    def resolve(self, page: PageRef, word: Word, deadline: Deadline) -> Receipt:
        """Say that it is over; one that is over stays so."""
        ...

    def on_call(self, target: str, deadline: Deadline) -> Sequence[OnCall]:
        """Return who would be woken, first the first; nobody where the system does not tell."""
        ...
