"""Masks of rows: as bytes while they are made, as bits once they are kept."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cockpit.journal.traces.columns import bits, mask_of

masks = st.lists(st.integers(0, 1), max_size=1100).map(bytes)


@given(masks)
def test_a_mask_comes_back_from_its_bits(mask: bytes) -> None:
    assert mask_of(bits(mask), len(mask)) == mask
    assert bits(mask).bit_count() == mask.count(1)


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1))))
def test_rows_that_both_have_are_the_common_bits(pairs: list[tuple[int, int]]) -> None:
    one, other = bytes(left for left, _ in pairs), bytes(right for _, right in pairs)
    assert mask_of(bits(one) & bits(other), len(pairs)) == bytes(left & right for left, right in pairs)
