"""Who is on an incident on this host: there while the process lives, gone when it does not."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from cockpit.domain.presence import GONE_S
from cockpit.live import presence
from cockpit.live.presence import FilePresence
from cockpit.live.seat import DriversSeat


@pytest.fixture(autouse=True)
def _look_always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "BEAT_S", 0.0)


def names(one: FilePresence) -> list[tuple[str, bool, bool]]:
    """Return who is there: name, drives, mine."""
    return [(each.who, each.drives, each.mine) for each in one.here(drives=False)]


def test_terminals_see_each_other_until_they_leave(tmp_path: Path) -> None:
    ada, bo = FilePresence(tmp_path / "here", "ada"), FilePresence(tmp_path / "here", "bo")
    ada.here(drives=True)
    assert names(bo) == [("ada", True, False), ("bo", False, True)]
    ada.leave()
    assert names(bo) == [("bo", False, True)]
    bo.leave()
    assert list((tmp_path / "here").iterdir()) == []


def _stay(folder: Path, gate: Any) -> None:
    FilePresence(folder, "bo").here(drives=False)
    gate.wait()
    time.sleep(60)


def test_a_killed_process_is_gone_at_once_and_one_that_stands_still_after_a_while(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    gate = context.Barrier(2)
    process = context.Process(target=_stay, args=(tmp_path, gate), daemon=True)
    process.start()
    gate.wait()
    ada = FilePresence(tmp_path, "ada")
    assert [who for who, _, _ in names(ada)] == ["bo", "ada"]
    (file,) = [path for path in tmp_path.iterdir() if '"bo"' in path.read_text("utf-8")]
    os.utime(file, (0, time.time() - GONE_S - 1))
    assert [who for who, _, _ in names(ada)] == ["ada"]
    os.utime(file)
    assert [who for who, _, _ in names(ada)] == ["bo", "ada"]
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    assert [who for who, _, _ in names(ada)] == ["ada"]
    assert not file.exists()


def test_files_that_are_none_of_ours_are_left_out(tmp_path: Path) -> None:
    held = (tmp_path / "strange.json").open("w", encoding="utf-8")
    import fcntl

    fcntl.flock(held, fcntl.LOCK_EX)
    held.write('{"who": 3}')
    held.flush()
    assert names(FilePresence(tmp_path, "ada")) == [("ada", False, True)]
    held.close()


def test_a_folder_that_can_not_be_written_hides_everybody_and_hurts_nobody(tmp_path: Path) -> None:
    (tmp_path / "in the way").write_text("", "utf-8")
    ada = FilePresence(tmp_path / "in the way" / "here", "ada")
    assert ada.here(drives=False) == ()
    ada.leave()


def test_the_seat_says_who_drives(tmp_path: Path) -> None:
    one, two = DriversSeat(tmp_path / "x.driver", "ada"), DriversSeat(tmp_path / "x.driver", "bo")
    assert (one.take(), two.take()) == (True, False)
    one.here()
    assert [(each.who, each.drives) for each in two.here()] == [("ada", True), ("bo", False)]
    one.leave()
    assert two.take()
    assert [(each.who, each.drives) for each in two.here()] == [("bo", True)]
    two.leave()
    quiet = DriversSeat(tmp_path / "x.driver")
    assert quiet.here() == ()
    quiet.leave()
