"""Pages that go by way of Alertmanager: what is sent there comes back as the same page, into the right incident."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from cockpit.detect.stream.page import Page, to_json
from cockpit.domain.clock import ManualClock
from cockpit.domain.events import Kind, NewEvent
from cockpit.domain.incident import fold
from cockpit.intake.alerts.model import Rules
from cockpit.intake.alerts.read import read_alerts
from cockpit.journal.log import Journal
from cockpit.live.alerts.bell import Bell, alert_of, page_of
from cockpit.live.alerts.desk import AlertDesk, Kinship, Placed
from cockpit.world.exchange import Exchange
from cockpit.world.port import Change

START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
CHANGE = Change("prompt:v41", START, "v40 → v41", "prompt", "v40", "v41", "ada")
ROWS = {"t1": 11, "t2": 12}


def page(detector: str = "other_tenant", minutes: float = 0.0, **about: str) -> Page:
    """Return a page."""
    at = START + timedelta(minutes=minutes)
    where = {"route": "/support", "prompt": "v41", **about}
    return Page(detector, "leaks_per_min", at, at - timedelta(seconds=30), where, 0.0, 1.0, "answers", 0.97,
                "Names of another tenant.", ("t1", "t2", "gone"), CHANGE)  # fmt: skip


def forwarded(*alerts: Mapping[str, Any]) -> bytes:
    """Return what Alertmanager's webhook makes of alerts that it was sent."""
    rows = [
        {**one, "status": "firing", "fingerprint": json.dumps(one["labels"]), "startsAt": "2026-11-21T02:00:00Z"}
        for one in alerts
    ]
    key = "+".join(one["labels"]["alertname"] for one in alerts)
    return json.dumps({"version": "4", "groupKey": key, "alerts": rows}).encode()


class House:
    """A desk on an empty journal."""

    def __init__(self, folder: Path) -> None:
        self.clock = ManualClock(START)
        self.journal = Journal.open(folder / "journal.db", clock=self.clock)
        rows_of = lambda ids: [ROWS[one] for one in ids if one in ROWS]  # noqa: E731
        self.desk = AlertDesk(self.journal, folder / "lock", self.first, self.clock, Kinship(), rows_of)

    def first(self, title: str, service: str) -> NewEvent:
        """Return the first line of an incident."""
        told = {"mode": "live", "title": title, "service": service}
        return NewEvent(Kind.INCIDENT_OPENED, self.clock.now(), "ada", payload=told)

    def take(self, *pages: Page, service: str = "support") -> Placed:
        """Let pages come by way of Alertmanager."""
        body = forwarded(*(alert_of(one, service) for one in pages))
        return self.desk.place(read_alerts(body, Rules("am", "alertmanager")).alerts)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """An empty journal."""
    return House(tmp_path)


def test_a_page_comes_back_as_it_was_sent() -> None:
    sent = page(tenant="acme")
    [alert] = read_alerts(forwarded(alert_of(sent, "support")), Rules("am", "alertmanager")).alerts
    back = page_of(alert)
    assert back is not None
    assert to_json(back) == to_json(sent)
    assert (alert.service, alert.title) == ("support", sent.title)


@pytest.mark.parametrize("text", ["\x1b[31mred", "line\nbreak", "x" * 9000, "\ud800"])
def test_hostile_words_in_a_page_are_sent_harmless_and_bounded(text: str) -> None:
    hostile = Page("cost", "cost", START, START, {"tenant": text, "prompt": text}, 1.0, float("inf"), "", 1.0, text)
    sent = json.dumps(alert_of(hostile, "support"), ensure_ascii=False)
    assert len(sent.encode()) < 60_000
    assert "\x1b" not in sent
    [alert] = read_alerts(forwarded(alert_of(hostile, "support")), Rules("am", "alertmanager")).alerts
    assert page_of(alert) is not None


@pytest.mark.parametrize(
    "notes",
    [
        {"page_at": "soon"}, {"page_at": "2026-11-21T02:00:00Z", "page_about": "[" * 900},
        {"page_at": "2026-11-21T02:00:00Z", "page_change": '{"at": 7}', "page_certainty": "nan"},
    ],
)  # fmt: skip
def test_a_made_up_page_is_an_alert_like_any_other(house: House, notes: dict[str, str]) -> None:
    told = {"labels": {"alertname": "cockpit_x", "service": "support"}, "annotations": notes}
    placed = house.desk.place(read_alerts(forwarded(told), Rules("am", "alertmanager")).alerts)
    assert placed.opened == ("INC-0001",)
    assert house.journal.verify("INC-0001").ok


def test_an_incident_is_opened_with_the_page_its_change_and_its_traces(house: House) -> None:
    assert house.take(page()).opened == ("INC-0001",)
    events = house.journal.events("INC-0001")
    state = fold(events)
    [paged] = [event for event in events if event.kind is Kind.PAGED]
    assert paged.get("page")["rows"] == [11, 12]
    assert paged.get("page")["change"]["ref"] == "prompt:v41"
    assert [pin.trace for pin in state.pins] == [11, 12]
    assert len(state.alerts) == 1


def test_the_same_page_again_is_told_once_and_another_joins(house: House) -> None:
    house.take(page())
    before = len(house.journal.events("INC-0001"))
    assert house.take(page()).repeated == 1
    assert len(house.journal.events("INC-0001")) == before
    assert house.take(page("refusals", 20)).joined == ("INC-0001",)
    assert house.take(page("errors", 90)).opened == ("INC-0002",)


def test_two_pages_in_one_delivery_are_one_incident(house: House) -> None:
    placed = house.take(page(), page("errors", 1))
    assert (placed.opened, placed.accepted) == (("INC-0001",), 2)


def test_a_page_joins_what_a_person_opened_on_its_service(house: House) -> None:
    by_hand = house.journal.open_incident([house.first("odd answers", "support")])
    assert house.take(page()).joined == (by_hand,)
    assert [pin.trace for pin in fold(house.journal.events(by_hand)).pins] == [11, 12]
    assert house.take(page(), service="search").opened == ("INC-0002",)


@pytest.mark.parametrize(("status", "problem"), [(200, ""), (400, "it answered 400: bad"), (0, "can't be reached")])
def test_what_alertmanager_answers_is_told(status: int, problem: str) -> None:
    asked: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(json.loads(request.content))
        if not status:
            raise httpx.ConnectError("refused")
        return httpx.Response(status, text="bad")

    bell = Bell(Exchange("http://127.0.0.1:9", {}, transport=httpx.MockTransport(answer)), "s", timedelta(hours=1))
    said = bell.ring(page(), START)
    assert (problem in said) if problem else said == ""
    assert asked[0][0]["endsAt"] == "2026-11-21T03:00:00.000000Z"
    assert asked[0][0]["labels"]["alertname"] == "cockpit_other_tenant"
