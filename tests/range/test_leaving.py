"""Leaving a range in the middle: staging is put back then too."""

from __future__ import annotations

from tests.live.conftest import until
from tests.live.toys import load
from tests.range.conftest import Field


def test_who_leaves_in_the_middle_leaves_staging_as_it_was(field: Field) -> None:
    runner = field.begin()
    until(lambda: runner.session.state.page_at)
    assert runner.do("pull_lever", {"lever": "kill_switch"}).result(60).refused == ""
    until(lambda: load(field.file)["values"]["flag:answers"] is False)
    runner.close()
    assert load(field.file)["values"]["flag:answers"] is True
