"""Incidents on real systems: versions, two people, doubt, and what nothing measures."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cockpit.domain.events import Kind
from cockpit.domain.levers import Stage
from tests.tui.fakes import FakeController
from tests.tui.live_world import LiveController, beside, live

KILL = {"lever": "kill_switch"}
REASON = "nobody answers the pager, users are harmed"


def do(incident: FakeController, name: str, **arguments: Any) -> str:
    """Carry out an action as the person there and return why it was refused, or an empty text."""
    return incident.do(name, arguments).result().refused


def test_whoever_opens_a_live_incident_has_seen_it() -> None:
    state = live(actor="ada").session.state
    assert state.page_at == state.started_at == state.milestones["ack"]
    assert state.present == ("ada",)


@pytest.mark.parametrize(("mode", "action"), [("live", "end_drill"), ("live", "pause"), ("range", "set_speed")])
def test_real_time_is_not_stopped(mode: str, action: str) -> None:
    arguments = {"speed": 2.0} if action == "set_speed" else {}
    assert do(live(mode=mode), action, **arguments) != ""


def test_an_exercise_on_real_systems_can_be_ended() -> None:
    incident = live(mode="range")
    assert do(incident, "end_drill") == ""
    assert incident.session.state.ended


def test_a_pull_planned_on_another_value_is_refused_with_both() -> None:
    incident = live()
    plan = incident.plan("kill_switch").result()
    incident.world.meddle("kill_switch", "faq-old")
    reason = do(incident, "pull_lever", lever="kill_switch", seen=plan.version, saw=plan.current)
    assert "since you looked: it was on (version 12), now it is faq-old (version 13)" in reason
    assert incident.session.state.pulls == ()
    again = incident.plan("kill_switch").result()
    assert do(incident, "pull_lever", lever="kill_switch", seen=again.version, saw=again.current) == ""


def test_the_journal_keeps_what_was_planned() -> None:
    incident = live()
    do(incident, "pull_lever", **KILL)
    pull = incident.session.state.pulls[0]
    assert (pull.version, pull.before, pull.intent["system"]) == ("12", "on", "flags")


def test_an_undo_does_not_overwrite_somebody_else() -> None:
    incident = live()
    do(incident, "pull_lever", **KILL)
    incident.move(10)
    incident.world.meddle("kill_switch", "maintenance")
    reason = do(incident, "undo_lever", **KILL)
    assert "set to faq" in reason
    assert "maintenance now" in reason


def two() -> tuple[LiveController, LiveController]:
    ada = live(2, actor="ada")
    return ada, beside(ada, "lin")


def test_a_second_person_approves_what_the_first_proposed() -> None:
    ada, lin = two()
    assert do(ada, "pull_lever", **KILL) == ""
    assert (ada.session.state.pulls, ada.world.orders) == ((), [])
    assert "somebody else has to approve" in do(ada, "approve_lever", **KILL)
    assert "ada has proposed" in do(lin, "pull_lever", **KILL)
    assert do(lin, "approve_lever", **KILL) == ""
    pull = lin.session.state.pulls[0]
    assert (pull.proposer, pull.actor, lin.session.state.proposals) == ("ada", "lin", ())
    assert [order.op for order in ada.world.orders] == ["L1"]


def test_an_approval_is_worth_nothing_on_another_value() -> None:
    ada, lin = two()
    do(ada, "pull_lever", **KILL)
    ada.world.meddle("kill_switch", "half")
    reason = do(lin, "approve_lever", **KILL)
    assert "since ada proposed this: it was on (version 12), now it is half (version 13)" in reason
    assert ada.world.orders == []
    assert do(lin, "withdraw_lever", lever="kill_switch", reason="moved") == ""
    assert "nobody has proposed" in do(ada, "approve_lever", **KILL)


def test_the_undo_takes_two_as_well() -> None:
    ada, lin = two()
    do(ada, "pull_lever", **KILL)
    do(lin, "approve_lever", **KILL)
    lin.move(10)
    assert do(lin, "undo_lever", **KILL) == ""
    assert do(ada, "approve_lever", **KILL) == ""
    ada.move(10)
    assert ada.session.state.pulls[0].stage is Stage.UNDONE


def test_going_alone_takes_a_reason_that_is_told() -> None:
    ada, _ = two()
    assert "10 characters" in do(ada, "pull_lever", lever="kill_switch", alone="hurry")
    assert do(ada, "pull_lever", lever="kill_switch", alone=REASON) == ""
    assert ada.session.state.pulls[0].alone == REASON
    assert ada.session.log[-1].get("alone") == REASON


def test_going_alone_settles_what_was_proposed() -> None:
    ada, lin = two()
    do(ada, "pull_lever", **KILL)
    assert do(lin, "pull_lever", lever="kill_switch", alone=REASON) == ""
    assert lin.session.state.proposals == ()


def test_what_nobody_can_tell_is_left_alone_until_it_is_settled() -> None:
    incident = live()
    incident.world.fates["kill_switch"] = "unknown"
    do(incident, "pull_lever", **KILL)
    incident.move(10)
    assert incident.session.state.pulls[0].stage is Stage.UNKNOWN
    for action in ("pull_lever", "undo_lever"):
        assert "nobody can tell yet whether L1 arrived" in do(incident, action, **KILL)
    assert do(incident, "pull_lever", lever="revert_prompt") == ""
    incident.world.settle("L1", incident.clock.now() + timedelta(seconds=2))
    incident.move(6)
    assert incident.session.state.pulls[0].stored


def test_what_was_refused_says_why_and_may_be_pulled_again() -> None:
    incident = live()
    incident.world.fates["kill_switch"] = "refused"
    do(incident, "pull_lever", **KILL)
    incident.move(10)
    pull = incident.session.state.pulls[0]
    assert (pull.stage, pull.in_force) == (Stage.REFUSED, False)
    assert "it was on when you planned" in pull.reason
    incident.world.fates.clear()
    assert do(incident, "pull_lever", **KILL) == ""


def test_nothing_is_contained_that_nothing_measures() -> None:
    incident = live()
    incident.world.measured = False
    do(incident, "pull_lever", **KILL)
    snapshot = incident.move(900)
    assert snapshot.state.pulls[0].stage is Stage.PROVEN
    assert not snapshot.state.contained
    assert "no harm signal is configured" in do(incident, "open_canary")


def test_an_all_clear_that_nothing_measured_is_answered_for_by_a_person() -> None:
    incident = live()
    incident.world.measured = False
    incident.move(5)
    assert "how you know" in do(incident, "all_clear")
    said = dict.fromkeys(("evidence", "named", "told", "ic"), "nobody else is awake")
    assert "nobody is in command (ic)" in do(incident, "all_clear", judged="read fifty answers, none leaks")
    assert do(incident, "all_clear", judged="read fifty answers, none leaks", reasons=said) == ""
    assert "harm is not measured to have stopped" in incident.session.log[-1].get("open_points")
    assert incident.session.log[-1].get("judged") == "read fifty answers, none leaks"
    assert do(incident, "note", text="the vendor called back") == ""


def test_no_word_of_a_person_stands_against_a_signal() -> None:
    assert "harm goes on: leaks" in do(live(), "all_clear", judged="it looks fine to me")


def test_probes_without_an_answer_prove_nothing() -> None:
    incident = live()
    incident.world.probed = False
    do(incident, "pull_lever", **KILL)
    pull = incident.move(300).state.pulls[0]
    assert pull.stage is Stage.NOT_PROVEN
    assert "not one answer has come" in pull.reason


def test_advice_tells_each_person_what_they_can_do() -> None:
    ada, lin = two()
    for name, arguments in (("set_severity", {"severity": "SEV1"}), ("pull_lever", KILL)):
        do(ada, name, **arguments)
    assert (lin.renew().advice.action, "ada proposes" in lin.renew().advice.text) == ("approve_lever", True)
    assert "second person" in ada.renew().advice.text


def test_joining_is_on_record_and_offers_a_name_to_hand_over_to() -> None:
    ada, lin = two()
    event = lin.session.context("lin").event(Kind.ATTACHED, name="lin", where="bastion")
    lin.session.record([event])
    assert "lin" in ada.renew().people
    assert "ada" in lin.renew().people


def test_a_canary_that_can_not_be_closed_says_so_and_is_tried_again() -> None:
    incident = live()
    do(incident, "set_severity", severity="SEV1")
    do(incident, "pull_lever", **KILL)
    incident.move(300)
    assert do(incident, "open_canary") == ""
    assert do(incident, "abort_canary") == ""
    canary = incident.session.state.canary
    assert canary is not None
    event = incident.session.context("flags").event(Kind.LEVER_REFUSED, op=canary.op, reason="not allowed")
    incident.session.record([event])
    state = incident.renew().state
    assert state.canary is not None
    assert (state.canary.state, state.canary.open) == ("stuck", True)
    assert incident.renew().advice.action == "abort_canary"
    incident.move(40)
    assert incident.session.state.canary is not None
    assert incident.session.state.canary.op != canary.op
