"""Bringing action items into a tracker: each becomes one ticket, however often it is tried and whoever tries.

Each try is journalled before it is sent and after it has ended. After a try of which nobody knows what became of it,
the ticket's mark is looked for, and another one is made only when it is missing although the tracker has had the time
to show it.
"""

from __future__ import annotations

import hashlib
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from cockpit.domain.errands import LOOK_AGAIN_S
from cockpit.domain.events import Event, Kind, NewEvent, Source, iso
from cockpit.domain.incident import fold
from cockpit.domain.text import clean
from cockpit.domain.tickets import ItemTicket, TicketStage
from cockpit.errors import BadInput, CockpitError, JournalConflict, Refused, Throttled, Unauthorised, Unsure
from cockpit.live.boards import Board
from cockpit.world.contract import Deadline
from cockpit.world.contract_tracker import Issue, Ticket

GRACE_S = 5.0
"""So much longer than it may take is a try waited for that another terminal began."""

PAUSE_S, LONGEST_PAUSE_S = 2.0, 60.0
"""The pause before another try doubles from the first to the last; a Retry-After is honoured."""

MOST_DOUBLED = 20
"""How often it doubles at most."""

DONE, LINK = "done", "link"
"""What is said on a ticket."""

_TRIES = 20


class Lines(Protocol):
    """The part of a journal that is needed here."""

    def events(self, incident: str) -> list[Event]:
        """Return the lines of an incident."""
        ...

    def append(self, incident: str, events: Sequence[NewEvent], *, expected_seq: int) -> list[Event]:
        """Add lines."""
        ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """An action item as it leaves: with personal data masked, unless somebody said otherwise (`raw`)."""

    item: str
    title: str
    text: str
    owner: str = ""
    due: str = ""
    raw: bool = False


@dataclass(slots=True)
class Pusher:
    """Brings the items of one incident into one tracker, with so much patience in seconds for each."""

    journal: Lines
    incident: str
    board: Board
    actor: str
    now: Callable[[], datetime]
    sleep: Callable[[float], None] = time.sleep
    patience_s: float = 30.0

    def push(self, wanted: Wanted) -> ItemTicket:
        """Return how an item stands in the tracker, when that is final or patience is over.

        Raises:
            JournalError: nothing could be recorded, and nothing was sent.
        """
        end = self.now() + timedelta(seconds=self.patience_s)
        pause = self._step(wanted, asked=True)
        while pause is not None and self.now() + timedelta(seconds=pause) <= end:
            self.sleep(pause)
            pause = self._step(wanted)
        found = self.known(wanted.item)
        assert found is not None, "the first step records a try"
        return found

    def known(self, item: str) -> ItemTicket | None:
        """Return what the journal says of an item in this tracker."""
        return fold(self.journal.events(self.incident)).learning.ticket(item, self.board.name)

    def say_done(self, known: ItemTicket, text: str) -> str:
        """Say on a ticket that its item is done, once; return why that could not be said, or ""."""
        mark = mark_of(known.mark, DONE)
        return self._tell(known, DONE, text, lambda left: self.board.tracker.comment(known.ticket, mark, text, left))

    def link(self, known: ItemTicket, url: str, title: str) -> str:
        """Put an address on a ticket, once; return why it could not be put there, or ""."""
        return self._tell(known, LINK, url, lambda left: self.board.tracker.link(known.ticket, url, title, left))

    def _tell(self, known: ItemTicket, what: str, text: str, work: Callable[[Deadline], None]) -> str:
        try:
            self.board.call(work, "saying something")
        except CockpitError as problem:
            return _words(problem)
        told = {"item": known.item, "tracker": self.board.name, "ticket": known.ticket, "what": what, "text": text}
        self._record(NewEvent(Kind.TICKET_TOLD, self.now(), self.actor, Source.PERSON, told))
        return ""

    def _step(self, wanted: Wanted, *, asked: bool = False) -> float | None:
        """Do the next thing for an item; return the seconds until the one after it, None when it is final.

        Args:
            asked: somebody asks just now: what failed is tried again at once.
        """
        events = self.journal.events(self.incident)
        known, now = fold(events).learning.ticket(wanted.item, self.board.name), self.now()
        if known is None:
            return self._try(wanted, events)
        if known.stage is TicketStage.SENDING:
            return self._orphan(known, now)
        if known.stage is TicketStage.MADE or (known.stage is TicketStage.REFUSED and not asked):
            return None
        left = (known.next_try - now).total_seconds() if known.next_try and not asked else 0.0
        if left > 0:
            return left
        return self._look(wanted, known, known.doubt, events) if known.doubt else self._try(wanted, events)

    def _try(self, wanted: Wanted, events: Sequence[Event]) -> float | None:
        """Ask for a ticket, once; another terminal that was faster is waited for."""
        mark = mark_of(events[0].hash, wanted.item, self.board.name)
        known = fold(events).learning.ticket(wanted.item, self.board.name)
        told = {
            "item": wanted.item, "tracker": self.board.name, "attempt": uuid.uuid4().hex[:12], "mark": mark,
            "wait_s": self.board.wait_s, **({"raw": True} if wanted.raw else {}),
        }  # fmt: skip
        begun = NewEvent(Kind.TICKET_SENDING, self.now(), self.actor, Source.PERSON, told)
        try:
            self.journal.append(self.incident, [begun], expected_seq=events[-1].seq)
        except JournalConflict:
            return 0.0
        ticket = _ticket(wanted, mark, known.first_at if known else begun.at)
        try:
            made = self.board.call(lambda left: self.board.tracker.create(ticket, left), "making a ticket")
        except CockpitError as problem:
            return self._failed(told, problem, known.tries + 1 if known else 1)
        self._made(told, made)
        return None

    def _failed(self, told: dict[str, Any], problem: CockpitError, tries: int) -> float | None:
        line, pause = {"attempt": told["attempt"], "reason": _words(problem)}, _pause(problem, tries)
        if isinstance(problem, Unsure):
            self._end(Kind.TICKET_UNKNOWN, told["item"], line)
            return LOOK_AGAIN_S
        if pause is not None:
            line["next_try"] = iso(self.now() + timedelta(seconds=pause))
        self._end(Kind.TICKET_FAILED, told["item"], line)
        return pause

    def _orphan(self, known: ItemTicket, now: datetime) -> float:
        """Wait for a try of another terminal's; where it ended without a word, say so."""
        over = known.sent_at + timedelta(seconds=known.wait_s + GRACE_S)
        if now < over:
            return max(0.1, (over - now).total_seconds())
        line = {"attempt": known.attempt, "reason": "whoever asked for it ended before it was known"}
        self._end(Kind.TICKET_UNKNOWN, known.item, line)
        return 0.0

    def _look(self, wanted: Wanted, known: ItemTicket, doubt: datetime, events: Sequence[Event]) -> float | None:
        """Look for what an earlier try may have made, that was over for certain at some moment."""
        ticket = _ticket(wanted, known.mark, known.first_at)
        began = self.now()
        try:
            found = self.board.call(lambda left: self.board.tracker.find(ticket, left), "looking for a ticket")
        except CockpitError:
            return LOOK_AGAIN_S
        if found is not None:
            self._made({"item": known.item, "attempt": known.attempt}, found, found=True)
            return None
        settled = doubt + timedelta(seconds=self.board.tracker.settles_s)
        if began >= settled:
            return self._try(wanted, events)
        return max(LOOK_AGAIN_S, (settled - began).total_seconds() / 4)

    def _made(self, told: dict[str, Any], made: Issue, **more: Any) -> None:
        key, url = (clean(text, multiline=False, limit=300) for text in (made.key, made.url))
        self._end(Kind.TICKET_MADE, told["item"], {"attempt": told["attempt"], "ticket": key, "url": url, **more})

    def _end(self, kind: Kind, item: str, told: dict[str, Any]) -> None:
        payload = {"item": item, "tracker": self.board.name, **told}
        self._record(NewEvent(kind, self.now(), self.board.name, Source.WORLD, payload))

    def _record(self, new: NewEvent) -> None:
        for _ in range(_TRIES):
            try:
                self.journal.append(self.incident, [new], expected_seq=self.journal.events(self.incident)[-1].seq)
                return
            except JournalConflict:
                continue
        raise JournalConflict(f"{self.incident} is being written to by others all the time", hint="Try again.")


def _ticket(wanted: Wanted, mark: str, first: datetime) -> Ticket:
    return Ticket(mark, wanted.title, wanted.text, wanted.owner, wanted.due, first)


def mark_of(*parts: str) -> str:
    """Return the mark of what these parts name together, the same for every repeat."""
    return "cockpit-" + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _words(problem: CockpitError) -> str:
    return clean(problem.message, multiline=False, limit=300)


def _pause(problem: CockpitError, tries: int) -> float | None:
    """Return the seconds until another try; None where asking again can't help by itself."""
    if isinstance(problem, (Unauthorised, Refused, BadInput)):
        return None
    usual = min(PAUSE_S * 2.0 ** min(tries - 1, MOST_DOUBLED), LONGEST_PAUSE_S)
    if isinstance(problem, Throttled) and problem.retry_after_s:
        return max(usual, problem.retry_after_s)
    return usual
