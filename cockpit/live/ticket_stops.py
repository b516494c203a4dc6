"""Trackers as places the courier goes to: a ticket that was asked for is brought there until it is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cockpit.domain.deliveries import Delivery
from cockpit.domain.errands import TICKET, TICKET_KINDS
from cockpit.domain.events import Kind
from cockpit.domain.pages import errand_of, parts_of
from cockpit.domain.tickets import TicketStage
from cockpit.errors import CockpitError, Refused, Throttled, Unreachable, Unsure
from cockpit.live.boards import LATE_S, Board, board, trackers
from cockpit.live.outlets import Job, Matter
from cockpit.live.ticketing import Wanted, mark_of
from cockpit.world.contract_channels import Receipt
from cockpit.world.contract_tracker import Ticket
from cockpit.world.fleet import Fleet

Texts = Callable[[str, bool], Wanted | None]
"""Returns an action item as it leaves, with personal data in it or not; None where there is none of that name."""


@dataclass(frozen=True, slots=True)
class TicketStop:
    """One tracker; without a board, `problem` says why it can't be used."""

    name: str
    board: Board | None
    texts: Texts
    now: Callable[[], datetime]
    problem: str = ""

    @property
    def usable(self) -> bool:
        """Whether there is a tracker."""
        return self.board is not None

    @property
    def wait_s(self) -> float:
        """How long after its beginning a try is over: it looks for the ticket, and makes it."""
        return 2 * (self.board.wait_s if self.board else LATE_S)

    @property
    def stale(self) -> str:
        """Never said: what is left to do does not go stale."""
        return ""

    @property
    def expires(self) -> bool:
        """Never."""
        return False

    def owns(self, channel: str) -> bool:
        """Whether a delivery was a ticket in this tracker."""
        tracker, what, _ = parts_of(channel)
        return what == TICKET and tracker == self.name

    def jobs(self, matter: Matter) -> Iterator[Job]:
        """Yield every ticket that was asked for and is not made; items do not wait for each other."""
        for one in matter.state.learning.tickets:
            if one.tracker == self.name and one.stage is not TicketStage.MADE:
                yield Job(one.line, errand_of(self.name, TICKET, one.item), one.first_at, one.item)

    def repeats(self, channel: str) -> bool:
        """Never by itself: what nobody can tell is looked for first."""
        return False

    def line(self, kind: Kind, line: int, channel: str, told: Mapping[str, Any]) -> tuple[Kind, dict[str, Any]]:
        """Return a line about a ticket."""
        more = {"ticket" if name == "ref" else name: value for name, value in told.items()}
        return TICKET_KINDS[kind], {"item": parts_of(channel)[2], "tracker": self.name, **more}

    def work(self, matter: Matter, delivery: Delivery) -> Callable[[], Receipt]:
        """Return what brings a ticket there."""
        item = parts_of(delivery.channel)[2]
        known = matter.state.learning.ticket(item, self.name)
        wanted = self.texts(item, known.raw if known else False)
        if known is None or wanted is None:
            return lambda: _refuse(f"there is no open action item {item} any more")
        mark = known.mark or mark_of(matter.first.hash, item, self.name)
        ticket = Ticket(mark, wanted.title, wanted.text, wanted.owner, wanted.due, known.first_at)
        return lambda: self._bring(ticket, known.doubt)

    def _bring(self, ticket: Ticket, doubt: datetime | None) -> Receipt:
        """Make a ticket; where one may be there already it is looked for, until it would have been seen.

        Raises:
            WorldError: which of them says what is certain.
        """
        known = self.board
        if known is None:
            raise Unreachable(self.problem)
        if doubt is not None:
            began = self.now()
            if found := self._found(known, ticket):
                return found
            settled = doubt + timedelta(seconds=known.tracker.settles_s)
            if began < settled:
                left = (settled - began).total_seconds()
                raise Throttled("an earlier try may have made one that is not seen yet", retry_after_s=left)
        made = known.call(lambda left: known.tracker.create(ticket, left), "making a ticket")
        return Receipt(made.key, made.url)

    def _found(self, known: Board, ticket: Ticket) -> Receipt | None:
        try:
            found = known.call(lambda left: known.tracker.find(ticket, left), "looking for a ticket")
        except Unsure as problem:
            raise Unreachable(problem.message, hint=problem.hint) from None  # a look makes nothing
        return Receipt(found.key, found.url, "an earlier try had made it") if found else None


def ticket_stops(fleet: Fleet, texts: Texts, now: Callable[[], datetime]) -> list[TicketStop]:
    """Return every tracker, also those that can't be used."""
    return [_stop(fleet, name, texts, now) for name in trackers(fleet)]


def _stop(fleet: Fleet, name: str, texts: Texts, now: Callable[[], datetime]) -> TicketStop:
    try:
        return TicketStop(name, board(fleet, name), texts, now)
    except CockpitError as problem:
        return TicketStop(name, None, texts, now, problem.message)


def _refuse(why: str) -> Receipt:
    raise Refused(why)
