"""What is kept while the journal can't be reached: on the disk, in order, written once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cockpit.domain.clock import ManualClock
from cockpit.domain.events import Event, Kind, NewEvent
from cockpit.errors import JournalConflict, JournalReadOnly, JournalUnreachable
from cockpit.journal.backing import Lost
from cockpit.journal.log import Journal
from cockpit.live.lifeline import Lifeline
from cockpit.live.outbox import KEPT, Outbox
from cockpit.playbooks.loader import load_playbook
from cockpit.session.session import Session
from cockpit.session.snapshot import Done
from tests.journal.making import START, note, opening

AWAY = "No connection to the journal at db:5432/cockpit: no answer in time."


class Line:
    """A journal whose database goes away when a test says so; implements what a session and a lifeline need."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.lost: Lost | None = None
        self.lose_answer = False

    def append(self, incident: str, events: Sequence[NewEvent], *, expected_seq: int) -> list[Event]:
        """Append, or don't, or do and don't say so."""
        self._check()
        written = self.journal.append(incident, events, expected_seq=expected_seq)
        if self.lose_answer:
            self.go_away()
            problem = JournalUnreachable(AWAY)
            problem.unsure, problem.lines = True, tuple(event.hash for event in written)
            raise problem
        return written

    def events(self, incident: str, after_seq: int = 0) -> list[Event]:
        """Read."""
        self._check()
        return self.journal.events(incident, after_seq)

    def changed(self) -> bool:
        """Say that there may be news."""
        return self.lost is None

    def go_away(self) -> None:
        """Answer no more."""
        self.lost = Lost(START, AWAY)

    def come_back(self) -> None:
        """Answer again."""
        self.lost, self.lose_answer = None, False

    def _check(self) -> None:
        if self.lost:
            raise JournalUnreachable(AWAY)


class Table:
    """One incident, and terminals on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = ManualClock(START)
        self.journal = Journal.open(folder / "journal.db", clock=self.clock)
        paged = NewEvent(Kind.PAGED, START, "page", payload={"inject": "", "text": "wake up"})
        live = replace(opening(), payload={"mode": "live", "title": "it leaks"})
        self.incident = self.journal.open_incident([live, paged])
        self.line = Line(self.journal)

    def terminal(self, outbox: str = "outbox") -> tuple[Session, Lifeline]:
        """Sit down at one more terminal of this host, or of another one with an outbox of its own."""
        world: Any = None
        session = Session(self.line, self.incident, world, load_playbook(), self.clock)
        return session, Lifeline(session, self.line, Outbox(self.folder / outbox))

    def texts(self) -> list[str]:
        """Return what was noted."""
        return [str(event.get("text")) for event in self.lines() if event.kind is Kind.NOTED]

    def lines(self) -> list[Event]:
        """Return the journal."""
        return self.journal.events(self.incident)


def do(session: Session, lifeline: Lifeline, action: str, **arguments: Any) -> Done:
    """Do something as a terminal does."""
    try:
        return session.do(action, arguments, actor="ada")
    except JournalUnreachable as problem:
        return lifeline.keep(action, arguments, "ada", problem)


@pytest.fixture
def table(tmp_path: Path) -> Table:
    """An incident."""
    return Table(tmp_path)


def test_what_is_kept_is_written_in_its_order_with_the_times_when_it_was_done(table: Table) -> None:
    session, lifeline = table.terminal()
    table.line.go_away()
    for number in range(3):
        table.clock.move_to(table.clock.now() + timedelta(seconds=10))
        assert do(session, lifeline, "note", text=f"n{number}").kept
    assert "3 kept here" in lifeline.problem(table.clock.now())
    assert table.texts() == []
    table.line.come_back()
    table.clock.move_to(table.clock.now() + timedelta(seconds=60))
    lifeline.follow()
    assert table.texts() == ["n0", "n1", "n2"]
    noted = [event for event in table.lines() if event.kind is Kind.NOTED]
    assert [(event.at - START).total_seconds() for event in noted] == [10, 20, 30]
    assert {event.recorded_at for event in noted} == {START + timedelta(seconds=90)}
    assert "3 kept here are written now" in lifeline.problem(table.clock.now())
    lifeline.follow()
    assert table.texts() == ["n0", "n1", "n2"]


def test_a_note_whose_answer_was_lost_is_written_once(table: Table) -> None:
    session, lifeline = table.terminal()
    table.line.lose_answer = True
    assert do(session, lifeline, "note", text="recorded after all").kept
    assert do(session, lifeline, "note", text="never sent").kept
    table.line.come_back()
    lifeline.follow()
    assert table.texts() == ["recorded after all", "never sent"]


def test_two_terminals_of_a_host_write_what_waits_once(table: Table) -> None:
    one, two = table.terminal(), table.terminal()
    table.line.go_away()
    do(*one, "note", text="a")
    do(*two, "note", text="b")
    table.line.come_back()
    seen = Outbox(table.folder / "outbox").waiting()
    two[1].follow()
    # The first one looked at the files before the second had written them.
    Outbox(table.folder / "outbox").keep([seen[0].event], [])
    (again,) = (table.folder / "outbox").glob("*.json")
    again.write_text(json.dumps({**json.loads(again.read_text("utf-8")), "id": seen[0].id}), "utf-8")
    one[1].follow()
    assert table.texts() == ["a", "b"]


def test_somebody_who_is_faster_makes_nothing_double(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    session, lifeline = table.terminal()
    table.line.go_away()
    do(session, lifeline, "note", text="kept")
    table.line.come_back()
    table.journal.append(table.incident, [note("theirs")], expected_seq=2)
    append, left = table.line.append, [3]

    def slow(incident: str, events: Sequence[NewEvent], *, expected_seq: int) -> list[Event]:
        if left[0]:
            left[0] -= 1
            table.journal.append(incident, [note(f"quick {left[0]}")], expected_seq=expected_seq)
            raise JournalConflict("somebody was faster")
        return append(incident, events, expected_seq=expected_seq)

    monkeypatch.setattr(table.line, "append", slow)
    lifeline.follow()
    assert table.texts() == ["theirs", "quick 2", "quick 1", "quick 0", "kept"]


def test_what_an_earlier_process_left_behind_is_written_by_the_next_one(table: Table) -> None:
    session, lifeline = table.terminal()
    table.line.go_away()
    do(session, lifeline, "note", text="left behind")
    table.line.come_back()
    _, after = table.terminal()
    after.follow()
    assert table.texts() == ["left behind"]
    assert [event.get(KEPT) is not None for event in table.lines()][-1]
    assert list((table.folder / "outbox").iterdir()) == []


@pytest.mark.parametrize(
    ("action", "arguments"),
    [
        ("take_role", {"role": "ic"}),
        ("post_update", {"audience": "team", "state": "investigating", "text": "we look"}),
        ("set_severity", {"severity": "SEV1"}),
        ("release_role", {"role": "ic"}),
    ],
)
def test_what_depends_on_others_is_refused_and_leaves_nothing(
    table: Table, action: str, arguments: dict[str, Any]
) -> None:
    _, lifeline = table.terminal()
    table.line.go_away()
    with pytest.raises(JournalUnreachable, match="was not done") as caught:
        lifeline.keep(action, arguments, "ada", JournalUnreachable(AWAY))
    assert "kept meanwhile" in caught.value.hint
    unsure = JournalUnreachable(AWAY)
    unsure.unsure = True
    with pytest.raises(JournalUnreachable) as caught:
        lifeline.keep(action, arguments, "ada", unsure)
    assert "may have been recorded" in caught.value.hint
    table.line.come_back()
    lifeline.follow()
    assert len(table.lines()) == 2


def test_what_may_not_be_done_is_not_kept_either(table: Table) -> None:
    session, lifeline = table.terminal()
    table.line.go_away()
    assert do(session, lifeline, "note", text=" ").refused
    assert not (table.folder / "outbox").exists()


def test_nothing_is_said_to_be_kept_where_nothing_can_be(table: Table) -> None:
    session, lifeline = table.terminal()
    (table.folder / "outbox").write_text("a file is in the way", "utf-8")
    table.line.go_away()
    with pytest.raises(JournalReadOnly, match="Can't keep it"):
        do(session, lifeline, "note", text="nowhere to go")


def test_a_file_that_can_not_be_read_stays_and_holds_nothing_up(table: Table) -> None:
    session, lifeline = table.terminal()
    table.line.go_away()
    do(session, lifeline, "note", text="sound")
    broken = table.folder / "outbox" / "00000-broken.json"
    broken.write_text('{"id": 1', "utf-8")
    table.line.come_back()
    lifeline.follow()
    assert table.texts() == ["sound"]
    assert broken.exists()
