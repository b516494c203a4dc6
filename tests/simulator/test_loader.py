"""Scenario files: the good load, and the bad are told file, line, what is wrong and what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.errors import ScenarioError
from cockpit.simulator.loader import (
    lint,
    list_scenarios,
    load_scenario,
    parse_scenario,
    scenario_file,
    schema_json,
)

NAMES = ("cost-runaway", "injection-leak", "silent-model-update")


def text_of(name: str) -> str:
    return scenario_file(name).read_text(encoding="utf-8")


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def test_the_three_are_there_and_sound() -> None:
    assert set(NAMES) <= set(list_scenarios())
    assert [lint(scenario_file(name)) for name in NAMES] == [[], [], []]


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_can_be_made_from_its_own_text(name: str) -> None:
    first = load_scenario(name)
    assert parse_scenario(first.text, first.file) == first


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("workers: 6", "wrokers: 6", "no field 'wrokers'; did you mean 'workers'"),
        ("workers: 6", "workers: six", "workers: .*integer"),
        ("quiet: 10m", "quiet: ten minutes", "is no span of time; write it like"),
        ("quiet: 10m", "quiet: 90m", "quiet time must end before the page"),
        ('page: "2026-06-12T02:14:00Z"', 'page: "2026-06-12T02:14:00"', "no time zone"),
        ('page: "2026-06-12T02:14:00Z"', 'page: "2026-06-12T01:14:00Z"', "in this order"),
        ("prompt: sizing-7\n", "prompt: sizng-7\n", "no prompt version 'sizng-7'; did you mean 'sizing-7'"),
        ("    model: sonnet-4-5@0929\n", "    model: sonet\n", "no model 'sonet'"),
        ("lever: kill_switch}", "lever: kill_swich}", "no lever 'kill_swich'; did you mean 'kill_switch'"),
        ("  cap_cost: {delay", "  cap_costs: {delay", "no lever 'cap_costs'"),
        ("reject: 0.04}", "reject: 0.04, tenants: [acmee]}", "no tenant 'acmee'; did you mean 'acme'"),
        ("metric: cost_ratio", "metric: cost_rate", "no metric 'cost_rate'"),
        ('"leaks_per_min > 2"', '"leeks_per_min > 2"', "no signal or fact 'leeks_per_min'"),
        ('"leaks_per_min > 2"', '"leaks_per_min is bad"', "is no condition"),
        ("after: ceo", "after: nobody", "no inject 'nobody'"),
        ("{id: ceo, channel: phone", "{id: ceo, after: status-question, channel: phone", "waits on itself"),
        ("{id: page, channel: pager", "{id: page, channel: chat", "the page is missing"),
        ("do: freeze_evidence, target", "do: freeze_everything, target", "no action 'freeze_everything'"),
        ("before: set_severity", "before: set_sevrity", "no action, milestone or lever 'set_sevrity'"),
        ('change: "index:shared-3"', 'change: "index:shared-4"', "no ref on the board"),
        ("when: {kind: injection, index: shared-3,", "when: {kind: injektion, index: shared-3,", "no kind"),
        ("when: {kind: injection, tightened", "when: {knid: injection, tightened", "no condition 'knid'"),
        ("config: {prompt: v41}", "config: {prompt: v99}", "no prompt version 'v99'"),
        ("threshold: 0.5, harm: true", "threshold: 0.5", "nothing could be contained"),
        ("    rate: 5.0", "    rate: -5.0", "greater than 0"),
        ('retrieval_depth: "<5"', 'retrieval_depth: "<few"', "is no number and no comparison"),
        ("texts:\n  asks:", "texts:\n  locale: xx_XX\n  asks:", "no locale 'xx_XX'"),
        ("herrings: [", "herrings: [nonsense, ", "no ref or inject 'nonsense'"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, old: str, new: str, words: str) -> None:
    text = text_of("injection-leak")
    assert old in text
    file = tmp_path / "bad.yaml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ScenarioError, match=words) as caught:
        load_scenario(file)
    assert str(caught.value).startswith(f"{file}:{caught.value.line}: ")
    changed = text.replace(old, new, 1).splitlines()
    assert 1 <= (caught.value.line or 0) <= len(changed)
    assert str(caught.value) in [str(problem) for problem in lint(file)]


def test_the_line_is_that_of_the_wrong_value(tmp_path: Path) -> None:
    text = text_of("injection-leak").replace("metric: refusal_pct", "metric: refusals", 1)
    file = tmp_path / "bad.yaml"
    file.write_text(text, encoding="utf-8")
    (problem,) = lint(file)
    assert problem.line == line_of(text, "metric: refusals")


def test_lint_finds_every_problem_at_once(tmp_path: Path) -> None:
    text = (
        text_of("injection-leak").replace("metric: cost_ratio", "metric: x", 1).replace("after: ceo", "after: y", 1)
    )
    file = tmp_path / "bad.yaml"
    file.write_text(text, encoding="utf-8")
    found = lint(file)
    assert len(found) == 2
    assert [problem.line for problem in found] == sorted(problem.line or 0 for problem in found)


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff\xfe", b"just words", b"format: 1\n"])
def test_no_file_ends_in_a_traceback(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "odd.yaml"
    file.write_bytes(content)
    with pytest.raises(ScenarioError):
        load_scenario(file)
    assert lint(file)


def test_what_is_missing_is_said() -> None:
    with pytest.raises(ScenarioError, match="no scenario 'injektion-leak'; did you mean 'injection-leak'"):
        load_scenario("injektion-leak")
    with pytest.raises(ScenarioError, match="can't be read"):
        load_scenario("/nowhere/at/all.yaml")


def test_the_schema_names_every_field() -> None:
    schema = schema_json()
    assert schema["$id"] == "cockpit.scenario/1"
    assert {"routes", "levers", "injects", "truth", "reference"} <= set(schema["properties"])
