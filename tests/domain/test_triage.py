"""Walking the decision tree: what is open, what is advised, what goes on record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.events import Kind
from cockpit.domain.parts import Answer
from cockpit.domain.triage import advised_levers, facts_on_record, open_question, symptoms_for, walk
from cockpit.playbooks.loader import load_playbook
from tests.domain.lines import PAGE, state_of

PLAYBOOK = load_playbook()


def answered(**answers: str) -> list[tuple[float, Kind, Mapping[str, str]]]:
    return [
        (60 + number, Kind.QUESTION_ANSWERED, {"question": question, "answer": answer})
        for number, (question, answer) in enumerate(answers.items())
    ]


@pytest.mark.parametrize(
    ("answers", "then"),
    [
        ({}, "at_risk"),
        ({"at_risk": "yes"}, "on_the_wire"),
        ({"at_risk": "yes", "on_the_wire": "yes"}, "changed"),
        ({"at_risk": "yes", "on_the_wire": "no"}, None),
        ({"at_risk": "no"}, "changed"),
        ({"at_risk": "no", "changed": "prompt"}, "undone"),
        ({"at_risk": "no", "changed": "nothing"}, "layer"),
        ({"at_risk": "no", "changed": "prompt", "undone": "no"}, "layer"),
        ({"at_risk": "no", "changed": "prompt", "undone": "yes"}, None),
        ({"at_risk": "maybe"}, "at_risk"),
    ],
)
def test_the_next_question(answers: dict[str, str], then: str | None) -> None:
    question = open_question(PLAYBOOK, state_of(*answered(**answers)).triage.answers)
    assert (question.id if question else None) == then


def test_users_at_risk_mean_the_kill_switch() -> None:
    assert advised_levers(PLAYBOOK, state_of(*answered(at_risk="yes")))[0] == "kill_switch"


@pytest.mark.parametrize(
    ("changed", "lever"), [("prompt", "revert_prompt"), ("model", "pin_model"), ("tool", "disable_tool")]
)
def test_what_changed_is_undone(changed: str, lever: str) -> None:
    assert advised_levers(PLAYBOOK, state_of(*answered(at_risk="no", changed=changed)))[0] == lever


def test_an_answer_can_be_taken_back_and_its_facts_go_with_it() -> None:
    steps = answered(at_risk="yes")
    assert facts_on_record(PLAYBOOK, state_of(*steps))["users_at_risk"] is True
    again = [*steps, (90.0, Kind.QUESTION_ANSWERED, {"question": "at_risk", "answer": "no"})]
    assert facts_on_record(PLAYBOOK, state_of(*again))["users_at_risk"] is False


def test_an_answer_off_the_way_is_not_on_record() -> None:
    assert "undo_helped" not in facts_on_record(PLAYBOOK, state_of(*answered(undone="yes")))


def test_the_class_brings_its_own_levers() -> None:
    state = state_of((60, Kind.CLASS_SET, {"class": "cost_runaway"}))
    assert advised_levers(PLAYBOOK, state) == ("disable_tool", "cap_cost", "kill_switch")


def test_a_signal_opens_its_rows() -> None:
    assert [row.id for row in symptoms_for(PLAYBOOK, "refusal_pct")] == ["refusals"]
    assert symptoms_for(PLAYBOOK, "no such signal") == ()


@given(
    st.dictionaries(st.sampled_from([*PLAYBOOK.questions, "x"]), st.sampled_from(["yes", "no", "prompt", "cannot"]))
)
def test_any_answers_lead_somewhere_and_never_in_a_circle(answers: dict[str, str]) -> None:
    given_ = {name: Answer(answer, PAGE + timedelta(minutes=1), "ada", 3) for name, answer in answers.items()}
    steps = list(walk(PLAYBOOK, given_))
    assert steps[0].question.id == PLAYBOOK.root
    assert len({step.question.id for step in steps}) == len(steps)
    assert all(step.option is not None for step in steps[:-1])
