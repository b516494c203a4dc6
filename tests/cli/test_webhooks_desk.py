"""The desk alone: in whatever order alerts come, a delivery is recorded once, an alert is on one open incident."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.clock import ManualClock
from cockpit.domain.events import Event, Kind, NewEvent
from cockpit.domain.incident import fold
from cockpit.errors import JournalConflict, JournalDamaged
from cockpit.intake.alerts.model import Alert
from cockpit.journal.log import Journal
from cockpit.live.alerts.desk import AlertDesk, Kinship, Placed
from tests.examples import examples

START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


class Night:
    """A journal in a folder, and a desk on it."""

    def __init__(self, folder: Path) -> None:
        self.clock = ManualClock(START)
        self.folder = folder
        self.journal = Journal.open(folder / "journal.db", clock=self.clock)

    def desk(self, journal: Any = None) -> AlertDesk:
        """Return a fresh desk, as after a restart."""
        lock = self.folder / "alerts.lock"
        return AlertDesk(journal or self.journal, lock, self._begin, self.clock, Kinship())

    def later(self, minutes: float) -> None:
        """Let time pass."""
        self.clock.move_to(self.clock.now() + timedelta(minutes=minutes))

    def end(self, incident: str) -> None:
        """Give the all-clear."""
        seq, _ = self.journal.head(incident)
        self.journal.append(incident, [NewEvent(Kind.ALL_CLEAR_GIVEN, self.clock.now(), "ada")], expected_seq=seq)

    def all(self) -> dict[str, list[Event]]:
        """Return every incident."""
        return {line.id: self.journal.events(line.id) for line in self.journal.incidents()}

    def _begin(self, title: str, service: str) -> NewEvent:
        told = {"mode": "live", "title": title, "service": service}
        return NewEvent(Kind.INCIDENT_OPENED, self.clock.now(), "ada", payload=told)


@pytest.fixture
def night(tmp_path: Path) -> Night:
    """An empty journal."""
    return Night(tmp_path)


def alert(key: str, status: str = "firing", turn: int = 0, **more: Any) -> Alert:
    """Return an alert of one service."""
    told = {"title": key, "service": "answers", "delivery": f"{key}-{status}-{turn}", "group": "g", **more}
    return Alert("am", key, status=status, **told)


def test_after_the_window_a_kindred_alert_is_another_incident(night: Night) -> None:
    desk = night.desk()
    assert desk.place([alert("a")]).opened == ("INC-0001",)
    night.later(59)
    assert desk.place([alert("b")]).joined == ("INC-0001",)
    night.later(61)
    assert desk.place([alert("c")]).opened == ("INC-0002",)
    assert desk.place([alert("a", "resolved")]).joined == ("INC-0001",), "its own incident, however late"


def test_a_storm_of_alerts_reads_each_line_of_the_incident_once(night: Night) -> None:
    read: list[int] = []

    class Counting:
        """The journal, and how many lines were read of it."""

        def events(self, incident: str, after_seq: int = 0) -> list[Event]:
            found = night.journal.events(incident, after_seq)
            read.append(len(found))
            return found

        def __getattr__(self, name: str) -> Any:
            return getattr(night.journal, name)

    desk = night.desk(Counting())
    for turn in range(60):
        desk.place([alert("a", turn=turn)])
    assert sum(read) <= len(night.journal.events("INC-0001"))


def test_what_is_over_takes_nothing_more(night: Night) -> None:
    desk = night.desk()
    desk.place([alert("a")])
    night.end("INC-0001")
    assert desk.place([alert("a")]) == Placed(repeated=1)
    assert desk.place([alert("a", "resolved")]) == Placed(ignored=1)
    assert desk.place([alert("a", turn=1)]).opened == ("INC-0002",)


def test_a_complaint_without_an_id_is_news_once_its_incident_is_over(night: Night) -> None:
    desk = night.desk()
    told = alert("x", lasting=False)
    assert desk.place([told]).opened == ("INC-0001",)
    assert desk.place([told]).repeated == 1
    night.end("INC-0001")
    assert desk.place([told]).opened == ("INC-0002",)


class Hurried:
    """A journal in which somebody else writes a line before each of the first appends."""

    def __init__(self, journal: Journal, times: int) -> None:
        self._journal = journal
        self._times = times

    def __getattr__(self, name: str) -> Any:
        return getattr(self._journal, name)

    def append(self, incident: str, events: Sequence[NewEvent], *, expected_seq: int) -> list[Event]:
        if self._times:
            self._times -= 1
            seq, _ = self._journal.head(incident)
            self._journal.append(incident, [NewEvent(Kind.NOTED, START, "bo")], expected_seq=seq)
        return self._journal.append(incident, events, expected_seq=expected_seq)


def test_who_is_overtaken_tries_again(night: Night) -> None:
    night.desk().place([alert("a"), alert("z", group="h", service="search")])
    again = [alert("b"), alert("a"), alert("y", group="h", service="search")]
    placed = night.desk(Hurried(night.journal, 3)).place(again)
    assert placed == Placed(accepted=2, repeated=1, joined=("INC-0001", "INC-0002"))
    with pytest.raises(JournalConflict):
        night.desk(Hurried(night.journal, 99)).place([alert("c")])


def test_an_incident_that_is_damaged_stops_no_alert(night: Night) -> None:
    class Damaged(Hurried):
        def events(self, incident: str, after_seq: int = 0) -> list[Event]:
            raise JournalDamaged("torn")

    night.desk().place([alert("a")])
    assert night.desk(Damaged(night.journal, 0)).place([alert("a")]).opened == ("INC-0002",)


STEPS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["firing", "resolved", "news"]), st.integers(0, 1),
              st.sampled_from(["g", "h", ""]), st.sampled_from(["answers", "search"]), st.sampled_from([0, 40, 90])),
    max_size=8,
)  # fmt: skip


@settings(max_examples=examples(8), deadline=None)
@given(STEPS, st.booleans())
def test_each_delivery_once_and_each_alert_on_one_open_incident(steps: list[Any], restart: bool) -> None:
    with TemporaryDirectory() as folder:
        night = Night(Path(folder))
        desk = night.desk()
        for key, status, turn, group, service, pause in steps:
            night.later(pause)
            desk = night.desk() if restart else desk
            desk.place([alert(key, status, turn, group=group, service=service)])
        events = night.all()
        told = [one.get("delivery") for lines in events.values() for one in lines if one.kind is Kind.ALERT_RECEIVED]
        held = [name for lines in events.values() for name in fold(lines).alerts]
        night.journal.close()
    assert len(told) == len(set(told))
    assert len(held) == len(set(held))
    fired = {f"am/{key}" for key, status, *_ in steps if status == "firing"}
    assert fired <= set(held)
