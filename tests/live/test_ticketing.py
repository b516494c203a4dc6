"""Each action item becomes one ticket: retried, looked for after an unsure try, and never doubled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cockpit.domain.clock import ManualClock, WallClock
from cockpit.domain.errands import LOOK_AGAIN_S
from cockpit.domain.events import Event, Kind, NewEvent, Source
from cockpit.domain.incident import fold
from cockpit.domain.tickets import TicketStage
from cockpit.errors import BadInput, CockpitError, JournalUnreachable, Refused, Throttled, Unreachable, Unsure
from cockpit.journal.log import Journal
from cockpit.live.boards import Board, board
from cockpit.live.ticketing import GRACE_S, Pusher, Wanted
from cockpit.world.contract import Deadline, Finding
from cockpit.world.contract_tracker import Issue, Ticket
from cockpit.world.fleet import Fleet, Member

INCIDENT = "INC-0001"
SETTLES_S = 60.0
A1 = Wanted("A1", "Pin the model", "Action item A1.", "ada", "2026-12-01")


class Cork:
    """Keeps tickets in the hand of a test, shows them when they have settled, and fails as was said."""

    settles_s = SETTLES_S

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.made: list[tuple[datetime, Ticket]] = []
        self.problems: list[tuple[CockpitError, bool]] = []
        self.blind: list[CockpitError] = []
        self.looks = 0
        self.said: list[str] = []
        self.shown_after = 0.0

    def fail(self, problem: CockpitError, *, arrived: bool = False) -> None:
        """Let the next create fail; the ticket may be there all the same."""
        self.problems.append((problem, arrived))

    def find(self, ticket: Ticket, deadline: Deadline) -> Issue | None:
        """Look among those that are shown already."""
        self.looks += 1
        if self.blind:
            raise self.blind.pop(0)
        seen = [one for at, one in self.made if self.now() >= at + timedelta(seconds=self.shown_after)]
        return Issue("#1", "https://t/1") if any(one.mark == ticket.mark for one in seen) else None

    def create(self, ticket: Ticket, deadline: Deadline) -> Issue:
        """Make one."""
        problem, arrived = self.problems.pop(0) if self.problems else (None, True)
        if arrived:
            self.made.append((self.now(), ticket))
        if problem:
            raise problem
        return Issue(f"#{len(self.made)}", f"https://t/{len(self.made)}")

    def state(self, key: str, deadline: Deadline) -> Issue:
        """Say that it is open."""
        return Issue(key, "https://t/1")

    def comment(self, key: str, mark: str, text: str, deadline: Deadline) -> None:
        """Keep what is said."""
        self.said.append(text)

    def link(self, key: str, url: str, title: str, deadline: Deadline) -> None:
        """Keep the address."""
        self.said.append(url)

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Find nothing."""
        return ()

    def close(self) -> None:
        """Do nothing."""


class Table:
    """A real incident, a tracker, and terminals that push."""

    def __init__(self, folder: Path) -> None:
        self.clock = ManualClock(WallClock().now())
        self.journal = Journal.open(folder / "journal.db", clock=self.clock)
        told = {"mode": "live", "title": "Leak"}
        self.journal.open_incident([NewEvent(Kind.INCIDENT_OPENED, self.clock.now(), "ada", payload=told)])
        self.cork = Cork(self.clock.now)
        self.board = Board("work", self.cork, 5.0)

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.move_to(self.clock.now() + timedelta(seconds=seconds))

    def pusher(self, patience_s: float = 30.0, journal: Any = None) -> Pusher:
        """Sit down at a terminal."""
        return Pusher(
            journal or self.journal, INCIDENT, self.board, "ada", self.clock.now, self.sleep, patience_s=patience_s
        )

    def kinds(self) -> list[Kind]:
        """Return what the journal tells of tickets."""
        return [one.kind for one in self.events() if one.kind.startswith("ticket_")]

    def events(self) -> list[Event]:
        """Return the journal's lines."""
        return self.journal.events(INCIDENT)


@pytest.fixture
def table(tmp_path: Path) -> Table:
    """An incident and a tracker."""
    return Table(tmp_path)


def test_an_item_becomes_one_ticket_and_the_journal_says_which(table: Table) -> None:
    found = table.pusher().push(A1)
    assert (found.stage, found.ticket, found.url) == (TicketStage.MADE, "#1", "https://t/1")
    assert table.kinds() == [Kind.TICKET_SENDING, Kind.TICKET_MADE]
    assert table.pusher().push(A1) == found
    assert len(table.cork.made) == 1


def test_it_is_on_record_before_it_is_sent(table: Table) -> None:
    seen: list[Kind] = []
    create = table.cork.create

    def looks_first(ticket: Ticket, deadline: Deadline) -> Issue:
        seen.extend(table.kinds())
        return create(ticket, deadline)

    table.cork.create = looks_first  # type: ignore[method-assign]
    table.pusher().push(A1)
    assert seen == [Kind.TICKET_SENDING]


@pytest.mark.parametrize("problem", [Unreachable("no name"), Throttled("slow down", retry_after_s=9.0)])
def test_what_certainly_failed_is_tried_again(table: Table, problem: CockpitError) -> None:
    began = table.clock.now()
    table.cork.fail(problem)
    assert table.pusher().push(A1).stage is TicketStage.MADE
    assert table.kinds()[:2] == [Kind.TICKET_SENDING, Kind.TICKET_FAILED]
    assert (table.clock.now() - began).total_seconds() >= (9.0 if isinstance(problem, Throttled) else 2.0)
    assert table.cork.looks == 0


def test_a_refusal_is_final_until_somebody_asks_again(table: Table) -> None:
    table.cork.fail(Refused("no such project"))
    found = table.pusher().push(A1)
    assert (found.stage, found.reason) == (TicketStage.REFUSED, "no such project")
    assert table.cork.made == []
    assert table.pusher().push(A1).stage is TicketStage.MADE


def test_an_unsure_try_that_arrived_is_found(table: Table) -> None:
    table.cork.fail(Unsure("cut"), arrived=True)
    found = table.pusher().push(A1)
    assert (found.stage, found.ticket) == (TicketStage.MADE, "#1")
    assert table.events()[-1].get("found") is True
    assert len(table.cork.made) == 1


def test_what_is_shown_late_is_not_made_twice(table: Table) -> None:
    table.cork.fail(Unsure("cut"), arrived=True)
    table.cork.shown_after = SETTLES_S - 1
    assert table.pusher(patience_s=300).push(A1).stage is TicketStage.MADE
    assert len(table.cork.made) == 1
    assert table.cork.looks > 1


def test_an_unsure_try_that_did_not_arrive_is_made_once_it_would_be_seen(table: Table) -> None:
    began = table.clock.now()
    table.cork.fail(Unsure("cut"))
    assert table.pusher(patience_s=300).push(A1).stage is TicketStage.MADE
    ((made_at, _),) = table.cork.made
    assert (made_at - began).total_seconds() >= SETTLES_S


def test_patience_that_is_over_leaves_it_unknown_and_the_next_push_looks_first(table: Table) -> None:
    table.cork.fail(Unsure("cut"), arrived=True)
    table.cork.shown_after = 40.0
    found = table.pusher(patience_s=10).push(A1)
    assert (found.stage, found.reason) == (TicketStage.UNKNOWN, "cut")
    table.sleep(60)
    assert table.pusher().push(A1).stage is TicketStage.MADE
    assert len(table.cork.made) == 1


def test_a_look_that_fails_decides_nothing(table: Table) -> None:
    table.cork.fail(Unsure("cut"), arrived=True)
    table.cork.blind = [Unreachable("away")] * 30
    assert table.pusher(patience_s=20).push(A1).stage is TicketStage.UNKNOWN
    table.sleep(3600)
    assert table.pusher(patience_s=20).push(A1).stage is TicketStage.UNKNOWN
    table.cork.blind = []
    assert table.pusher().push(A1).stage is TicketStage.MADE
    assert len(table.cork.made) == 1


@pytest.mark.parametrize("arrived", [True, False])
def test_a_terminal_that_was_killed_is_waited_for_and_looked_after(
    table: Table, arrived: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    create = table.cork.create

    def dies(ticket: Ticket, deadline: Deadline) -> Issue:
        if arrived:
            create(ticket, deadline)
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(table.cork, "create", dies)
        dying.setattr(Board, "call", lambda _, work, doing: work(Deadline(5)))  # the kill is of the whole terminal
        with pytest.raises(Killed):
            table.pusher().push(A1)
    assert table.kinds() == [Kind.TICKET_SENDING]
    began = table.clock.now()
    assert table.pusher(patience_s=300).push(A1).stage is TicketStage.MADE
    assert len(table.cork.made) == 1
    assert (table.clock.now() - began).total_seconds() >= table.board.wait_s + GRACE_S


def test_many_terminals_at_once_make_one(tmp_path: Path) -> None:
    table = Table(tmp_path)

    def sit(_: int) -> TicketStage:
        journal = Journal.open(tmp_path / "journal.db", clock=WallClock())
        try:
            clock = WallClock()
            pusher = Pusher(journal, INCIDENT, table.board, "ada", clock.now, lambda _: None, patience_s=600)
            return pusher.push(A1).stage
        finally:
            journal.close()

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(sit, range(6))) == {TicketStage.MADE}
    assert len(table.cork.made) == 1


def test_another_s_try_that_is_under_way_is_left_alone(table: Table) -> None:
    told = {"item": "A1", "tracker": "work", "attempt": "x", "wait_s": 6.0, "mark": "m"}
    new = NewEvent(Kind.TICKET_SENDING, table.clock.now(), "bob", Source.PERSON, told)
    table.journal.append(INCIDENT, [new], expected_seq=1)
    assert table.pusher(patience_s=3).push(A1).stage is TicketStage.SENDING
    assert table.cork.made == []
    assert table.cork.looks == 0


def test_nothing_is_sent_that_cannot_be_recorded(table: Table) -> None:
    class Away:
        def events(self, incident: str) -> list[Event]:
            return table.events()

        def append(self, incident: str, events: Sequence[NewEvent], *, expected_seq: int) -> list[Event]:
            raise JournalUnreachable("away")

    with pytest.raises(JournalUnreachable):
        table.pusher(journal=Away()).push(A1)
    assert table.cork.made == []


def test_an_end_that_could_not_be_recorded_is_found_out_later(table: Table) -> None:
    class Goes:
        def events(self, incident: str) -> list[Event]:
            return table.events()

        def append(self, incident: str, events: Sequence[NewEvent], *, expected_seq: int) -> list[Event]:
            if events[0].kind is not Kind.TICKET_SENDING:
                raise JournalUnreachable("away")
            return table.journal.append(incident, events, expected_seq=expected_seq)

    with pytest.raises(JournalUnreachable):
        table.pusher(journal=Goes()).push(A1)
    assert table.pusher(patience_s=60).push(A1).stage is TicketStage.MADE
    assert len(table.cork.made) == 1


def test_items_and_trackers_have_marks_of_their_own(table: Table) -> None:
    table.pusher().push(A1)
    table.pusher().push(Wanted("A2", "Other", "Text"))
    table.board = Board("other", table.cork, 5.0)
    table.pusher().push(A1)
    assert len({one.mark for _, one in table.cork.made}) == 3


def test_raw_is_on_record_with_who_said_so(table: Table) -> None:
    table.pusher().push(Wanted("A1", "jo@example.org", "x", raw=True))
    line = next(one for one in table.events() if one.kind is Kind.TICKET_SENDING)
    assert (line.get("raw"), line.actor) == (True, "ada")


def test_what_is_said_on_a_ticket_is_on_record_and_known(table: Table) -> None:
    made = table.pusher().push(A1)
    assert table.pusher().say_done(made, "Done by ada.") == ""
    assert table.pusher().link(made, "https://wiki/1", "Postmortem") == ""
    assert table.cork.said == ["Done by ada.", "https://wiki/1"]
    known = fold(table.events()).learning.ticket("A1", "work")
    assert known is not None
    assert known.told == ("done", "https://wiki/1")


def test_what_could_not_be_said_is_told_and_not_on_record(table: Table) -> None:
    made = table.pusher().push(A1)

    def away(*_: Any) -> None:
        raise Unreachable("no name")

    table.cork.comment = away  # type: ignore[method-assign, assignment]
    assert table.pusher().say_done(made, "Done.") == "no name"
    assert Kind.TICKET_TOLD not in table.kinds()


def test_a_late_word_about_an_earlier_try_changes_nothing(table: Table) -> None:
    table.cork.fail(Refused("no"))
    table.pusher().push(A1)
    table.pusher().push(A1)
    old = next(one for one in table.events() if one.kind is Kind.TICKET_SENDING)
    told = {"item": "A1", "tracker": "work", "attempt": old.get("attempt"), "reason": "late"}
    new = NewEvent(Kind.TICKET_UNKNOWN, table.clock.now(), "work", Source.WORLD, told)
    table.journal.append(INCIDENT, [new], expected_seq=table.events()[-1].seq)
    known = table.pusher().known("A1")
    assert known is not None
    assert known.stage is TicketStage.MADE


def test_a_tracker_is_chosen_by_its_name_or_because_it_is_the_only_one() -> None:
    with pytest.raises(BadInput, match="no tracker"):
        board(Fleet({}), "")
    with pytest.raises(BadInput, match="no tracker 'work'"):
        board(Fleet({}), "work")
    with pytest.raises(BadInput, match="keeps no tickets"):
        board(Fleet({"gate": Member("gate", system=object())}), "gate")  # type: ignore[arg-type]
    assert LOOK_AGAIN_S > 0
