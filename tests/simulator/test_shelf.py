"""Columns on a shelf: long ones lie in files, and read like any other."""

from __future__ import annotations

import errno
import gc
import os
import resource
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.simulator.arrivals import Arrivals, merged
from cockpit.simulator.shelf import Shelf

MEGABYTE = 1_000_000
LONG = 40 * MEGABYTE
MAPS = Path("/proc/self/maps")

linux = pytest.mark.skipif(not MAPS.exists(), reason="asks Linux's /proc what is resident")


def resident() -> int:
    """Return how many bytes of this program are resident."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def test_a_long_column_is_the_same_after_it_was_given_back() -> None:
    shelf, wanted = Shelf(1000), np.arange(300_000, dtype=np.float64)
    column = shelf.keep(wanted)
    column[7] = -1.0
    shelf.release()
    assert column[7] == -1.0
    np.testing.assert_array_equal(column[8:], wanted[8:])


@linux
def test_what_is_given_back_is_not_resident() -> None:
    shelf = Shelf(1000)
    column = shelf.room((LONG,), np.uint8)
    column[...] = 1
    filled = resident()
    shelf.release()
    assert filled - resident() > 0.9 * LONG
    assert int(column[::4096].sum()) == len(column[::4096])


@linux
def test_a_column_nobody_holds_is_let_go() -> None:
    shelf = Shelf(1000)
    column = shelf.room((LONG,), np.uint8)
    assert "(deleted)" in (held := MAPS.read_text())
    del column
    gc.collect()
    assert MAPS.read_text().count("(deleted)") < held.count("(deleted)")
    shelf.release()


def test_a_short_column_stays_where_it_is() -> None:
    column = np.arange(1000)
    assert Shelf(1000).keep(column) is column


def test_files_have_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    column = Shelf(0).room((100,), np.int32)
    column[...] = 5
    assert list(tmp_path.iterdir()) == []
    assert column.sum() == 500


def test_without_room_on_the_disk_columns_are_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(os, "posix_fallocate", full, raising=False)
    kept = Shelf(0).keep(np.arange(100))
    np.testing.assert_array_equal(kept, np.arange(100))


moments = st.lists(st.integers(0, 9).map(float), max_size=30).map(sorted)


@given(st.lists(moments, min_size=1, max_size=4))
def test_streams_come_into_the_order_of_time_and_the_first_goes_first(many: list[list[float]]) -> None:
    none = np.zeros(0, dtype=np.uint16)
    streams = [Arrivals(np.asarray(at, dtype=np.float64), none, none) for at in many]
    places = [merged(streams, number, slice(0, len(stream.at))) for number, stream in enumerate(streams)]
    every = np.concatenate([stream.at for stream in streams])
    np.testing.assert_array_equal(np.argsort(np.concatenate(places)), np.argsort(every, kind="stable"))
