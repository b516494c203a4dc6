"""A complaint's conversation is pinned in its incident: from the archive, or from the sources, whenever it comes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cockpit.domain.clock import ManualClock
from cockpit.domain.events import Kind, NewEvent
from cockpit.domain.incident import fold
from cockpit.intake.alerts.escalation import read_escalation
from cockpit.intake.alerts.model import Rules
from cockpit.journal.log import Journal
from cockpit.live.alerts.desk import AlertDesk, Kinship
from cockpit.live.webhooks import traces as webhook_traces
from cockpit.live.webhooks.traces import PATIENCE, Fetching

START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


class Shop:
    """A desk that takes complaints, an archive in a table, and sources that may hold more."""

    def __init__(self, folder: Path) -> None:
        self.clock = ManualClock(START)
        self.journal = Journal.open(folder / "journal.db", clock=self.clock)
        self._desk = AlertDesk(self.journal, folder / "lock", self._first, self.clock, Kinship())
        self.archive: dict[str, list[int]] = {}
        self.sources: dict[str, list[int]] = {}
        self.brought = 0
        self.told: list[Mapping[str, Any]] = []
        self.work = self.fetching()

    def fetching(self) -> Fetching:
        """Return what looks for conversations, as after a restart."""
        return Fetching(self.journal, self.clock, self._find, self._bring, self.told.append)

    def complain(self, session: str = "s-17", **more: str) -> str:
        """Take a complaint and return its incident."""
        body = {"who": "Ada", "text": "somebody else's invoice", "session": session, **more}
        placed = self._desk.place(read_escalation(body, Rules("support", "escalation", "answers"), "d").alerts)
        return (*placed.opened, *placed.joined)[0]

    def later(self, **time: float) -> None:
        """Let time pass and look."""
        self.clock.move_to(self.clock.now() + timedelta(**time))
        self.work.look()

    def pins(self, incident: str) -> list[int]:
        """Return what is pinned."""
        return [pin.trace for pin in fold(self.journal.events(incident)).pins]

    def _first(self, title: str, service: str) -> NewEvent:
        told = {"mode": "live", "title": title, "service": service}
        return NewEvent(Kind.INCIDENT_OPENED, self.clock.now(), "ada", payload=told)

    def _find(self, session: str, until: datetime) -> list[int]:
        assert until <= self.clock.now()
        return self.archive.get(session, [])

    def _bring(self) -> None:
        self.brought += 1
        self.archive.update(self.sources)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """An empty house."""
    made = Shop(tmp_path)
    yield made
    made.journal.close()


def test_what_is_archived_is_pinned_at_once_and_no_source_is_asked(shop: Shop) -> None:
    shop.archive["s-17"] = [42, 41, 40, 39]
    incident = shop.complain()
    shop.work.look()
    assert shop.pins(incident) == [42, 41, 40]
    assert shop.brought == 0
    assert shop.told[0]["pinned"] == [42, 41, 40]


def test_what_is_not_archived_is_brought_from_the_sources(shop: Shop) -> None:
    shop.sources["s-17"] = [7]
    incident = shop.complain()
    shop.work.look()
    assert (shop.pins(incident), shop.brought) == ([7], 1)


def test_what_is_recorded_late_is_found_late_and_sources_are_left_alone_in_between(shop: Shop) -> None:
    incident = shop.complain()
    for _ in range(10):
        shop.later(seconds=2)
    assert shop.brought == 2
    shop.sources["s-17"] = [7]
    shop.later(seconds=20)
    assert shop.pins(incident) == [7]
    shop.later(minutes=1)
    assert shop.brought == 3


def test_it_is_given_up_after_a_while(shop: Shop) -> None:
    shop.complain()
    shop.later(seconds=PATIENCE.total_seconds() + 1)
    assert shop.brought == 0


def test_nothing_is_pinned_twice_after_a_restart(shop: Shop) -> None:
    shop.archive["s-17"] = [42]
    incident = shop.complain()
    shop.work.look()
    shop.work = shop.fetching()
    shop.later(seconds=2)
    assert shop.pins(incident) == [42]
    assert len([event for event in shop.journal.events(incident) if event.kind is Kind.TRACE_PINNED]) == 1


def test_whoever_writes_in_between_is_not_in_the_way(shop: Shop) -> None:
    shop.archive["s-17"] = [42]
    incident = shop.complain()
    find = shop.archive.get

    class Busy(dict[str, list[int]]):
        def get(self, session: str, default: Any = None) -> Any:
            seq, _ = shop.journal.head(incident)
            shop.journal.append(incident, [NewEvent(Kind.NOTED, shop.clock.now(), "bo")], expected_seq=seq)
            return find(session, default)

    calm, shop.archive = shop.archive, Busy(shop.archive)
    shop.work.look()
    assert shop.pins(incident) == []
    shop.archive = calm
    shop.later(seconds=2)
    assert shop.pins(incident) == [42]


def test_alerts_that_name_no_session_are_left_alone(shop: Shop) -> None:
    shop.complain(session="")
    shop.work.look()
    assert shop.brought == 0


def test_what_stumbles_is_told_and_looked_for_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook_traces, "LOOK_S", 0.0)
    monkeypatch.setattr(webhook_traces, "PULL_S", 0.0)
    looks: list[int] = []

    def look() -> None:
        looks.append(len(looks))
        if len(looks) > 1:
            shop.work._stop.set()
        raise TypeError("nobody knows")

    monkeypatch.setattr(shop.work, "look", look)
    shop.work._keep_looking()
    assert len(looks) == 2
    assert [line["why"] for line in shop.told] == ["traces of complaints can't be looked for: TypeError"]
