"""Plans on real systems: what is there, what it would become, and why not."""

from __future__ import annotations

from typing import Any

import pytest

from cockpit.domain.clock import WallClock
from cockpit.errors import WorldError
from cockpit.world.fleet import Fleet, connect
from cockpit.world.options import LiveOptions
from cockpit.world.planner import Planner, expectation_of, fingerprint, write_of
from cockpit.world.secrets import secret_reader
from tests.live.conftest import Stage
from tests.live.toys import changing


def fleet_of(live: LiveOptions, **given: Any) -> Fleet:
    """Connect what cockpit.toml would say."""
    return connect(live, secret_reader({}), WallClock().now, **given)


def planner_of(stage: Stage) -> Planner:
    """Return a planner on the toy system."""
    live = stage.live()
    return Planner(live, fleet_of(live))


def test_a_plan_says_what_is_there_and_carries_all_it_takes(stage: Stage) -> None:
    plan = planner_of(stage).pull("revert_prompt", "", {})
    assert (plan.current, plan.target, plan.refused) == ("v3", "v2", "")
    write = write_of(plan.intent, "INC-1")
    assert (write.address, write.before, write.value, write.version) == ("prompt:support", "v3", "v2", "1")
    expected = expectation_of(plan.intent)
    assert expected is not None
    assert expected.allowed == ('"v2"',)


@pytest.mark.parametrize(
    ("lever", "target", "scope", "why"),
    [
        ("revert_prompt", "v3", {}, "already"),
        ("pin_model", "", {}, "wired to no system"),
        ("kill_switch", "", {"tenants": ["acme"]}, "takes no scope"),
    ],
)
def test_what_stands_against_a_pull_is_said(
    stage: Stage, lever: str, target: str, scope: dict[str, Any], why: str
) -> None:
    assert why in planner_of(stage).pull(lever, target, scope).refused


def test_there_is_nothing_before_the_first_version(stage: Stage) -> None:
    with changing(stage.file) as state:
        state["values"]["prompt:support"] = "v1"
    assert "no version before v1" in planner_of(stage).pull("revert_prompt", "", {}).refused


def test_every_plan_has_a_key_of_its_own(stage: Stage) -> None:
    planner = planner_of(stage)
    assert planner.pull("kill_switch", "", {}).intent["key"] != planner.pull("kill_switch", "", {}).intent["key"]


def test_a_proof_of_ones_own_is_filled_in(stage: Stage) -> None:
    stage.extra["levers"] = {
        "kill_switch": {
            "system": "toy",
            "control": "flag:answers",
            "proof": {"carrier": "header:x-tier", "expect": ["tier-{value}"], "forbid": ["primary"]},
        }
    }
    expected = expectation_of(planner_of(stage).pull("kill_switch", "off", {}).intent)
    assert expected is not None
    assert (expected.carrier, expected.allowed, expected.forbidden) == ("header:x-tier", ("tier-off",), ("primary",))


def test_readings_without_a_version_are_known_by_their_value(stage: Stage) -> None:
    reading = planner_of(stage).read("toy", "flag:answers")
    bare = type(reading)(reading.value)
    assert fingerprint(bare).startswith("#")
    assert fingerprint(bare) != fingerprint(type(reading)(not reading.value))


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ({"adapter": "nobody"}, "no adapter 'nobody'"),
        ({"adapter": "toy"}, "systems.toy.file"),
        ({"adapter": "toy", "file": "x", "colour": "red"}, "no such setting"),
        ({"adapter": "toy", "file": "x", "token": "sk-very-secret-token"}, "a secret is named, not written"),
    ],
)
def test_a_system_that_is_not_right_says_so_and_leaves_the_others(table: dict[str, Any], why: str) -> None:
    live = LiveOptions.model_validate(
        {"systems": {"toy": table, "other": {"adapter": "toy", "file": "/nowhere/toy.json"}}}
    )
    fleet = fleet_of(live)
    problem = fleet.members["toy"].problem
    assert problem is not None
    assert why in str(problem)
    assert "sk-very" not in f"{problem} {problem.hint}"
    assert fleet.member("other").system is not None
    with pytest.raises(WorldError, match="toy"):
        fleet.member("toy")


def test_a_drill_is_given_staging_systems_alone(stage: Stage) -> None:
    live = stage.live()
    assert fleet_of(live, staging_only=True).members["toy"].system is None
    stage.table["staging"] = True
    assert fleet_of(stage.live(), staging_only=True).members["toy"].system is not None
