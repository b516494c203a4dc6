"""Every action by name: what it writes, and why it is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cockpit.domain.events import Kind
from cockpit.domain.levers import Stage
from cockpit.errors import BadInput
from cockpit.session.action import schema
from cockpit.session.actions import ACTIONS, find
from tests.tui.fake_world import PAGE
from tests.tui.fakes import FakeController

CONTRACT = {
    "acknowledge": [],
    "declare": [],
    "set_severity": ["severity"],
    "set_class": ["class"],
    "set_layer": ["layer"],
    "answer": ["question", "answer"],
    "freeze_evidence": [],
    "pull_lever": ["lever", "target", "scope"],
    "undo_lever": ["lever"],
    "take_role": ["role"],
    "hand_over_role": ["role", "to"],
    "post_update": ["audience", "state", "text"],
    "pin_trace": ["trace"],
    "open_canary": ["percent"],
    "widen_canary": ["percent"],
    "note": ["text"],
    "all_clear": [],
}


@pytest.fixture
def incident() -> FakeController:
    return FakeController()


def do(incident: FakeController, name: str, actor: str = "you", **arguments: Any) -> str:
    """Carry out an action and return why it was refused, or an empty text."""
    return incident.session.do(name, arguments, actor=actor).refused


def contain(incident: FakeController) -> None:
    """Pull the kill switch and wait until harm is measured to have stopped."""
    assert do(incident, "pull_lever", lever="kill_switch") == ""
    incident.move(300)
    assert incident.session.state.contained


def finish(incident: FakeController) -> None:
    """Close what else the checklist of the all-clear asks for."""
    for name, arguments in FINISHED:
        assert do(incident, name, **arguments) == ""


FINISHED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("freeze_evidence", {}),
    ("set_class", {"class": "pii_leak"}),
    ("set_layer", {"layer": "retrieval"}),
    ("take_role", {"role": "ic"}),
    ("post_update", {"audience": "team", "state": "resolved", "text": "it is over"}),
)


@pytest.mark.parametrize(("name", "arguments"), CONTRACT.items())
def test_scripts_can_rely_on_names_and_arguments(name: str, arguments: list[str]) -> None:
    properties = schema(find(name))["properties"]
    assert set(arguments) <= set(properties)


def test_every_action_says_when_it_may_run_and_no_key_is_taken_twice() -> None:
    keys = [key for action in ACTIONS.values() for key in action.keys]
    assert len(keys) == len(set(keys))
    assert all(action.when and action.help and action.title for action in ACTIONS.values())


def test_no_key_carries_out_a_lever() -> None:
    assert ACTIONS["pull_lever"].keys == ()
    assert "lever" in ACTIONS["pull_lever"].needs


def test_nothing_but_notes_before_the_page() -> None:
    early = FakeController(at=PAGE - timedelta(seconds=10))
    assert "wait for the page" in do(early, "acknowledge")
    assert do(early, "note", text="quiet night") == ""


def test_a_refusal_is_on_record_with_its_reason(incident: FakeController) -> None:
    do(incident, "acknowledge")
    reason = do(incident, "acknowledge")
    last = incident.session.log[-1]
    assert last.kind is Kind.ACTION_REFUSED
    assert last.get("reason") == reason != ""


def test_severity_never_goes_below_the_security_floor(incident: FakeController) -> None:
    assert "not below SEV1" in do(incident, "set_severity", severity="SEV2")
    assert do(incident, "set_severity", severity="SEV1") == ""
    assert "SEV1" in do(incident, "set_severity", severity="SEV3")
    assert "there is no severity" in do(incident, "set_severity", severity="SEV9")


def test_calling_a_severity_declares_the_incident_once(incident: FakeController) -> None:
    do(incident, "set_severity", severity="SEV1")
    kinds = [event.kind for event in incident.session.log]
    assert kinds.count(Kind.DECLARED) == 1
    assert "declared already" in do(incident, "declare")


def test_class_is_written_under_its_own_name(incident: FakeController) -> None:
    assert do(incident, "set_class", **{"class": "pii_leak"}) == ""
    assert incident.session.state.triage.incident_class == "pii_leak"


def test_a_question_off_the_path_is_refused(incident: FakeController) -> None:
    first = incident.playbook.root
    other = next(name for name in incident.playbook.questions if name != first)
    assert "not on the way" in do(incident, "answer", question=other, answer="yes")
    assert "is no answer" in do(incident, "answer", question=first, answer="perhaps")


def test_a_lever_is_pulled_once_and_put_back_exactly(incident: FakeController) -> None:
    contain(incident)
    assert "pulled already" in do(incident, "pull_lever", lever="kill_switch")
    assert do(incident, "undo_lever", lever="kill_switch") == ""
    assert "being undone" in do(incident, "undo_lever", lever="kill_switch")
    incident.move(10)
    pull = incident.session.state.pulls[0]
    undo = incident.session.state.pulls[1]
    assert (pull.stage, undo.target) == (Stage.UNDONE, pull.before)
    assert incident.session.state.debt == ()


def test_unknown_levers_are_refused_with_the_list(incident: FakeController) -> None:
    reason = do(incident, "pull_lever", lever="big_red_button")
    assert "kill_switch" in reason


def test_a_kept_lever_is_no_debt(incident: FakeController) -> None:
    contain(incident)
    assert do(incident, "keep_lever", lever="kill_switch", owner="platform") == ""
    assert incident.session.state.debt == ()
    assert "permanent already" in do(incident, "keep_lever", lever="kill_switch")


def test_what_is_done_and_over_is_no_debt_and_can_be_done_again(incident: FakeController) -> None:
    assert do(incident, "pull_lever", lever="clear_sessions") == ""
    assert "pulled already" in do(incident, "pull_lever", lever="clear_sessions")
    incident.move(300)
    assert [(pull.once, pull.stage) for pull in incident.session.state.pulls] == [(True, Stage.PROVEN)]
    assert incident.session.state.debt == ()
    for action in ("undo_lever", "keep_lever"):
        assert "done and over" in do(incident, action, lever="clear_sessions")
    assert "no lever is pulled that could be undone" in incident.renew().refusals["undo_lever"]
    assert do(incident, "pull_lever", lever="clear_sessions") == ""
    assert [pull.stage for pull in incident.session.state.pulls] == [Stage.PROVEN, Stage.PULLED]


def test_exactly_one_commander_and_hand_over_needs_a_yes(incident: FakeController) -> None:
    assert do(incident, "take_role", role="ic") == ""
    assert "handed over, not taken" in do(incident, "take_role", role="ic", actor="ada")
    assert do(incident, "hand_over_role", role="ic", to="ada") == ""
    assert incident.session.state.command.holders["ic"] == "you"
    assert do(incident, "accept_role", role="ic", actor="lin") != ""
    assert do(incident, "accept_role", role="ic", actor="ada") == ""
    assert incident.session.state.command.holders["ic"] == "ada"
    assert "hand the role over" in do(incident, "release_role", role="ic", actor="ada")


def test_canary_needs_containment_and_its_watch(incident: FakeController) -> None:
    assert "nothing is closed" in do(incident, "open_canary")
    do(incident, "pull_lever", lever="kill_switch")
    assert "not been measured" in do(incident, "open_canary")
    incident.move(300)
    assert do(incident, "open_canary", percent=5) == ""
    assert "left at 5 %" in do(incident, "widen_canary", percent=100)
    assert "widen it to 100" in do(incident, "all_clear")


def test_canary_that_harms_is_closed_by_itself(incident: FakeController) -> None:
    contain(incident)
    do(incident, "open_canary", percent=5)
    incident.world.orders.clear()  # the leak is back for whoever is let in
    incident.move(120)
    canary = incident.session.state.canary
    assert canary is not None
    assert canary.state == "aborted"
    assert "leaks" in canary.reason


def test_canary_through_to_the_all_clear(incident: FakeController) -> None:
    contain(incident)
    do(incident, "open_canary", percent=5)
    incident.move(1205)
    assert do(incident, "widen_canary", percent=100) == ""
    incident.move(70)
    assert incident.session.state.debt == ()
    finish(incident)
    assert do(incident, "all_clear") == ""
    assert incident.session.log[-1].get("overridden") is None
    assert "all-clear has been given" in do(incident, "pull_lever", lever="cap_cost")


def test_every_open_point_of_the_all_clear_needs_a_reason_of_its_own(incident: FakeController) -> None:
    contain(incident)
    finish(incident)
    do(incident, "pull_lever", lever="cap_cost")
    incident.move(60)
    refused = do(incident, "all_clear")
    assert "Kill switch (reopened)" in refused
    assert "Cap cost (debt)" in refused
    for reasons, why in (
        ({"reopened": "the team decided"}, "(debt)"),
        ({"reopened": "the team decided", "debt": "no"}, "10 characters"),
        ({"weather": "the team decided"}, "no point 'weather'"),
    ):
        assert why in do(incident, "all_clear", reasons=reasons)
    given = {"reopened": "stays off until Monday", "debt": "the cap is harmless"}
    assert do(incident, "all_clear", reasons=given) == ""
    clearance = incident.session.state.clearance
    assert clearance is not None
    assert {one.point: one.reason for one in clearance.overrides} == given
    assert incident.session.log[-1].get("open_points") == [one.words for one in clearance.overrides]


def test_the_commander_may_go_once_all_is_clear(incident: FakeController) -> None:
    contain(incident)
    finish(incident)
    assert "hand the role over" in do(incident, "release_role", role="ic")
    assert do(incident, "all_clear", reasons={"reopened": "stays off until Monday"}) == ""
    assert do(incident, "release_role", role="ic") == ""


def test_all_clear_is_not_given_for_nothing(incident: FakeController) -> None:
    assert "pull a lever first" in do(incident, "all_clear")


def test_updates_name_what_they_leave_out(incident: FakeController) -> None:
    assert do(incident, "post_update", audience="internal", state="mitigated", text="We are looking into it") == ""
    update = incident.session.state.updates[-1]
    assert (update.audience, update.state) == ("team", "monitoring")
    assert "impact" in update.missing
    assert "no audience" in do(incident, "post_update", audience="martians", state="resolved", text="x")


def test_a_note_may_be_back_dated_but_not_promised(incident: FakeController) -> None:
    earlier = (PAGE - timedelta(minutes=3)).isoformat()
    assert do(incident, "note", text="deploy", at=earlier) == ""
    line = incident.session.log[-1]
    assert line.at == PAGE - timedelta(minutes=3)
    assert "future" in do(incident, "note", text="x", at=(PAGE + timedelta(days=1)).isoformat())
    assert "zone" in do(incident, "note", text="x", at="2026-11-21T02:00:00")


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("set_severty", {}, "set_severity"),
        ("set_severity", {"sev": "SEV1"}, "no argument 'sev'"),
        ("set_severity", {}, "severity"),
        ("acknowledge", {"who": "me"}, "takes no arguments"),
        ("open_canary", {"percent": "many"}, "percent"),
    ],
)
def test_wrong_use_is_told_and_nothing_is_written(
    incident: FakeController, name: str, arguments: dict[str, Any], message: str
) -> None:
    before = len(incident.session.log)
    with pytest.raises(BadInput, match=message) as caught:
        incident.session.do(name, arguments, actor="you")
    assert message in str(caught.value) + caught.value.hint
    assert len(incident.session.log) == before
