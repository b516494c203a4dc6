"""Cadence, and what an update leaves out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.comms import missing_parts, next_due, overdue
from cockpit.domain.events import Kind
from cockpit.domain.playbook import Cadence
from tests.domain.lines import PAGE, state_of

CADENCE = Cadence(300, 1800)
ACK: tuple[float, Kind, dict[str, str]] = (20, Kind.ACKNOWLEDGED, {})
UPDATE = {"audience": "team", "state": "investigating", "text": "…"}


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
