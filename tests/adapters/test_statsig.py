"""Statsig: our requests fit the vendor's specification, and a rule is found again though its id moves."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from cockpit_adapters.statsig.auditlog import when
from cockpit_adapters.statsig.fake import BASE, FakeStatsig
from cockpit_adapters.values import percentage
from hypothesis import given
from hypothesis import strategies as st

from cockpit.errors import BadInput, Moved, Refused, Unsure
from cockpit.world.contract import Verdict
from cockpit.world.specimen import Said
from tests.adapters.hosted import TOKEN, Wire, connected, order, pull, soon

GATE, SHARE = "gate:llm_answers", f"share:llm_answers/{BASE}"

# What Console API 20240601.0.0 says of the requests that write.
WRITES = {
    ("PUT", "/console/v1/gates/llm_answers/disable"): None,
    ("PUT", "/console/v1/gates/llm_answers/enable"): None,
    ("PATCH", f"/console/v1/gates/llm_answers/rules/{BASE}%3A100.00%3A1"): {"passPercentage": (0, 100, 0.01)},
}
STATUSES = {"In Progress", "Launched", "Disabled", "Archived"}
NEEDED = set(
    [
        "id",
        "description",
        "lastModifierID",
        "lastModifiedTime",
        "lastModifierEmail",
        "lastModifierName",
        "createdTime",
        "creatorName",
        "checksPerHour",
        "status",
        "type",
        "typeReason",
        "isEnabled",
        "rules",
    ]
)


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Wire, FakeStatsig]:
    """Return a system, the wire to its fake, and the fake."""
    fake = FakeStatsig()
    return *connected(monkeypatch, "statsig", fake), fake


def test_what_is_written_fits_the_specification(project: tuple[Any, Wire, FakeStatsig]) -> None:
    system, wire, _ = project
    assert pull(system, SHARE, 2.5).value == 2.5
    assert pull(system, GATE, False).value is False
    assert pull(system, GATE, True).value is True
    assert {(one.method, one.path) for one in wire.writes} == WRITES.keys()
    for one in wire.writes:
        schema = WRITES[(one.method, one.path)]
        body = one.json()
        assert (body is None) == (schema is None)
        assert one.headers["statsig-api-key"] == TOKEN
        for name, (least, most, step) in (schema or {}).items():
            assert set(body) == {name}
            assert least <= body[name] <= most
            assert abs(body[name] / step - round(body[name] / step)) < 1e-6


def test_the_fakes_gate_fits_the_specification() -> None:
    fake = FakeStatsig()
    assert fake.gate.keys() >= NEEDED
    fake.move(on=False)
    assert fake.gate["status"] in STATUSES
    assert all({"name", "passPercentage", "conditions"} <= rule.keys() for rule in fake.gate["rules"])


def test_a_share_is_taken_back_though_the_rules_id_has_moved(project: tuple[Any, Wire, FakeStatsig]) -> None:
    system, wire, fake = project
    first = fake.rule["id"]
    pull(system, SHARE, 5)
    assert fake.rule["id"] != first
    assert pull(system, SHARE, 100).value == 100
    assert first.replace(":", "%3A") in wire.writes[0].path
    assert first.replace(":", "%3A") not in wire.writes[1].path


def test_a_repeat_sends_nothing_and_a_gate_that_moved_is_left(project: tuple[Any, Wire, FakeStatsig]) -> None:
    system, wire, fake = project
    write = order(GATE, False, system.read(GATE, soon()))
    system.write(write, soon())
    system.write(write, soon())
    assert len(wire.writes) == fake.applied == 1
    back = order(SHARE, 5, system.read(SHARE, soon()))
    fake.move(share=50)
    with pytest.raises(Moved, match=r"100 .* 50 now"):
        system.write(back, soon())


def test_reviews_are_respected_where_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    system, wire = connected(monkeypatch, "statsig", FakeStatsig(), {"respect_reviews": True})
    pull(system, GATE, False)
    assert wire.writes[0].headers["x-respect-review-settings"] == "true"
    assert [one.verdict for one in system.check(soon())] == [Verdict.FINE]


def test_the_doctor_says_that_reviews_are_passed_by(project: tuple[Any, Wire, FakeStatsig]) -> None:
    system, wire, _ = project
    assert [one.verdict for one in system.check(soon())] == [Verdict.FINE, Verdict.WARNING]
    wire.instead = lambda _: Said(401, {"status": 401, "message": "no"})
    found = system.check(soon())
    assert found[0].verdict is Verdict.WRONG
    assert "Console API key" in found[0].next_step
    assert all(one.next_step for one in found)


def test_an_archived_gate_is_neither_read_nor_touched(project: tuple[Any, Wire, FakeStatsig]) -> None:
    system, wire, fake = project
    plan = order(GATE, False, system.read(GATE, soon()))
    fake.gate["status"] = "Archived"
    with pytest.raises(Refused, match="archived"):
        system.read(GATE, soon())
    with pytest.raises(Refused, match="archived"):
        system.write(plan, soon())
    assert wire.writes == []


def test_a_rule_that_is_not_there_names_those_that_are(project: tuple[Any, Wire, FakeStatsig]) -> None:
    system, _, fake = project
    with pytest.raises(Refused, match="no rule other") as refused:
        system.read("share:llm_answers/other", soon())
    assert BASE in refused.value.hint
    assert system.read("share:llm_answers/Everyone", soon()).value == 100
    fake.gate["rules"].append(dict(fake.rule))
    with pytest.raises(Refused, match="2 rules"):
        system.read("share:llm_answers/Everyone", soon())


@pytest.mark.parametrize("body", [{}, {"data": []}, {"data": {}}, {"data": {"isEnabled": "yes"}}, []])
def test_an_answer_of_another_shape_is_no_value(project: tuple[Any, Wire, FakeStatsig], body: object) -> None:
    system, wire, _ = project
    wire.instead = lambda _: Said(200, body)
    with pytest.raises(Unsure):
        system.read(GATE, soon())


def test_the_audit_log_is_read_through_all_its_pages(project: tuple[Any, Wire, FakeStatsig]) -> None:
    system, wire, fake = project
    line = fake.log[0]
    fake.log[:] = [
        line | {"id": f"e{number}", "time": f"{number % 24:02}:00:00 GMT+0000 (x)"} for number in range(230)
    ]
    found = system.changes(datetime(2025, 11, 20, 0, tzinfo=UTC), soon())
    assert len(found) == 230
    assert found[0].at.hour == 23
    assert [one.query["page"] for one in wire.asked] == [["1"], ["2"], ["3"]]
    assert wire.asked[0].query["startDate"] == ["2025-11-20"]
    assert len(system.changes(datetime(2025, 11, 20, 23, tzinfo=UTC), soon())) == sum(
        n % 24 == 23 for n in range(230)
    )


def test_moments_of_the_audit_log() -> None:
    told = when("Mon Sep 26 2022", "23:46:14 GMT+0000 (Coordinated Universal Time)")
    assert told == datetime(2022, 9, 26, 23, 46, 14, tzinfo=UTC)
    assert when("yesterday", "noon") is None


@given(st.integers(0, 10_000))
def test_shares_are_read_as_people_write_them(hundredths: int) -> None:
    assert percentage(f"{hundredths / 100} %", 0.01) == hundredths / 100


@pytest.mark.parametrize("text", ["", "many", "-1", "100.01", "0.005", "inf"])
def test_what_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="no share"):
        percentage(text, 0.01)
