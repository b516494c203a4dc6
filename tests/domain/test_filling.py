"""Templates of updates: every one filled, in the words of whoever reads it, and true to the record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cockpit.domain.comms import missing_parts, next_after
from cockpit.domain.events import Kind
from cockpit.domain.filling import fill
from cockpit.domain.incident import IncidentState
from cockpit.domain.parts import AUDIENCES, UPDATE_STATES
from cockpit.domain.playbook import Fact, UpdateTemplate
from cockpit.domain.wording import impact
from cockpit.playbooks.loader import load_playbook
from cockpit.session.lint_update import lint_update
from tests.domain.lines import PAGE, pulled, state_of

PLAYBOOK = load_playbook()
LEAK: dict[str, Fact] = {"users_harmed": 41.0, "leak_seen": True, "affected_tenants": 3.0, "degraded_share": 0.2}
ACK: tuple[float, Kind, dict[str, Any]] = (20, Kind.ACKNOWLEDGED, {})
CALLED: tuple[float, Kind, dict[str, Any]] = (60, Kind.SEVERITY_SET, {"severity": "SEV1"})
KILLED = [pulled(90, "kill_switch"), (95, Kind.LEVER_APPLIED, {"op": "L1"}), (99, Kind.LEVER_PROVEN, {"op": "L1"})]
NAMED: tuple[float, Kind, dict[str, Any]] = (
    120, Kind.LAYER_SET, {"layer": "retrieval", "component": "index shared-3", "change": "index:shared-3"}
)  # fmt: skip
CASE: tuple[float, Kind, dict[str, Any]] = (900, Kind.FIXTURE_ADDED, {"case": {"id": "inj-1"}, "trace": "7"})
INSIDE = ("lever", "debt", "fixture", "kill switch", "canary", "retrieval", "shared-3", "sev1", "tenant", "support-")
"""Words that only the team reads."""


def filled(audience: str, status: str, state: IncidentState, facts: dict[str, Fact] | None = None) -> str:
    template = PLAYBOOK.template(audience, status)
    assert template is not None
    now = PAGE + timedelta(minutes=20)
    due = next_after(now, PLAYBOOK.profile.cadence)
    return fill(template, state, LEAK if facts is None else facts, now, due, PLAYBOOK.levers)


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("status", UPDATE_STATES)
@pytest.mark.parametrize("facts", [{}, LEAK], ids=["nothing known", "a leak"])
@pytest.mark.parametrize("steps", [[], [ACK, CALLED, *KILLED, NAMED, CASE]], ids=["at the page", "in hand"])
def test_a_filled_template_leaves_nothing_out_and_says_nothing_wrong(
    audience: str, status: str, facts: dict[str, Fact], steps: list[Any]
) -> None:
    text = filled(audience, status, state_of(*steps), facts)
    assert missing_parts(text) == ()
    assert lint_update(text) == []
    assert "$" not in text
    assert "  " not in text


@pytest.mark.parametrize("status", UPDATE_STATES)
def test_customers_read_nothing_of_how_it_is_run(status: str) -> None:
    text = filled("customers", status, state_of(ACK, CALLED, *KILLED, NAMED, CASE)).lower()
    assert [word for word in INSIDE if word in text] == []
    assert "the support assistant" in text


@pytest.mark.parametrize("audience", ["executives", "legal"])
def test_others_read_what_was_done_in_plain_words(audience: str) -> None:
    text = filled(audience, "monitoring", state_of(ACK, CALLED, *KILLED, NAMED))
    assert "switched the AI answers off" in text
    assert "Kill switch" not in text
    assert "the data that it looks up (suspected, not proven)" in filled(
        audience, "identified", state_of(ACK, CALLED, NAMED)
    )
    doubted = state_of(ACK, CALLED, pulled(90, "kill_switch"))
    assert "switched the AI answers off (not confirmed yet)" in filled(audience, "monitoring", doubted)


@pytest.mark.parametrize(
    ("audience", "debt", "case"),
    [
        ("team", "Lever debt, to be undone or kept: Kill switch.", "Fixture still to be proven: inj-1."),
        ("executives", "One measure is temporary", ""),
        ("legal", "One measure is temporary", ""),
        ("customers", "Parts of it stay switched off for now.", ""),
    ],
)
def test_what_is_left_is_told_only_where_there_is_any(audience: str, debt: str, case: str) -> None:
    assert debt in filled(audience, "resolved", state_of(ACK, CALLED, *KILLED))
    settled = state_of(ACK, CALLED, *KILLED, (500, Kind.LEVER_KEPT, {"op": "L1", "owner": "platform"}))
    text = filled(audience, "resolved", settled)
    assert debt not in text
    assert "fixture" not in text.lower()
    with_case = filled(audience, "resolved", state_of(ACK, CALLED, CASE))
    assert case in with_case
    assert ("fixture" in with_case.lower()) == bool(case)


def test_what_is_resolved_tells_no_gauges_of_this_moment_and_when_it_ended() -> None:
    over = state_of(ACK, CALLED, *KILLED, (300, Kind.CONTAINED, {}))
    assert "41 users hit in 3 tenants, data of other customers was shown, from 02:14 UTC to 02:19 UTC" in filled(
        "team", "resolved", over
    )
    assert "20% of answers degraded now, since 02:14 UTC" in filled("team", "monitoring", over)


def test_legal_reads_whether_evidence_is_kept_and_which_clocks_run() -> None:
    bare = filled("legal", "investigating", state_of(ACK))
    assert "Evidence: not frozen yet. Clocks: none started." in bare
    duty = {"what": "notify the authority", "due": "2026-06-15T02:16:00.000000Z"}
    clock = (700, Kind.CLOCK_STARTED, {"clock": "gdpr_33", "title": "GDPR, article 33", "duties": [duty]})
    text = filled("legal", "investigating", state_of(ACK, (30, Kind.EVIDENCE_FROZEN, {}), clock))
    assert "Evidence: frozen at 02:14 UTC." in text
    assert "Clocks: GDPR, article 33, notify the authority by 2026-06-15 02:16 UTC." in text


def test_the_impact_is_told_in_counts() -> None:
    assert impact({"users_harmed": 1.0, "cost_ratio": 40.0}) == "1 user hit so far, cost 40× the usual"
    assert impact({"affected_tenants": 1.0}) == "1 tenant hit so far"
    assert impact({"cost_ratio": 40.0}, over=True) == "nobody known to be hit"
    assert impact({}).startswith("being measured")
    assert impact({"users_harmed": float("nan"), "leak_seen": "yes"}).startswith("being measured")


def test_hostile_words_in_what_was_measured_stay_tame() -> None:
    template = UpdateTemplate("team", "investigating", "since $since")
    state = state_of((5, Kind.CHARACTERISED, {"since": "\x1b[2J$ic\u202e"}))
    text = fill(template, state, {}, PAGE, None)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "$ic" in text
