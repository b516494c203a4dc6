"""When a case counts as proven, and how often CI has to ask."""

from __future__ import annotations

import pytest

from cockpit.domain.case_verdict import judge_proof, runs_needed
from cockpit.domain.cases import Rate
from cockpit.domain.interval import wilson

NONE = Rate(0, 0)


@pytest.mark.parametrize(
    ("passed", "of", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (5, 10, 0.2366, 0.7634), (81, 263, 0.2553, 0.3662), (0, 0, 0, 1)],
)
def test_the_interval_is_wilsons(passed: int, of: int, low: float, high: float) -> None:
    """The middle rows are Newcombe's published figures (1998), to four places."""
    assert wilson(passed, of) == pytest.approx((low, high), abs=6e-4)


@pytest.mark.parametrize(
    ("bad", "fixed", "near", "verdict"),
    [
        ((0, 5), (5, 5), (0, 0), "proven"),
        ((22, 200), (200, 200), (592, 600), "proven"),
        ((152, 200), (191, 200), (569, 600), "proven"),
        ((0, 1), (1, 1), (0, 0), "flaky"),
        ((189, 200), (189, 200), (0, 0), "flaky"),
        ((5, 20), (13, 20), (0, 0), "flaky"),
        ((0, 20), (14, 20), (0, 0), "flaky"),
        ((5, 5), (5, 5), (0, 0), "not"),
        ((0, 5), (0, 5), (0, 0), "not"),
        ((0, 5), (5, 5), (2, 6), "not"),
        ((0, 0), (5, 5), (0, 0), "not"),
        ((0, 5), (0, 0), (0, 0), "not"),
    ],
)
def test_the_verdict(bad: tuple[int, int], fixed: tuple[int, int], near: tuple[int, int], verdict: str) -> None:
    proof = judge_proof("endpoint", Rate(*bad), Rate(*fixed), Rate(*near))
    assert proof.verdict == verdict, proof.why
    assert proof.why


def test_one_configuration_for_both_sides_proves_nothing_and_says_so() -> None:
    proof = judge_proof("simulator", Rate(199, 200), Rate(199, 200), NONE, configs=("primary-1", "primary-1"))
    assert (proof.verdict, proof.bad_config) == ("not", "primary-1")
    assert proof.why == "bad and fixed are one configuration, primary-1: nothing has been changed yet"


@pytest.mark.parametrize(
    ("bad", "fixed", "words"),
    [
        ((191, 200), (191, 200), "take another trace"),
        ((2, 5), (2, 5), "take more samples"),
        ((180, 200), (184, 200), "take more samples"),
    ],
)
def test_what_to_try_depends_on_whether_the_change_shows(
    bad: tuple[int, int], fixed: tuple[int, int], words: str
) -> None:
    proof = judge_proof("simulator", Rate(*bad), Rate(*fixed), NONE, configs=("a", "b"))
    assert proof.verdict == "flaky"
    assert proof.why.endswith(words)


@pytest.mark.parametrize(
    ("bad", "fixed", "runs", "least"),
    [
        ((0, 5), (5, 5), 1, 1.0),
        ((22, 200), (200, 200), 2, 1.0),
        ((100, 200), (200, 200), 5, 1.0),
        ((190, 200), (200, 200), 30, 1.0),
    ],
)
def test_ci_asks_as_often_as_it_takes(
    bad: tuple[int, int], fixed: tuple[int, int], runs: int, least: float
) -> None:  # fmt: skip
    assert runs_needed(Rate(*bad), Rate(*fixed)) == (runs, least)


def test_one_failure_more_than_usual_is_allowed_where_the_model_is_no_clockwork() -> None:
    runs, least = runs_needed(Rate(20, 200), Rate(190, 200))
    assert runs >= 5
    assert 0.5 < least < 0.95
