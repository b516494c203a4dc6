"""The page for scenario authors: its example plays, and its reference is that of the schema."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from cockpit.simulator.counterfactual import Truth, reference_orders
from cockpit.simulator.loader import lint, load_scenario
from tests.simulator.conftest import order

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = DOCS / "writing-scenarios.md"


@pytest.fixture
def example(tmp_path: Path) -> Path:
    (text,) = re.findall(r"```yaml\n(format: .*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    file = tmp_path / "polite-refusals.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_worked_example_is_sound(example: Path) -> None:
    assert [str(problem) for problem in lint(example)] == []


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_worked_example_is_worth_playing(example: Path, seed: int) -> None:
    truth = Truth(load_scenario(example), seed)
    best = truth.j(reference_orders(truth.scenario, seed))
    assert best < 0.7 * truth.j()
    assert truth.j([order(truth.scenario, 0.1, "kill_switch")]) > 1.5 * best


def test_the_reference_is_up_to_date() -> None:
    text = PAGE.read_text("utf-8")
    assert runpy.run_path(str(DOCS / "make_scenario_reference.py"))["page"](text) == text
