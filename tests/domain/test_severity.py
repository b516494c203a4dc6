"""The rubric: which rule fires, what it suggests, and how low nobody may go."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.facts import FACTS
from cockpit.domain.playbook import Condition, Fact
from cockpit.domain.severity import check_rules, floor, suggested
from cockpit.playbooks.loader import load_profile, profile_names

_VALUES = st.one_of(st.booleans(), st.floats(0, 1000), st.sampled_from(["pii_leak", "drift", "cost_runaway"]))


@pytest.mark.parametrize(
    ("profile", "facts", "expected"),
    [
        ("default", {"leak_seen": True, "users_harmed": 1}, "SEV1"),
        ("default", {"cost_ratio": 250.0}, "SEV1"),
        ("default", {"cost_ratio": 40.0}, "SEV2"),
        ("default", {"cost_ratio": 4.0}, "SEV3"),
        ("default", {"degraded_share": 0.3}, "SEV2"),
        ("default", {"degraded_share": 0.1}, "SEV3"),
        ("default", {"degraded_share": 0.3, "class": "hallucination"}, "SEV1"),
        ("default", {"p99_ratio": 3.0}, "SEV3"),
        ("default", {"error_ratio": 1.0, "cost_ratio": 1.0, "leak_seen": False}, None),
        ("s0", {"cost_ratio": 2.0}, "SEV2"),
        ("s0", {"cost_ratio": 500.0}, "SEV2"),
        ("s2", {"cost_ratio": 2.5}, "SEV3"),
        ("s3", {"cost_ratio": 2.5}, "SEV2"),
        ("s4", {"quality_drop": 3.0}, "S2"),
        ("s4", {"users_harmed": 3, "affected_tenants": 1}, "S3"),
        ("s4", {"class": "hallucination"}, "S2"),
        ("s4", {"class": "hallucination", "regulated": True}, "S1"),
        ("s4", {"class": "jailbreak", "regulated": False}, "S2"),
        ("s4", {"class": "jailbreak", "regulated": True}, "S1"),
        ("s2", {"error_pct": 80.0}, "SEV2"),
        ("default", {"error_pct": 80.0}, "SEV2"),
    ],
)
def test_what_the_founding_documents_say(profile: str, facts: dict[str, Fact], expected: str | None) -> None:
    chosen = load_profile(profile)
    assert suggested(chosen, check_rules(chosen, facts)) == expected


@pytest.mark.parametrize("profile", profile_names())
@pytest.mark.parametrize("fact", ["leak_seen", "injection_seen", "unauthorised_action"])
def test_the_security_boundary_is_a_floor_in_every_profile(profile: str, fact: str) -> None:
    chosen = load_profile(profile)
    held = floor(chosen, check_rules(chosen, {fact: True, "users_harmed": 1.0}))
    assert held is not None
    assert held.rule.severity == chosen.scale[0]


@pytest.mark.parametrize("profile", profile_names())
@pytest.mark.parametrize("breach", ["pii_leak", "injection", "unauthorised_action"])
def test_a_breach_that_was_named_has_the_floor_too(profile: str, breach: str) -> None:
    chosen = load_profile(profile)
    known = chosen.class_for(breach)
    assert known is not None
    held = floor(chosen, check_rules(chosen, {"class": known.id}))
    assert (held is not None) == (breach in FLOORED[profile])


FLOORED = {
    "default": {"pii_leak", "injection", "unauthorised_action"},
    "s0": {"pii_leak", "injection", "unauthorised_action"},
    "s2": {"pii_leak", "injection", "unauthorised_action"},
    "s3": {"pii_leak", "injection", "unauthorised_action"},
    "s4": {"pii_leak"},  # its jailbreaks may be soft; one that is seen to be obeyed has the floor by its fact
}
"""Which breaches hold the floor by their class alone."""


@given(st.dictionaries(st.sampled_from(sorted(FACTS)), _VALUES), st.sampled_from(profile_names()))
def test_any_facts_are_judged_and_the_floor_is_never_above_the_suggestion(facts: dict[str, Fact], name: str) -> None:
    profile = load_profile(name)
    checks = check_rules(profile, facts)
    held, called = floor(profile, checks), suggested(profile, checks)
    assert called is None or called in profile.scale
    if held is not None:
        assert called is not None
        assert not profile.worse(held.rule.severity, called)


@given(st.sampled_from(["==", "!=", ">=", "<=", ">", "<"]), _VALUES, _VALUES)
def test_a_condition_on_an_unknown_fact_never_holds(op: str, known: Fact, value: Fact) -> None:
    condition = Condition("cost_ratio", op, value)
    assert not condition.holds({})
    assert isinstance(condition.holds({"cost_ratio": known}), bool)


def test_the_evidence_names_what_was_looked_at() -> None:
    profile = load_profile("default")
    fired = [check for check in check_rules(profile, {"cost_ratio": 40.0}) if check.fired]
    assert fired[0].evidence == "cost_ratio 40"
