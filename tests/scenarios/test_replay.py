"""A scenario on real input: recorded traffic, real injection strings, real answers."""

from __future__ import annotations

import csv
import json
import os
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from cockpit.errors import ScenarioError
from cockpit.simulator.counterfactual import Truth
from cockpit.simulator.loader import lint, load_scenario, parse_scenario
from cockpit.simulator.schema.scenario import Scenario
from cockpit.simulator.world import SimWorld
from tests.simulator.conftest import order

ROOT = Path(__file__).resolve().parents[2]
REPLAY = ROOT / "scenarios" / "examples" / "replay.yaml"
SHARED = Path(os.environ.get("COCKPIT_SHARED_DATA", ROOT.parent / "shared" / "data"))
TRAFFIC = SHARED / "traffic" / "azure_llm_2023_conv.csv"
ANSWERS = SHARED / "injections" / "responses.jsonl"

needs_data = pytest.mark.skipif(
    not (TRAFFIC.is_file() and ANSWERS.is_file()),
    reason="the public data sets are not here; COCKPIT_SHARED_DATA names their folder",
)


@pytest.fixture(autouse=True)
def _data_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COCKPIT_SHARED_DATA", str(SHARED))


def replay() -> Scenario:
    return load_scenario(REPLAY)


def recorded() -> list[tuple[datetime, int, int]]:
    with TRAFFIC.open(encoding="utf-8", newline="") as lines:
        return [
            (
                datetime.fromisoformat(row["TIMESTAMP"][:26]),
                int(row["ContextTokens"]),
                int(row["GeneratedTokens"]),
            )
            for row in csv.DictReader(lines)
        ]


@needs_data
def test_the_recorded_arrivals_and_tokens_are_played_back() -> None:
    scenario = replay()
    requests = Truth(scenario, 7).ground.requests
    rows = [row for row in recorded() if (row[0] - recorded_start()).total_seconds() < scenario.horizon_s]
    assert requests.count == len(rows)
    assert sorted(requests.tokens_out.tolist()) == sorted(row[2] for row in rows)
    gaps = [(row[0] - rows[0][0]).total_seconds() for row in rows]
    np.testing.assert_allclose(requests.at, sorted(gaps), atol=2e-3)


def recorded_start() -> datetime:
    with TRAFFIC.open(encoding="utf-8") as lines:
        next(lines)
        return datetime.fromisoformat(next(lines).split(",")[0][:26])


@needs_data
def test_real_strings_and_answers_stand_in_the_traces_byte_for_byte() -> None:
    scenario = replay()
    world = SimWorld(scenario, 7)
    at = scenario.page + timedelta(minutes=2)
    with ANSWERS.open(encoding="utf-8") as lines:
        known = {row["input"]: row["response"] for row in map(json.loads, lines)}
    rows = [row for row in world.traces(scenario.page - timedelta(minutes=4), at) if row.text in known]
    assert len(rows) > 20
    detail = world.trace(rows[-1].id, at)
    assert detail is not None
    assert detail.messages[-2] == ("user", rows[-1].text)
    assert detail.messages[-1][1] in {str(answer) for answer in known.values()}


@needs_data
def test_it_plays_like_any_other() -> None:
    truth = Truth(replay(), 7)
    killed = truth.j([order(truth.scenario, 1, "kill_switch")])
    assert killed < 0.7 * truth.j()


def test_a_traffic_file_that_is_not_there_is_named() -> None:
    scenario = parse_scenario(REPLAY.read_text(encoding="utf-8").replace("azure_llm", "no_such"), str(REPLAY))
    with pytest.raises(ScenarioError, match=r"no_such_2023_conv\.csv.*can't be read"):
        SimWorld(scenario, 7)


def test_missing_files_are_found_before_anything_is_played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COCKPIT_SHARED_DATA")
    text = REPLAY.read_text(encoding="utf-8")
    file = tmp_path / "replay.yaml"
    file.write_text(text, encoding="utf-8")
    lines = [problem.line for problem in lint(file)]
    wanted = [number for number, line in enumerate(text.splitlines(), 1) if "path: " in line]
    assert sorted(line or 0 for line in lines) == wanted
    with pytest.raises(ScenarioError, match="there is no file"):
        load_scenario(file)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "must name the columns"),
        ("TIMESTAMP,ContextTokens\n", "must name the columns"),
        ("TIMESTAMP,ContextTokens,GeneratedTokens\n", "no request in it"),
        ("TIMESTAMP,ContextTokens,GeneratedTokens\nyesterday,1,2\n", ":2: this row has no moment"),
        ("TIMESTAMP,ContextTokens,GeneratedTokens\n1,2\n", ":2: this row has no moment"),
        ("TIMESTAMP,ContextTokens,GeneratedTokens\n1,nan,2\n", ":2: this row has no moment"),
    ],
)
def test_a_damaged_traffic_file_is_told_by_line(tmp_path: Path, content: str, words: str) -> None:
    text = REPLAY.read_text(encoding="utf-8")
    text = text.replace("$COCKPIT_SHARED_DATA/traffic/azure_llm_2023_conv.csv", "traffic.csv")
    (tmp_path / "traffic.csv").write_text(content, encoding="utf-8")
    with pytest.raises(ScenarioError, match=words):
        SimWorld(parse_scenario(text, str(tmp_path / "replay.yaml")), 7)


@pytest.mark.parametrize(
    ("content", "words"),
    [("", "no text in it"), ("[1]\n", ":1: this line is no JSON"), ('{"input": "a"}\n', ":1: this line is no JSON")],
)
def test_a_damaged_text_file_is_told_by_line(tmp_path: Path, content: str, words: str) -> None:
    text = REPLAY.read_text(encoding="utf-8")
    text = text.replace("$COCKPIT_SHARED_DATA/traffic/azure_llm_2023_conv.csv", "traffic.csv")
    text = text.replace("$COCKPIT_SHARED_DATA/injections/responses.jsonl", "answers.jsonl")
    rows = "".join(f"{second},100,20\n" for second in range(3000))
    (tmp_path / "traffic.csv").write_text(f"TIMESTAMP,ContextTokens,GeneratedTokens\n{rows}", encoding="utf-8")
    (tmp_path / "answers.jsonl").write_text(content, encoding="utf-8")
    with pytest.raises(ScenarioError, match=words):
        SimWorld(parse_scenario(text, str(tmp_path / "replay.yaml")), 7)
