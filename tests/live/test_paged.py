"""Where a page goes: into the incident that tells it, else one near it, else one a person opened, else a new one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cockpit.detect.stream.page import Page
from cockpit.domain.clock import ManualClock
from cockpit.domain.events import Event, Kind, NewEvent
from cockpit.domain.incident import fold
from cockpit.intake.alerts.model import Alert
from cockpit.journal.log import Journal
from cockpit.live.alerts.desk import AlertDesk, Kinship
from cockpit.live.alerts.paged import into_incident

START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


class Night:
    """A journal, and pages that come into it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = ManualClock(START)
        self.journal = Journal.open(folder / "journal.db", clock=self.clock)

    def first(self, service: str = "support") -> NewEvent:
        """Return the first line of an incident."""
        told = {"mode": "live", "title": "t", "service": service}
        return NewEvent(Kind.INCIDENT_OPENED, self.clock.now(), "ada", payload=told)

    def by_hand(self, service: str = "support") -> str:
        """Open an incident as a person does."""
        return self.journal.open_incident([self.first(service)])

    def page(self, detector: str, minutes: float = 0.0, route: str = "a", rows: tuple[int, ...] = ()) -> str:
        """Let a page come, and return where it went."""
        at = START + timedelta(minutes=minutes)
        self.clock.move_to(max(at, self.clock.now()))
        page = Page(detector, "refusal_pct", at, at, {"route": route}, 1.0, 9.0, "%", 0.99, "It rose.")
        return into_incident(self.journal, page, rows, lambda _: self.first(), self.clock.now())

    def kinds(self, incident: str) -> list[Kind]:
        """Return the kinds of an incident's lines."""
        return [event.kind for event in self.journal.events(incident)]

    def opened_by(self, incident: str) -> str:
        """Return which program opened it; empty for a person."""
        first: Event = self.journal.events(incident)[0]
        return str(first.get("opened_by", ""))


@pytest.fixture
def night(tmp_path: Path) -> Night:
    """An empty journal."""
    return Night(tmp_path)


def test_a_page_about_nothing_that_is_open_opens_an_incident_with_its_evidence(night: Night) -> None:
    incident = night.page("refusals", rows=(7, 8, 9, 10))
    assert night.opened_by(incident) == "watch"
    state = fold(night.journal.events(incident))
    assert [pin.trace for pin in state.pins] == [7, 8, 9]
    assert night.journal.events(incident)[2].get("page")["rows"] == [7, 8, 9, 10]


def test_the_same_page_is_told_once_an_hour_and_others_soon_after_go_with_it(night: Night) -> None:
    incident = night.page("refusals")
    lines = len(night.kinds(incident))
    assert night.page("refusals", 20) == incident
    assert len(night.kinds(incident)) == lines
    assert night.page("errors", 25) == incident
    assert len(night.kinds(incident)) == lines + 2
    assert night.page("cost", 80) != incident


@pytest.mark.parametrize(
    ("minutes", "service", "joins"), [(50, "support", True), (70, "support", False), (10, "search", False)]
)
def test_a_page_joins_what_a_person_opened_on_its_service_within_the_hour(
    night: Night, minutes: float, service: str, joins: bool
) -> None:
    incident = night.by_hand(service)
    assert (night.page("refusals", minutes) == incident) is joins


def test_after_the_all_clear_nothing_joins(night: Night) -> None:
    incident = night.by_hand()
    cleared = NewEvent(Kind.ALL_CLEAR_GIVEN, START, "ada")
    night.journal.append(incident, [cleared], expected_seq=night.journal.head(incident)[0])
    assert night.page("refusals", 5) != incident


def test_what_watch_opened_is_not_opened_by_hand(night: Night) -> None:
    first = night.page("refusals")
    assert night.page("errors", 45, route="b") != first


@pytest.mark.parametrize(
    ("minutes", "service", "joins"), [(50, "support", True), (70, "support", False), (5, "x", False)]
)
def test_an_alert_joins_what_a_person_opened_on_its_service_within_the_window(
    night: Night, minutes: float, service: str, joins: bool
) -> None:
    incident = night.by_hand(service)
    night.clock.move_to(START + timedelta(minutes=minutes))
    desk = AlertDesk(
        night.journal, night.folder / "alerts.lock", lambda _, service: night.first(service), night.clock, Kinship()
    )
    told = Alert("am", "k", status="firing", title="errors", service="support", delivery="d", group="")
    placed = desk.place([told])
    assert (placed.joined == (incident,)) is joins
    assert bool(placed.opened) is not joins
