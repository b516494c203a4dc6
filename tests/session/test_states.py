"""Any sequence of actions, by anybody, at any time: no crash, and no impossible state."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.events import Kind
from cockpit.domain.incident import IncidentState, fold
from cockpit.domain.levers import Stage
from cockpit.domain.parts import ROLES
from cockpit.session.action import schema
from cockpit.session.actions import ACTIONS
from tests.examples import examples
from tests.tui.fake_world import LEVERS
from tests.tui.fakes import FakeController
from tests.tui.live_world import live

NAMES = [name for name, *_ in LEVERS]
ARGUMENTS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "set_severity": st.fixed_dictionaries({"severity": st.sampled_from(["SEV1", "SEV2", "SEV3", "SEV4", ""])}),
    "set_class": st.fixed_dictionaries({"class": st.sampled_from(["pii_leak", "drift", "no such"])}),
    "set_layer": st.fixed_dictionaries({"layer": st.sampled_from(["model", "prompt", "rag", "moon"])}),
    "answer": st.fixed_dictionaries(
        {
            "question": st.sampled_from(["risk", "at_risk", "stopped", "changed"]),
            "answer": st.sampled_from(["yes", "no"]),
        }
    ),
    "characterise": st.fixed_dictionaries({"since": st.text(max_size=5)}),
    "set_scope": st.fixed_dictionaries({"prompt": st.text(max_size=5)}),
    "set_hypothesis": st.fixed_dictionaries({"hypothesis": st.text(max_size=9)}),
    "pin_trace": st.fixed_dictionaries({"trace": st.integers(-5, 500)}),
    "note": st.fixed_dictionaries({"text": st.text(max_size=20)}),
    "pull_lever": st.fixed_dictionaries({"lever": st.sampled_from([*NAMES, "nothing"])}),
    "undo_lever": st.fixed_dictionaries({"lever": st.sampled_from(NAMES)}),
    "approve_lever": st.fixed_dictionaries({"lever": st.sampled_from(NAMES)}),
    "withdraw_lever": st.fixed_dictionaries({"lever": st.sampled_from(NAMES)}),
    "keep_lever": st.fixed_dictionaries({"lever": st.sampled_from(NAMES)}),
    "open_canary": st.fixed_dictionaries({"percent": st.floats(-5, 150)}),
    "widen_canary": st.fixed_dictionaries({"percent": st.floats(-5, 150)}),
    "take_role": st.fixed_dictionaries({"role": st.sampled_from([*ROLES, "king"])}),
    "hand_over_role": st.fixed_dictionaries(
        {"role": st.sampled_from(ROLES), "to": st.sampled_from(["ada", "lin", ""])}
    ),
    "accept_role": st.fixed_dictionaries({"role": st.sampled_from(ROLES)}),
    "release_role": st.fixed_dictionaries({"role": st.sampled_from(ROLES)}),
    "post_update": st.fixed_dictionaries(
        {"audience": st.sampled_from(["team", "x"]), "state": st.just("resolved"), "text": st.text(max_size=30)}
    ),
    "set_speed": st.fixed_dictionaries({"speed": st.floats(-1, 100)}),
}
PLAIN: dict[str, st.SearchStrategy[Any]] = {
    "string": st.text(max_size=12),
    "integer": st.integers(-5, 500),
    "number": st.floats(-5, 500),
    "boolean": st.booleans(),
    "array": st.just([]),
}


def arguments_of(name: str) -> st.SearchStrategy[dict[str, Any]]:
    """Make arguments of the right types for an action that none are written down for here."""
    shape = schema(ACTIONS[name])
    needed = {one: PLAIN[shape["properties"][one]["type"]] for one in shape.get("required", ())}
    return st.fixed_dictionaries(needed)


STEP = st.one_of(
    st.tuples(st.just("wait"), st.just({}), st.integers(1, 400)),
    *(
        st.tuples(
            st.just(name),
            ARGUMENTS[name] if name in ARGUMENTS else arguments_of(name),
            st.sampled_from(["you", "ada", "lin"]),
        )
        for name in ACTIONS
        if name != "end_drill"
    ),
)


def check(state: IncidentState) -> None:
    """Hold a state against what can never be."""
    holding = [hold for hold in state.command.holds if hold.until is None]
    assert len({hold.role for hold in holding}) == len(holding)
    assert {hold.role: hold.who for hold in holding} == dict(state.command.holders)
    for lever in NAMES:
        standing = [pull for pull in state.pulls if pull.lever == lever and pull.in_force]
        assert len({(pull.target, str(pull.scope)) for pull in standing}) == len(standing)
    ops = [pull.op for pull in state.pulls]
    assert len(ops) == len(set(ops))
    if state.all_clear_at and state.simulated:
        assert any(pull.lever for pull in state.pulls)


@settings(max_examples=examples(25), deadline=None)
@given(st.lists(STEP, max_size=40))
def test_no_sequence_of_actions_reaches_an_impossible_state(steps: list[tuple[str, dict[str, Any], Any]]) -> None:
    play(FakeController(), steps)


@settings(max_examples=examples(25), deadline=None)
@given(st.lists(STEP, max_size=40), st.sampled_from([1, 2]), st.sampled_from(["", "unknown", "refused"]))
def test_nor_does_any_on_real_systems(steps: list[tuple[str, dict[str, Any], Any]], people: int, fate: str) -> None:
    incident = live(people=people)
    incident.world.fates["revert_prompt"] = fate
    play(incident, steps)
    for pull in incident.session.state.pulls:
        assert people == 1 or pull.alone or (pull.proposer and pull.proposer != pull.actor)
        assert pull.stored or pull.stage not in (Stage.PROVEN, Stage.NOT_PROVEN, Stage.UNDONE)


def play(incident: FakeController, steps: list[tuple[str, dict[str, Any], Any]]) -> None:
    """Carry the steps out, and hold every state and the whole journal against what can never be."""
    for name, arguments, who in steps:
        if name == "wait":
            incident.move(float(who))
        else:
            incident.session.do(name, arguments, actor=who)
        check(incident.session.state)
    log = incident.session.log
    assert fold(log) == incident.session.state
    assert sum(event.kind is Kind.ACKNOWLEDGED for event in log) <= 1
    assert sum(event.kind is Kind.ALL_CLEAR_GIVEN for event in log) <= 1
