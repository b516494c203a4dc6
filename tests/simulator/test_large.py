"""Many requests: what is not kept is computed again, and comes out the same."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cockpit.domain.levers import LeverOrder
from cockpit.simulator import requests
from cockpit.simulator.loader import load_scenario
from cockpit.simulator.world import SimWorld


def told(name: str) -> str:
    """Return what a world tells of the minutes around a pull."""
    scenario = load_scenario(name)
    world = SimWorld(scenario, 5)
    pulled = scenario.page + timedelta(minutes=3)
    world.pull(LeverOrder("L1", "kill_switch", "", {}, pulled))
    since, until = pulled - timedelta(minutes=10), pulled + timedelta(minutes=10)
    return repr(  # a NaN equals nothing, not even itself
        (
            world.traces(since, until),
            world.verdicts(since, until),
            world.signals(until, 1200, 120),
            world.proof("L1", until, 50),
            world.happenings(scenario.start, scenario.end),
        )
    )


@pytest.mark.parametrize("name", ["injection-leak", "cost-runaway"])
def test_draws_that_are_not_kept_come_out_the_same(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = told(name)
    monkeypatch.setattr(requests, "KEEP_ROWS", 0)
    assert told(name) == kept
