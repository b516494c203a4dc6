"""Leaving a range in the middle: staging is put back then too."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from cockpit.errors import JournalReadOnly
from cockpit.journal.traces.store import TraceStore
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


def test_a_range_that_cannot_keep_its_traces_leaves_nothing_running(
    field: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path) -> None:
        raise JournalReadOnly("the disk is full")

    monkeypatch.setattr(TraceStore, "open", full)
    before = set(threading.enumerate())
    with pytest.raises(JournalReadOnly):
        field.begin()
    until(lambda: not set(threading.enumerate()) - before)
    assert load(field.file)["values"]["flag:answers"] is True
