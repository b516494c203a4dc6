"""Reading an archive for an incident: bounded however much there is, and nothing new is missed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cockpit.live.sight import reader as sight_reader
from cockpit.live.sight.reader import Reader, Wanted
from tests.live.recorded import Shelf, answers

OPENED = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
EARLIER = OPENED - timedelta(minutes=50)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    """An empty archive, and bounds that a test can reach."""
    for name, value in (("PORTION", 7), ("BEFORE", 20), ("AFTER", 30), ("RECENT", 10)):
        monkeypatch.setattr(sight_reader, name, value)
    shelf = Shelf(tmp_path)
    yield shelf
    shelf.close()


def rows(reader: Reader) -> list[int]:
    """Read everything that is there."""
    found: list[int] = []
    while True:
        some, read = reader.fresh()
        if not read:
            return found
        found += [one.row.id for one in some]


def changed(reader: Reader, looks: int) -> list[int]:
    """Look so often for what became of traces, and return their rows."""
    return sorted({one.row.id for _ in range(looks) for one in reader.changed()})


def test_the_newest_before_the_opening_and_the_newest_since_are_read(shelf: Shelf) -> None:
    shelf.add(answers(0, 100, EARLIER, 10.0))
    shelf.add(answers(1000, 100, OPENED + timedelta(seconds=1), 1.0))
    reader = Reader(shelf.path, Wanted({"support"}), OPENED)
    assert rows(reader) == [*range(81, 101), *range(171, 201)]
    shelf.add(answers(2000, 5, OPENED + timedelta(minutes=5), 1.0))
    assert rows(reader) == [201, 202, 203, 204, 205]
    assert rows(reader) == []


def test_what_comes_too_fast_is_left_out_and_counted(shelf: Shelf) -> None:
    shelf.add(answers(0, 10, OPENED, 1.0))
    reader = Reader(shelf.path, Wanted({"support"}), OPENED)
    assert rows(reader) == list(range(1, 11))
    shelf.add(answers(1000, 100, OPENED + timedelta(minutes=1), 0.1))
    assert rows(reader) == list(range(81, 111))
    assert reader.skipped == 70


def test_changes_are_found_in_the_newest_rows_at_once_and_in_older_ones_in_turn(shelf: Shelf) -> None:
    shelf.add(answers(0, 60, EARLIER, 10.0))
    reader = Reader(shelf.path, Wanted({"support"}), OPENED)
    assert rows(reader) == list(range(41, 61))
    for row in (1, 42, 58):
        shelf.judge(row, "leak")
    assert changed(reader, 1) in ([58], [42, 58])
    assert set(changed(reader, 4)) <= {42}
    assert changed(reader, 4) == []
    shelf.judge(58, "ok")
    assert changed(reader, 1) == [58]


def test_changes_of_what_was_left_out_are_none_of_the_incidents(shelf: Shelf) -> None:
    shelf.add(answers(0, 100, EARLIER, 10.0))
    shelf.add(answers(1000, 100, OPENED + timedelta(seconds=1), 1.0))
    reader = Reader(shelf.path, Wanted({"support"}), OPENED)
    rows(reader)
    for row in (85, 150, 195):
        shelf.judge(row, "leak")
    assert changed(reader, 30) == [85, 195]
