"""Roles change hands in one line each: never nobody between two, never two at once."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.events import Kind, NewEvent, Source
from cockpit.domain.offers import ANSWER_S, NEWS_S, to_remind
from tests.tui.fakes import FakeController

REASON = "her train is in a tunnel"
PEOPLE = ("ada", "lin", "bob")
STEP = st.tuples(
    st.sampled_from(["take_role", "accept_role", "decline_role", "hand_over_role", "take_over_role", "release_role"]),
    st.sampled_from(PEOPLE),
    st.sampled_from(PEOPLE),
)


def do(incident: FakeController, name: str, actor: str, **arguments: Any) -> str:
    return incident.session.do(name, {"role": "ic", **arguments}, actor=actor).refused


def test_a_role_is_taken_over_from_somebody_who_is_gone_with_a_reason_on_record() -> None:
    incident = FakeController(mode="live")
    assert "nobody else holds ic" in do(incident, "take_over_role", "lin", reason=REASON)
    do(incident, "take_role", "ada")
    assert "handed over, not taken" in do(incident, "take_role", "lin")
    assert "why ada can't hand it over" in do(incident, "take_over_role", "lin", reason="gone")
    assert do(incident, "take_over_role", "lin", reason=REASON) == ""
    line = incident.session.log[-1]
    assert (line.kind, line.actor, line.get("giver"), line.get("reason")) == (
        Kind.ROLE_TAKEN,
        "lin",
        "ada",
        REASON,
    )
    command = incident.session.state.command
    assert command.holders == {"ic": "lin"}
    assert [(hold.who, hold.until) for hold in command.holds] == [("ada", line.at), ("lin", None)]


def test_nobody_goes_missing_in_a_drill() -> None:
    incident = FakeController()
    do(incident, "take_role", "ada")
    assert "in a drill" in do(incident, "take_over_role", "lin", reason=REASON)


def test_whoever_is_offered_a_role_may_decline_it_and_the_giver_holds_it_still() -> None:
    incident = FakeController(mode="live")
    do(incident, "take_role", "ada")
    since = incident.session.state.command.holds[0].since
    assert "nobody is handing you ic" in do(incident, "decline_role", "lin")
    do(incident, "hand_over_role", "ada", to="lin")
    assert "nobody is handing you ic" in do(incident, "decline_role", "bob")
    incident.clock.move_to(incident.clock.now() + timedelta(seconds=30))
    assert do(incident, "decline_role", "lin", reason=REASON) == ""
    line, command = incident.session.log[-1], incident.session.state.command
    assert (line.kind, line.actor, line.get("giver"), line.get("reason")) == (
        Kind.ROLE_DECLINED,
        "lin",
        "ada",
        REASON,
    )
    assert (command.holders, command.offers) == ({"ic": "ada"}, {})
    assert [(hold.who, hold.since, hold.until) for hold in command.holds] == [("ada", since, None)]
    assert (command.declined["ic"].offer.to, command.declined["ic"].reason) == ("lin", REASON)
    assert "nobody is handing you ic" in do(incident, "accept_role", "lin")


def test_a_no_is_told_until_the_role_is_offered_again() -> None:
    incident = FakeController(mode="live")
    do(incident, "take_role", "ada")
    for _ in range(2):
        do(incident, "hand_over_role", "ada", to="lin")
        assert incident.session.state.command.declined == {}
        assert do(incident, "decline_role", "lin") == ""
        assert incident.session.state.command.declined["ic"].reason == ""


def test_a_no_that_nobody_was_asked_for_changes_nothing() -> None:
    incident = FakeController(mode="live")
    do(incident, "take_role", "ada")
    do(incident, "hand_over_role", "ada", to="lin")
    before = incident.session.state.command
    stray = NewEvent(Kind.ROLE_DECLINED, incident.clock.now(), "bob", Source.PERSON, {"role": "ic", "giver": "ada"})
    incident.session.record([stray])
    assert incident.session.state.command == before


def test_the_giver_is_reminded_of_an_offer_that_nobody_answers_for_a_while_at_a_time() -> None:
    incident = FakeController(mode="live")
    do(incident, "take_role", "ada")
    do(incident, "hand_over_role", "ada", to="lin")
    command, now = incident.session.state.command, incident.clock.now()
    moments = (0, ANSWER_S - 1, ANSWER_S, ANSWER_S + NEWS_S, 2 * ANSWER_S, 9 * ANSWER_S + NEWS_S / 2)
    told = [to_remind(command, "ada", now + timedelta(seconds=after)) is not None for after in moments]
    assert told == [False, False, True, False, True, True]
    assert to_remind(command, "lin", now + timedelta(seconds=ANSWER_S)) is None


@given(st.lists(STEP, max_size=25))
def test_once_somebody_commands_exactly_one_does_at_every_line(steps: list[tuple[str, str, str]]) -> None:
    incident = FakeController(mode="live")
    commanded = False
    for name, actor, other in steps:
        more = {"to": other} if name == "hand_over_role" else {"reason": REASON} if name == "take_over_role" else {}
        do(incident, name, actor, **more)
        incident.clock.move_to(incident.clock.now())
        holds = [hold for hold in incident.session.state.command.holds if hold.role == "ic"]
        commanding = [hold for hold in holds if hold.until is None]
        commanded = commanded or bool(commanding)
        assert len(commanding) == commanded
        assert all(before.until == after.since for before, after in pairwise(holds))
