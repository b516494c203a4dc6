"""Playing without a screen: scripts and policies, refused steps, and the same bytes for the same play."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import ACME, BY_SCRIPT, NOTHING, ROOT, SCENARIOS, Cli

HEADLESS = ("drill", "injection-leak", "--headless")


def bare(printed: str) -> str:
    """Return a score without what tells two plays of the same apart, byte for byte as it was printed."""
    score = json.loads(printed)
    return printed.replace(score["incident"], "?").replace(score["journal"]["head"], "?")


def script(folder: Path, text: str) -> str:
    """Write a response script."""
    path = folder / "script.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def events(cli: Cli, *kinds: str) -> list[dict[str, Any]]:
    """Return the lines of some kinds of the first incident."""
    lines: list[dict[str, Any]] = cli("log", "show", "INC-0001", "--json").json
    return [line for line in lines if line["kind"] in kinds]


def test_the_same_play_gives_the_same_bytes_in_one_folder_and_in_two(cli: Cli, played: Cli) -> None:
    first, second = cli(*BY_SCRIPT), cli(*BY_SCRIPT)
    other = played("score", "INC-0001", "--json")
    assert bare(first.out) == bare(second.out) == bare(other.out)
    assert (first.json["incident"], second.json["incident"], other.json["incident"]) == (
        "INC-0001",
        "INC-0002",
        "INC-0001",
    )


@pytest.mark.integration
def test_fresh_processes_with_other_hash_seeds_give_the_same_bytes(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "cockpit", *BY_SCRIPT]
    running = [
        subprocess.Popen(
            [*command, "--data", str(tmp_path / seed)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"},
        )
        for seed, zone in (("1", "UTC"), ("4242", "Asia/Tokyo"))
    ]
    printed = [process.communicate(timeout=60)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0]
    assert bare(printed[0]) == bare(printed[1])


@pytest.mark.parametrize("name", ["cost-runaway", pytest.param("silent-model-update", marks=pytest.mark.integration)])
def test_the_reference_is_not_held_to_be_a_failure(cli: Cli, name: str) -> None:
    score = cli("drill", name, "--headless", "--policy", "reference", "--json").json
    assert score["gates"] == []
    assert score["total"] >= 85


def test_seed_profile_and_name_are_taken(cli: Cli) -> None:
    score = cli(*NOTHING, "--seed", "12", "--profile", "s2", "--as", "grace").json
    assert (score["seed"], score["profile"]) == (12, "s2")
    first = events(cli, "incident_opened")[0]
    assert (first["actor"], first["payload"]["seed"], first["payload"]["responder"]) == ("grace", 12, "grace")


def test_another_seed_is_another_night(cli: Cli) -> None:
    assert cli(*NOTHING, "--seed", "0").json["harm"] != cli(*NOTHING, "--seed", str(2**63 - 1)).json["harm"]


def test_without_json_people_get_the_total(cli: Cli) -> None:
    answer = cli(*HEADLESS, "--policy", "nothing")
    assert answer.code == 0
    assert answer.out.startswith("INC-0001: injection-leak seed 1 scores 0")


@pytest.mark.usefixtures("few_what_ifs")
def test_a_scenario_may_be_a_file(cli: Cli, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text((SCENARIOS / "injection-leak.yaml").read_text())
    by_file = cli("drill", str(own), "--headless", "--policy", "nothing", "--json")
    assert bare(by_file.out) == bare(cli(*NOTHING).out)
    own.unlink()
    assert cli("score", "INC-0001", "--json").out == by_file.out, "the journal alone must do"
    assert cli("debrief", "INC-0001").code == 0


def test_steps_that_may_not_run_are_recorded_and_the_play_goes_on(cli: Cli, tmp_path: Path) -> None:
    text = """
responder: ada
steps:
  - {at: "00:10", do: acknowledge}
  - {at: "00:11", do: acknowledge}
  - {at: "00:12", do: widen_canary, with: {percent: 100}}
  - {at: "00:13", do: all_clear}
  - {at: "00:14", do: set_severity, with: {severity: SEV9}}
  - {at: "00:15", do: pull_lever, with: {lever: no_such_lever}}
  - {at: "00:16", do: pull_lever, with: {lever: revert_prompt, target: v999}}
  - {at: "00:17", do: pull_lever, with: {lever: kill_switch, target: nonsense}}
  - {at: "00:18", do: pull_lever, with: {lever: kill_switch, scope: {routes: [/nowhere]}}}
  - {at: "00:19", do: undo_lever, with: {lever: kill_switch}}
  - {at: "00:20", do: hand_over_role, with: {role: ic, to: bob}}
  - {at: "00:21", do: pin_trace, with: {trace: 99999999999999999999999}}
  - {at: "00:22", do: answer, with: {question: nonsense, answer: "yes"}}
  - {at: "00:23", do: characterise, with: {fraction: 7.5}}
  - {at: "00:24", do: post_update, with: {audience: martians, state: investigating, text: hello}}
  - {at: "00:30", do: note, with: {text: still here}}
"""
    answer = cli(*HEADLESS, "--script", script(tmp_path, text), "--json")
    assert answer.code == 0
    refused = events(cli, "action_refused")
    assert len(refused) == 14
    assert all(line["payload"]["reason"] and line["actor"] == "ada" for line in refused)
    assert [line["payload"]["text"] for line in events(cli, "noted")] == ["still here"]
    assert events(cli, "lever_pulled") == []


def test_steps_after_the_end_are_refused(cli: Cli, tmp_path: Path) -> None:
    text = """
steps:
  - {at: "00:10", do: end_drill}
  - {at: "00:20", do: note, with: {text: late}}
  - {at: "99:00:00", do: note, with: {text: never}}
"""
    assert cli(*HEADLESS, "--script", script(tmp_path, text)).code == 0
    assert [line["payload"]["action"] for line in events(cli, "action_refused")] == ["note", "note"]
    assert len(events(cli, "drill_ended")) == 1


def test_steps_are_played_in_order_of_time_by_whom_they_name(cli: Cli, tmp_path: Path) -> None:
    text = """
responder: ada
steps:
  - {at: "2:00", do: note, with: {text: second}, as: grace}
  - {at: "00:01:00", do: note, with: {text: first}}
  - {at: "61:00", do: note, with: {text: beyond the end}}
"""
    assert cli(*HEADLESS, "--script", script(tmp_path, text)).code == 0
    noted = events(cli, "noted")
    assert [(line["payload"]["text"], line["actor"]) for line in noted] == [("first", "ada"), ("second", "grace")]


def test_without_a_target_a_lever_takes_the_sensible_one(cli: Cli, tmp_path: Path) -> None:
    text = 'steps: [{at: "01:00", do: pull_lever, with: {lever: revert_prompt}}]'
    cli(*HEADLESS, "--script", script(tmp_path, text))
    (pulled,) = events(cli, "lever_pulled")
    assert pulled["payload"]["target"]
    assert pulled["payload"]["target"] != pulled["payload"]["before"]


@pytest.mark.parametrize(
    "wrong",
    [
        [*HEADLESS],
        ["drill", "injection-leak", "--json"],
        ["drill", "injection-leak", "--script", str(ACME)],
        [*HEADLESS, "--policy", "nothing", "--script", str(ACME)],
        [*HEADLESS, "--policy", "perfect"],
    ],
)
def test_who_responds_must_be_said_once(cli: Cli, wrong: list[str]) -> None:
    assert cli(*wrong).code == 2
    assert not cli.data.exists()
