"""Two profiles side by side."""

from __future__ import annotations

from itertools import product

import pytest

from cockpit.playbooks.loader import diff_profiles, load_profile, profile_names


@pytest.mark.parametrize(("one", "other"), product(profile_names(), repeat=2))
def test_profiles_differ_from_all_but_themselves(one: str, other: str) -> None:
    assert (diff_profiles(load_profile(one), load_profile(other)) == []) == (one == other)


def test_the_points_are_told_in_words() -> None:
    lines = diff_profiles(load_profile("default"), load_profile("s0"))
    assert "postmortem due: 48 h → 12 h" in lines
    assert "cadence holds for: all severities → SEV1" in lines
    assert "scale: SEV1 SEV2 SEV3 SEV4 → SEV1 SEV2 SEV3" in lines
    assert "target SEV4: 24 h → –" in lines


def test_a_difference_reads_the_other_way_round_too() -> None:
    there = diff_profiles(load_profile("s2"), load_profile("s4"))
    back = diff_profiles(load_profile("s4"), load_profile("s2"))
    assert {line.split(":")[0] for line in there} == {line.split(":")[0] for line in back}
