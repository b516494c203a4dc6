"""A process that is killed inside a pull leaves nothing undecided, doubled or unrecorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.world.kills import kill


@pytest.mark.integration
def test_whoever_comes_after_a_kill_decides_first_what_was_begun(tmp_path: Path) -> None:
    toll = kill(tmp_path, 20, seed=7)
    assert toll.pulls > 10
    assert toll.cut > 0, "no kill hit inside a pull: the test tells nothing"
    assert toll.fine, toll
