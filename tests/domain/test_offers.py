"""An offered role: the receiver is asked, the giver is reminded and told of a no, and nobody else is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cockpit.domain.events import Kind
from cockpit.domain.guidance.next_step import next_step
from cockpit.playbooks.loader import load_playbook
from tests.domain.lines import PAGE, Lines, opened, pulled


def commanded() -> Lines:
    """Return an incident in hand that ada commands, who offers it to lin five minutes in."""
    lines = opened()
    for seconds, kind, told in (
        (20, Kind.ACKNOWLEDGED, {}),
        (40, Kind.SEVERITY_SET, {"severity": "SEV1"}),
        (41, Kind.DECLARED, {}),
        (50, Kind.EVIDENCE_FROZEN, {}),
        pulled(60, "kill_switch"),
        (62, Kind.LEVER_APPLIED, {"op": "L1"}),
        (65, Kind.LEVER_PROVEN, {"op": "L1"}),
        (70, Kind.ROLE_TAKEN, {"role": "ic"}),
        (80, Kind.UPDATE_POSTED, {"audience": "team", "state": "investigating", "text": "…"}),
        (300, Kind.ROLE_OFFERED, {"role": "ic", "to": "lin"}),
    ):
        lines.add(seconds, kind, **told)
    return lines


def advised(lines: Lines, seconds: float, actor: str) -> tuple[str, str]:
    advice = next_step(load_playbook(), lines.state, {}, PAGE + timedelta(seconds=seconds), actor=actor)
    return advice.action, f"{advice.text} {advice.why}"


@pytest.mark.parametrize(("seconds", "told"), [(310, False), (479, False), (490, True), (545, False), (670, True)])
def test_the_giver_is_reminded_of_an_offer_that_has_no_answer(seconds: float, told: bool) -> None:
    lines = commanded()
    action, words = advised(lines, seconds, "ada")
    assert ("Ask lin again about incident command" in words, "you hold it still" in words) == (told, told)
    assert (action == "hand_over_role") == told
    assert advised(lines, seconds, "bob")[0] != "hand_over_role"
    assert advised(lines, seconds, "lin")[0] == "accept_role"


def test_the_giver_is_told_of_a_no_with_its_reason_for_a_minute() -> None:
    lines = commanded()
    lines.add(330, Kind.ROLE_DECLINED, "lin", role="ic", giver="ada", reason="on a train")
    assert advised(lines, 335, "ada") == (
        "hand_over_role",
        "lin said no to incident command: on a train. You hold it still.",
    )
    assert advised(lines, 335, "lin")[0] not in ("accept_role", "hand_over_role")
    assert advised(lines, 395, "ada")[0] != "hand_over_role"
    assert lines.state.command.holders == {"ic": "ada"}
