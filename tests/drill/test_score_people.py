"""Comms and command of the score: held against counting second by second, and against how they are defined."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.events import Kind
from cockpit.domain.parts import Hold
from cockpit.drill.score import formulas
from cockpit.drill.score.people import command, comms, covered
from tests.domain.lines import PAGE
from tests.drill.runs import ACME, Extra, laid_out, retold

SPANS = st.lists(st.tuples(st.integers(0, 90), st.one_of(st.none(), st.integers(0, 90))), max_size=5)
FULL = "Investigating. 41 users saw wrong answers. The kill switch is on. Next update by 02:48 UTC."


def hold(since: int, until: int | None) -> Hold:
    """Return somebody's time in command."""
    return Hold(
        "ic", "x", PAGE + timedelta(seconds=since), None if until is None else PAGE + timedelta(seconds=until)
    )


@given(SPANS, st.integers(0, 90), st.integers(0, 90))
def test_command_is_counted_second_by_second(spans: list[tuple[int, int | None]], start: int, length: int) -> None:
    end = start + length
    holds = [hold(*span) for span in spans]
    counts = [
        sum(since <= second < (end if until is None else until) for since, until in spans)
        for second in range(start, end)
    ]
    found = covered(holds, PAGE + timedelta(seconds=start), PAGE + timedelta(seconds=end))
    assert found == pytest.approx((counts.count(0), sum(count > 1 for count in counts)))
    assert 0.0 <= formulas.command(*found, length) <= 1.0


@given(st.floats(0, 1), st.integers(0, 50))
def test_every_word_too_soon_costs_a_twentieth_and_never_more_than_all(in_time: float, soon: int) -> None:
    assert formulas.told_in_time(in_time, soon) == pytest.approx(max(0.0, in_time - 0.05 * soon))


def posts(*moments: float, state: str = "investigating") -> list[Extra]:
    """Return updates with all four parts, some seconds after the page."""
    told = {"audience": "team", "state": state, "text": FULL}
    return [(moment, Kind.UPDATE_POSTED, told) for moment in moments]


def test_the_worked_example_of_the_night() -> None:
    """Declared two minutes after the page, all clear after 51: nobody told, one word, and two."""
    case = laid_out("injection-leak", ACME)
    for moments, in_time in (((), 0.102), ((240,), 0.653), ((240, 1860), 1.0)):
        steps = [(120.0, Kind.DECLARED, {}), (3060.0, Kind.ALL_CLEAR_GIVEN, {}), *posts(*moments)]
        told = retold(case, drop=lambda event: event.kind in (Kind.UPDATE_POSTED, Kind.DECLARED), add=steps)
        content = 1.0 if moments else 0.0
        assert comms(told).value == pytest.approx(0.6 * in_time + 0.4 * content, abs=0.0005)


def test_the_reason_tells_both_ways_of_missing_the_time() -> None:
    case = laid_out("injection-leak", ACME)
    told = retold(case, drop=lambda event: event.kind is Kind.UPDATE_POSTED, add=posts(900, 960, 1000))
    why = comms(told).why
    assert "too long by" in why
    assert "2 too soon" in why


def test_a_hand_over_counts_when_it_is_accepted() -> None:
    case = laid_out("injection-leak", ACME)
    offered: Extra = (600.0, Kind.ROLE_OFFERED, {"role": "ic", "to": "lin"})
    kept = command(retold(case, add=[offered]))
    assert kept.value == command(case).value
    gone = command(retold(case, add=[(600.0, Kind.ROLE_RELEASED, {"role": "ic"})]))
    assert gone.value is not None
    assert kept.value is not None
    assert gone.value < kept.value
