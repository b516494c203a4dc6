"""Values from outside: whatever they are, reading them never raises."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.intake.values import moment
from tests.examples import examples

START = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=40))
NUMERALS = st.text("0123456789.-+e٣²１ ", max_size=40)


@pytest.mark.parametrize(
    ("told", "after_s"),
    [
        ("1700000000", 0.0), ("1700000000.25", 0.25), ("1700000000000", 0.0), ("1700000000000.5", 0.0005),
        ("1700000000000000.0", 0.0), ("1700000000000000000", 0.0), (1.7e12, 0.0),
    ],
)  # fmt: skip
def test_a_moment_is_read_in_any_unit_with_and_without_a_fraction(told: object, after_s: float) -> None:
    assert moment(told) == START + timedelta(seconds=after_s)


@settings(max_examples=examples(200))
@given(st.one_of(SCALARS, NUMERALS, st.lists(st.one_of(SCALARS, NUMERALS), max_size=3)))
def test_a_moment_is_aware_or_nothing(told: object) -> None:
    found = moment(told)
    assert found is None or found.tzinfo is not None
