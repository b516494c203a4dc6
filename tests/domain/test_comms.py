"""Cadence, templates, and what an update leaves out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.comms import fill, impact, missing_parts, next_after, next_due, overdue
from cockpit.domain.events import Kind
from cockpit.domain.playbook import Cadence, Fact
from cockpit.playbooks.loader import load_playbook
from tests.domain.lines import PAGE, pulled, state_of

CADENCE = Cadence(300, 1800)
ACK: tuple[float, Kind, dict[str, str]] = (20, Kind.ACKNOWLEDGED, {})
UPDATE = {"audience": "team", "state": "investigating", "text": "…"}


@pytest.mark.parametrize("template", load_playbook().templates, ids=lambda one: f"{one.audience}-{one.state}")
@pytest.mark.parametrize("facts", [{}, {"users_harmed": 41.0, "leak_seen": True, "affected_tenants": 1.0}])
def test_a_filled_template_leaves_nothing_out(template: object, facts: dict[str, Fact]) -> None:
    state = state_of(ACK, (60, Kind.SEVERITY_SET, {"severity": "SEV1"}), pulled(90, "kill_switch"))
    now = PAGE + timedelta(minutes=3)
    text = fill(template, state, facts, now, next_after(now, CADENCE))  # type: ignore[arg-type]
    assert missing_parts(text) == ()
    assert "$" not in text


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("", ("status", "impact", "action", "next update")),
        ("We are on it.", ("status", "impact", "action", "next update")),
        ("Investigating.", ("impact", "action", "next update")),
        ("mitigation applied, monitoring", ("impact", "action", "next update")),
        ("Investigating wrong answers for some customers.", ("action", "next update")),
        ("Investigating. 41 users saw wrong answers. Kill switch is on.", ("next update",)),
        ("Investigating. 41 users saw wrong answers. Kill switch is on. Next update 02:48 UTC.", ()),
        ("We investigate; 12 % of requests fail; we rolled back the prompt; updates every 30 minutes", ()),
        ("RESOLVED - impact: 3 tenants. Action: retrieval filter shipped. No further updates.", ()),
        ("Customers will hear from us.", ("status", "impact", "action", "next update")),
    ],
)
def test_what_an_update_leaves_out(text: str, missing: tuple[str, ...]) -> None:
    assert missing_parts(text) == missing


@given(st.text(max_size=400))
def test_any_text_can_be_read(text: str) -> None:
    assert set(missing_parts(text)) <= {"status", "impact", "action", "next update"}


def test_long_text_is_read_quickly() -> None:
    assert "next update" in missing_parts("next update " * 20_000)


def test_nothing_is_due_before_anybody_is_there() -> None:
    assert next_due(state_of(), CADENCE) is None


def test_the_first_update_is_due_from_the_declaration_or_else_the_acknowledgement() -> None:
    assert next_due(state_of(ACK), CADENCE) == PAGE + timedelta(seconds=320)
    assert next_due(state_of(ACK, (60, Kind.DECLARED, {})), CADENCE) == PAGE + timedelta(seconds=360)


def test_after_an_update_the_next_is_due() -> None:
    state = state_of(ACK, (100, Kind.UPDATE_POSTED, UPDATE))
    assert next_due(state, CADENCE) == PAGE + timedelta(seconds=1900)
    assert overdue(state, CADENCE, PAGE + timedelta(seconds=1960)) == 60
    assert overdue(state, CADENCE, PAGE + timedelta(seconds=200)) == 0


def test_the_all_clear_stops_the_cadence() -> None:
    assert next_due(state_of(ACK, (100, Kind.ALL_CLEAR_GIVEN, {})), CADENCE) is None


def test_a_profile_may_ask_for_a_cadence_at_its_worst_only() -> None:
    only = Cadence(300, 1800, ("SEV1",))
    assert next_due(state_of(ACK), only) is not None
    assert next_due(state_of(ACK, (60, Kind.SEVERITY_SET, {"severity": "SEV3"})), only) is None
    assert next_due(state_of(ACK, (60, Kind.SEVERITY_SET, {"severity": "SEV1"})), only) is not None


def test_the_impact_is_told_in_counts() -> None:
    assert impact({"users_harmed": 1.0, "cost_ratio": 40.0}) == "1 user hit so far, cost 40× the usual"
    assert impact({}).startswith("being measured")
    assert impact({"users_harmed": float("nan"), "leak_seen": "yes"}).startswith("being measured")


def test_hostile_words_in_a_title_stay_tame() -> None:
    template = next(one for one in load_playbook().templates if one.audience == "team")
    state = state_of((5, Kind.CHARACTERISED, {"since": "\x1b[2J$ic\u202e"}))
    text = fill(template, state, {}, PAGE, None)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "$ic" in text
