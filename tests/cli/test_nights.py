"""The Acme night and its neighbours through the command line: what a good, a late and no response are worth."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.cli.command import ACME, BY_SCRIPT, NOTHING, REFERENCE, Cli

WAIT = 30 * 60
SEEDS = [
    pytest.param(seed, marks=() if seed == 1 else pytest.mark.integration, id=f"seed {seed}") for seed in range(1, 11)
]
SCENARIOS = ("injection-leak", "cost-runaway", "silent-model-update")


def later(at: str, seconds: int) -> str:
    """Move a step's time."""
    minutes, rest = at.split(":")
    whole = int(minutes) * 60 + int(rest) + seconds
    return f"{whole // 3600:02d}:{whole % 3600 // 60:02d}:{whole % 60:02d}"


@pytest.fixture(scope="session")
def late(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The Acme script, everything half an hour later."""
    script = yaml.safe_load(ACME.read_text())
    for step in script["steps"]:
        step["at"] = later(step["at"], WAIT)
    path: Path = tmp_path_factory.mktemp("scripts") / "late.yaml"
    path.write_text(yaml.safe_dump(script))
    return str(path)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_response_is_worth(cli: Cli, late: str, seed: int) -> None:
    waiting = (*BY_SCRIPT[:3], "--script", late, "--json")
    acme, nothing, reference, waited = (
        cli(*command, "--seed", str(seed)).json for command in (BY_SCRIPT, NOTHING, REFERENCE, waiting)
    )
    assert acme["parts"]["outcome"] >= 0.9
    assert nothing["parts"]["outcome"] == 0
    assert reference["parts"]["outcome"] == 1
    assert waited["parts"]["outcome"] < 0.6
    assert acme["harm"]["nothing"] == nothing["harm"]["yours"]
    assert acme["harm"]["reference"] == reference["harm"]["yours"] < nothing["harm"]["yours"]
    assert reference["gates"] == []
    assert reference["total"] >= 85
    assert nothing["total"] <= waited["total"] < acme["total"]


def test_the_acme_night_goes_as_it_went(played: Cli) -> None:
    score = played("score", "INC-0001", "--json").json
    assert score["gates"] == []
    assert score["times"]["contained"] <= 5 * 60
    status = played("status", "INC-0001", "--json").json
    assert status["stage"] == "over"
    assert status["canary"] == {"percent": 100.0, "state": "passed"}
    kinds = [line["kind"] for line in played("log", "show", "INC-0001", "--json").json]
    assert "action_refused" not in kinds


@pytest.mark.integration
@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("profile", ["default", "s0", "s2", "s3", "s4"])
def test_policies_bound_the_outcome_in_every_drill_and_profile(cli: Cli, scenario: str, profile: str) -> None:
    play = ("drill", scenario, "--headless", "--json", "--profile", profile, "--seed", "4")
    nothing, reference = (cli(*play, "--policy", policy).json for policy in ("nothing", "reference"))
    assert (nothing["parts"]["outcome"], reference["parts"]["outcome"]) == (0, 1)
    assert reference["harm"]["reference"] < 0.7 * reference["harm"]["nothing"]
    assert reference["profile"] == profile
