"""The formulas give the figures that were worked out by hand for the Acme night."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.drill.score import formulas

T0, END, LEAK, LOST, LAMBDA = 14, 65, 6.0, 20, 0.05
"""Minutes after 02:00, leaks a minute, healthy requests lost a minute, and what one of these counts."""

SHARE = st.floats(0, 1)


def j(kill: int | None = None) -> float:
    stop = END if kill is None else min(kill, END)
    lost = 0.0 if kill is None else LAMBDA * LOST * max(0, END - stop)
    return LEAK * max(0, stop - T0) + lost


def test_the_toll_of_nothing_and_of_the_reference() -> None:
    assert (j(), j(T0 + 1)) == (306.0, 56.0)


@pytest.mark.parametrize(("kill", "expected"), [(15, 1.0), (18, 0.94), (29, 0.72), (44, 0.42), (None, 0.0)])
def test_outcome(kill: int | None, expected: float) -> None:
    assert formulas.outcome(j(kill), j(), j(T0 + 1)) == pytest.approx(expected, abs=0.0005)


@pytest.mark.parametrize(("minutes", "expected"), [(4, 1.0), (15, 1.0), (20, 0.794), (30, 0.5), (45, 0.25)])
def test_time(minutes: float, expected: float) -> None:
    assert formulas.time(minutes, 15) == pytest.approx(expected, abs=0.0005)


@pytest.mark.parametrize(("updates", "expected"), [((), 0.102), ((18,), 0.653), ((18, 45), 1.0)])
def test_cadence(updates: tuple[float, ...], expected: float) -> None:
    assert formulas.cadence(updates, 16, 65, 30, 5) == pytest.approx(expected, abs=0.0005)


@pytest.mark.parametrize(
    ("true", "levels", "expected"),
    [(0, 3, [1.0, 0.0, 0.0]), (2, 3, [0.5, 0.75, 1.0]), (0, 4, [1.0, 1 / 3, 0.0, 0.0])],
)
def test_severity(true: int, levels: int, expected: list[float]) -> None:
    scores = [formulas.severity(called, true, levels) for called in range(levels)]
    assert scores == pytest.approx(expected)


def test_order_of_the_acme_night() -> None:
    pairs = [
        ("sev", "lever"), ("snapshot", "lever"), ("lever", "rca"), ("contain", "rca"), ("verify", "allclear"),
        ("canary", "full"), ("fixture", "close"),
    ]  # fmt: skip
    night = {
        "sev": 16, "lever": 18, "contain": 18, "rca": 20, "verify": 50, "canary": 52, "full": 72, "allclear": 73,
        "fixture": 900, "close": 901,
    }  # fmt: skip
    met = [one in night and other in night and night[one] < night[other] for one, other in pairs]
    assert formulas.order(met) == pytest.approx(0.857, abs=0.0005)


@pytest.mark.parametrize(
    ("credit", "harmful", "expected"), [(1.0, 0, 1.0), (0.7, 0, 0.7), (1.0, 2, 0.7225), (None, 1, 0.0)]
)
def test_levers(credit: float | None, harmful: int, expected: float) -> None:
    assert formulas.levers(credit, harmful) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("named", "true", "expected"), [("ab", "abcd", 2 / 3), ("", "ab", 0.0), ("abcd", "abcd", 1.0), ("", "", 1.0)]
)
def test_f1(named: str, true: str, expected: float) -> None:
    assert formulas.f1(set(named), set(true)) == pytest.approx(expected)


def test_command() -> None:
    assert formulas.command(0, 0, 100) == 1.0
    assert formulas.command(10, 5, 100) == pytest.approx(0.8)
    assert formulas.command(100, 100, 100) == 0.0


def test_what_is_not_scored_leaves_the_denominator() -> None:
    assert formulas.weighted([(30, 1.0), (10, None), (10, 0.0)]) == pytest.approx(0.75)
    assert formulas.weighted([(30, None)]) is None


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 1e6))
def test_outcome_stays_between_nothing_and_best(yours: float, nothing: float, reference: float) -> None:
    assert 0.0 <= formulas.outcome(yours, nothing, reference) <= 1.0


@given(st.lists(st.floats(0, 5000), max_size=20), st.floats(0, 1000), st.floats(1000, 5000))
def test_another_update_never_makes_the_gaps_worse(updates: list[float], extra: float, end: float) -> None:
    before = formulas.cadence(updates, 0, end, 1800, 300)
    assert 0.0 <= before <= 1.0
    # The first gap is held to a stricter promise, so that an early first word can only shorten what is over.
    assert formulas.cadence([*updates, extra], 0, end, 300, 300) >= formulas.cadence(updates, 0, end, 300, 300) - 1e-9


@given(st.integers(0, 5), st.integers(0, 5), st.integers(1, 6))
def test_a_severity_scores_between_0_and_1_and_best_when_right(called: int, true: int, levels: int) -> None:
    assert 0.0 <= formulas.severity(called, true, levels) <= formulas.severity(true, true, levels) == 1.0
