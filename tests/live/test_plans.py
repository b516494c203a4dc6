"""Plans on a system that does not answer: refused by name, with nothing sent."""

from __future__ import annotations

import time

import pytest

from cockpit.domain.clock import WallClock
from cockpit.errors import Unsure
from cockpit.world.fleet import connect
from cockpit.world.planner import Planner
from cockpit.world.plans import FreshPlans
from cockpit.world.secrets import secret_reader
from tests.live.conftest import Stage
from tests.live.toys import ToySystem


def silent(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> FreshPlans:
    """Return plans on a system of which no value can be read."""
    live = stage.live()
    planner = Planner(live, connect(live, secret_reader({}), WallClock().now))

    def read(*_: str) -> None:
        raise Unsure("no answer within 5 s (GET /flags)")

    monkeypatch.setattr(planner, "read", read)
    return FreshPlans(planner, time.monotonic)


def test_a_system_that_does_not_answer_is_named_and_left_alone(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    told = "toy can't be asked, so nothing was sent to it: no answer within 5 s (GET /flags)"
    plans = silent(stage, monkeypatch)
    assert plans.pull("kill_switch", "", {}).refused == told
    assert plans.canary(5.0).refused == told


def test_an_adapter_that_fails_in_a_way_of_its_own_refuses_the_plan(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def control(self: ToySystem, address: str) -> None:
        raise KeyError(address)

    monkeypatch.setattr(ToySystem, "control", control)
    live = stage.live()
    planner = Planner(live, connect(live, secret_reader({}), WallClock().now))
    told = "toy can't be asked, so nothing was sent to it: its adapter failed (KeyError)"
    assert FreshPlans(planner, time.monotonic).pull("kill_switch", "", {}).refused == told
