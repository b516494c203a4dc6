"""Google's dashboard: only running incidents of our products count, by their impact."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from cockpit_adapters.google_status.fake import FakeGoogleStatus

from cockpit.errors import WorldError
from cockpit.world.contract import Verdict
from cockpit.world.specimen import Said
from tests.adapters.hosted import Wire, connected, soon

GEMINI, STORAGE = "Z0FZJAMvEB4j3NbCJs6B", "vwNjdWa8CmEXtXpDjWwR"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def dashboard(monkeypatch: pytest.MonkeyPatch, fake: FakeGoogleStatus, *products: str) -> tuple[Any, Wire]:
    """Return a dashboard's system and the wire to it."""
    return connected(monkeypatch, "google_status", fake, {"token": "", "components": list(products)})


@pytest.mark.parametrize(("product", "overall"), [(GEMINI, "degraded"), (STORAGE, "operational")])
def test_only_running_incidents_of_our_products_count(
    monkeypatch: pytest.MonkeyPatch, product: str, overall: str
) -> None:
    assert dashboard(monkeypatch, FakeGoogleStatus(), product)[0].status(soon()).overall == overall


@pytest.mark.parametrize(
    ("impact", "overall"),
    [
        ("SERVICE_OUTAGE", "outage"),
        ("SERVICE_DISRUPTION", "degraded"),
        ("SERVICE_INFORMATION", "monitoring"),
        ("SOMETHING_NEW", "unknown"),
        (None, "unknown"),
    ],
)
def test_the_impact_counts_and_not_the_severity(
    monkeypatch: pytest.MonkeyPatch, impact: str | None, overall: str
) -> None:
    fake = FakeGoogleStatus()
    assert fake.incidents[0]["severity"] == "low"
    fake.incidents[0]["status_impact"] = impact
    assert dashboard(monkeypatch, fake, GEMINI)[0].status(soon()).overall == overall


@pytest.mark.parametrize(
    ("end", "state"), [(None, "open"), ("2026-11-21T05:50:00+00:00", "resolved"), ("x", "unknown")]
)
def test_an_incident_runs_until_it_has_an_end(monkeypatch: pytest.MonkeyPatch, end: str | None, state: str) -> None:
    fake = FakeGoogleStatus()
    fake.incidents[0]["end"] = end
    assert dashboard(monkeypatch, fake, GEMINI)[0].status(soon()).news[0].state == state


def test_an_incident_without_products_matters_to_all(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeGoogleStatus()
    del fake.incidents[0]["affected_products"]
    assert dashboard(monkeypatch, fake, STORAGE)[0].status(soon()).overall == "degraded"


def test_updates_are_changes_oldest_state_first(monkeypatch: pytest.MonkeyPatch) -> None:
    found = dashboard(monkeypatch, FakeGoogleStatus(), GEMINI)[0].changes(LONG_AGO, soon())
    assert [(one.before, one.after) for one in found] == [
        ("SERVICE_INFORMATION", "SERVICE_DISRUPTION"),
        ("", "SERVICE_INFORMATION"),
    ]
    assert found[0].what.startswith("Vertex Gemini API")


BROKEN = [b"<html>", b"", b"{}", b"null", b"[{", b'[1, "x"]', b" " * (17 << 20)]


@pytest.mark.parametrize("body", BROKEN)
def test_what_can_not_be_read_is_unknown(monkeypatch: pytest.MonkeyPatch, body: bytes) -> None:
    system, wire = dashboard(monkeypatch, FakeGoogleStatus())
    wire.instead = lambda _: Said(200, body)
    assert system.status(soon()).overall == "unknown"
    assert all(one.verdict is not Verdict.FINE and one.next_step for one in system.check(soon()))


def test_a_dashboard_that_does_not_answer_has_no_changes_to_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    system, wire = dashboard(monkeypatch, FakeGoogleStatus())
    wire.instead = lambda _: Said(503, b"")
    with pytest.raises(WorldError):
        system.changes(LONG_AGO, soon())


def test_the_dashboard_of_workspace_keeps_its_path(monkeypatch: pytest.MonkeyPatch) -> None:
    options = {"token": "", "url": "https://www.google.com/appsstatus/dashboard"}
    system, wire = connected(monkeypatch, "google_status", FakeGoogleStatus(), options)
    system.status(soon())
    assert wire.asked[0].path == "/appsstatus/dashboard/incidents.json"
