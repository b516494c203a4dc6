"""Any response to any drill, however foolish: it plays to the end, and it is scored."""

from __future__ import annotations

import json
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.domain.clock import WallClock
from cockpit.domain.parts import ROLES
from cockpit.drill.debrief import debrief, to_markdown, to_text
from cockpit.drill.headless import play
from cockpit.drill.open import Setup, begin
from cockpit.drill.score import score_run
from cockpit.drill.script import Script, ScriptStep
from cockpit.journal.log import Journal
from tests.examples import examples

SCENARIOS = ("injection-leak", "cost-runaway", "silent-model-update")
LEVERS = st.sampled_from(
    [
        "revert_prompt",
        "pin_model",
        "disable_tool",
        "guardrail_block",
        "fallback_model",
        "cap_cost",
        "kill_switch",
        "lower_temperature",
        "tighten_prompt",
        "shallower_retrieval",
        "cached_path",
        "longer_timeout",
        "disclaimer",
        "disable_query_type",
        "disable_tenant",
        "clear_sessions",
        "flush_cache",
        "no_such_lever",
    ]
)
SCOPES = st.sampled_from([{}, {"tenants": ["acme"]}, {"routes": ["/support"]}, {"routes": ["/nowhere"]}, {"x": 1}])
WORDS = st.sampled_from(
    ["model", "prompt", "retrieval", "tool", "infra", "pii_leak", "drift", "cost_runaway", "moon"]
)
ACTIONS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "acknowledge": st.just({}),
    "declare": st.just({}),
    "set_severity": st.fixed_dictionaries({"severity": st.sampled_from(["SEV1", "SEV2", "SEV3", "SEV4", "SEV9"])}),
    "set_class": st.fixed_dictionaries({"class": WORDS}),
    "set_layer": st.fixed_dictionaries({"layer": WORDS}, optional={"change": st.text(max_size=8)}),
    "answer": st.fixed_dictionaries(
        {"question": st.sampled_from(["at_risk", "on_the_wire", "changed", "undone"]), "answer": st.just("yes")}
    ),
    "freeze_evidence": st.just({}),
    "pull_lever": st.fixed_dictionaries({"lever": LEVERS}, optional={"scope": SCOPES, "target": st.text(max_size=4)}),
    "undo_lever": st.fixed_dictionaries({"lever": LEVERS}),
    "take_role": st.fixed_dictionaries({"role": st.sampled_from(ROLES)}),
    "hand_over_role": st.fixed_dictionaries({"role": st.sampled_from(ROLES), "to": st.just("Lin Zhou")}),
    "post_update": st.fixed_dictionaries(
        {
            "audience": st.sampled_from(["team", "customers"]),
            "state": st.just("resolved"),
            "text": st.text(max_size=40),
        }
    ),
    "pin_trace": st.fixed_dictionaries({"trace": st.integers(-1, 30_000)}),
    "open_canary": st.fixed_dictionaries({"percent": st.floats(0.1, 100)}),
    "widen_canary": st.fixed_dictionaries({"percent": st.floats(1, 100)}),
    "note": st.fixed_dictionaries({"text": st.text(max_size=20)}),
    "all_clear": st.just({}),
}
STEP = st.one_of(*(st.tuples(st.integers(0, 3900), st.just(name), arguments) for name, arguments in ACTIONS.items()))
RESPONSE = st.lists(STEP, max_size=25)


def check(scenario: str, seed: int, steps: list[tuple[int, str, dict[str, Any]]]) -> None:
    """Play a response and hold its score against what every score must be."""
    ordered = sorted(steps, key=lambda step: step[0])
    script = Script("ada", tuple(ScriptStep(timedelta(seconds=at), name, given) for at, name, given in ordered))
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal.open(Path(folder) / "journal.db", clock=WallClock())
        incident = begin(journal, Setup(scenario, seed))
        state = play(journal, incident, script).session.state
        events = journal.events(incident)
        verdict = journal.verify(incident)
        journal.close()
    assert verdict.ok
    assert state.ended
    whole = score_run(events).as_json()
    json.dumps(whole, allow_nan=False)
    assert 0 <= whole["total"] <= 100
    assert all(value is None or 0 <= value <= 1 for value in whole["parts"].values())
    assert all(1 <= seq <= len(events) for seqs in whole["evidence"].values() for seq in seqs)


@settings(max_examples=examples(3), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SCENARIOS), st.integers(0, 2**63 - 1), RESPONSE)
def test_any_response_is_played_and_scored(scenario: str, seed: int, steps: list[Any]) -> None:
    check(scenario, seed, steps)


@pytest.mark.integration
@pytest.mark.timeout(900)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SCENARIOS), st.integers(0, 2**63 - 1), RESPONSE)
def test_a_hundred_responses_are_played_and_scored(scenario: str, seed: int, steps: list[Any]) -> None:
    check(scenario, seed, steps)


@pytest.mark.integration
@pytest.mark.timeout(900)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SCENARIOS), RESPONSE)
def test_any_response_has_a_debrief(scenario: str, steps: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal.open(Path(folder) / "journal.db", clock=WallClock())
        incident = begin(journal, Setup(scenario, 1))
        ordered = sorted(steps, key=lambda step: step[0])
        script = Script("ada", tuple(ScriptStep(timedelta(seconds=at), name, given) for at, name, given in ordered))
        play(journal, incident, script)
        made = debrief(journal.events(incident))
        journal.close()
    assert to_text(made)
    assert to_markdown(made)
