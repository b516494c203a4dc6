"""Clocks of law and regulation: started by people from their own anchors, and never by themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cockpit.domain.legal import Duty, running
from cockpit.errors import ScenarioError
from cockpit.playbooks.legal import ClocksFile
from cockpit.playbooks.loader import load_playbook
from cockpit.playbooks.reading import read_model
from tests.tui.fakes import FakeController

FRIDAY = datetime(2026, 1, 30, 22, 0, tzinfo=UTC)


def do(incident: FakeController, name: str, **arguments: Any) -> str:
    return incident.session.do(name, arguments, actor="dana").refused


@pytest.mark.parametrize(
    ("duty", "due"),
    [
        (Duty("x", hours=72), datetime(2026, 2, 2, 22, 0, tzinfo=UTC)),
        (Duty("x", business_days=4), datetime(2026, 2, 5, 22, 0, tzinfo=UTC)),
        (Duty("x", months=1), datetime(2026, 2, 28, 22, 0, tzinfo=UTC)),
        (Duty("x", months=12), datetime(2027, 1, 30, 22, 0, tzinfo=UTC)),
    ],
)
def test_each_unit_counts_from_the_anchor(duty: Duty, due: datetime) -> None:
    assert duty.due(FRIDAY) == due


def test_no_clock_runs_before_somebody_starts_it() -> None:
    incident = FakeController()
    incident.move(3600)
    assert running(incident.session.state) == ()


def test_a_clock_counts_from_when_somebody_became_aware_not_from_when_it_was_written_down() -> None:
    incident = FakeController()
    incident.move(600)
    now = incident.session.state.page_at
    assert now is not None
    assert do(incident, "start_clock", clock="gdpr_33", aware="Lee", at="5m") == ""
    [one] = running(incident.session.state)
    assert (one.aware, one.starter, one.what) == ("Lee", "dana", "notify the authority")
    assert one.due - one.anchor == timedelta(hours=72)
    stood = incident.snapshot()
    assert stood is not None
    assert stood.now - one.anchor == timedelta(minutes=5)


def test_one_duty_is_met_and_the_others_go_on() -> None:
    incident = FakeController()
    assert do(incident, "start_clock", clock="nis2_23", aware="Lee") == ""
    assert do(incident, "stop_clock", clock="nis2_23", duty="early warning", reason="sent by mail") == ""
    assert [one.what for one in running(incident.session.state)] == ["notification", "final report"]
    assert do(incident, "stop_clock", clock="nis2_23", reason="does not apply: no essential entity") == ""
    assert running(incident.session.state) == ()
    assert next(one.over for one in incident.session.state.clocks) == "sent by mail"


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"clock": "moon", "aware": "Lee"}, "there is no clock 'moon'"),
        ({"clock": "gdpr_33", "aware": " "}, "say who became aware"),
        ({"clock": "gdpr_33", "aware": "Lee", "at": "soon"}, "'soon' is no moment"),
        ({"clock": "gdpr_33", "aware": "Lee", "at": "2031-01-01"}, "lies in the future"),
    ],
)
def test_a_start_that_says_too_little_is_refused(asked: dict[str, str], why: str) -> None:
    assert why in do(FakeController(), "start_clock", **asked)


def test_a_clock_that_runs_is_not_started_twice_and_is_not_stopped_without_a_word() -> None:
    incident = FakeController()
    assert do(incident, "stop_clock", clock="gdpr_33", reason="x") == "no clock runs"
    assert do(incident, "start_clock", clock="gdpr_33", aware="Lee") == ""
    assert do(incident, "start_clock", clock="gdpr_33", aware="Lee") == "gdpr_33 runs already"
    assert "say why" in do(incident, "stop_clock", clock="gdpr_33", reason=" ")
    assert "no open duty" in do(incident, "stop_clock", clock="gdpr_33", duty="dance", reason="met")


def test_every_clock_says_where_and_when_it_was_read() -> None:
    clocks = load_playbook().clocks
    assert len(clocks) >= 8
    assert all(one.source and one.checked and one.anchor and one.duties for one in clocks)


@pytest.mark.parametrize("wrong", ["{what: x}", "{what: x, hours: 1, days: 1}", "{what: x, hours: -1}"])
def test_a_duty_without_one_time_is_refused(wrong: str) -> None:
    text = f"clocks:\n  - {{id: a, title: a, anchor: a, who: a, source: a, checked: 2026-01-01, duties: [{wrong}]}}\n"
    with pytest.raises(ScenarioError):
        read_model(text, "clocks.yaml", ClocksFile)
