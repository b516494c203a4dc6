"""Roles change hands in one line each: never nobody between two, never two at once."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.events import Kind
from tests.tui.fakes import FakeController

REASON = "her train is in a tunnel"
PEOPLE = ("ada", "lin", "bob")
STEP = st.tuples(
    st.sampled_from(["take_role", "accept_role", "hand_over_role", "take_over_role", "release_role"]),
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
