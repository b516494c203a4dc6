"""The all-clear's checklist says of lever debt what is so, and names each lever once."""

from __future__ import annotations

import pytest

from cockpit.domain.checklist import Point, checklist
from cockpit.playbooks.loader import load_playbook
from tests.domain.lines import pulled, state_of


def debt_after(*levers: str) -> Point:
    pulls = [pulled(60.0 + place, lever, f"L{place}") for place, lever in enumerate(levers)]
    points = checklist(state_of(*pulls), load_playbook(), measured=True)
    return next(point for point in points if point.id == "debt")


@pytest.mark.parametrize(
    ("levers", "done", "words"),
    [
        ((), True, "no lever debt"),
        (("kill_switch",), True, "no other lever debt"),  # it is named where service has to be re-opened
        (("revert_prompt",), False, "lever debt: Revert prompt"),
        (("kill_switch", "revert_prompt"), False, "lever debt: Revert prompt"),
    ],
)
def test_debt_is_told_as_it_is(levers: tuple[str, ...], done: bool, words: str) -> None:
    point = debt_after(*levers)
    assert (point.done, point.words) == (done, words)
