"""An acknowledged line survives kill -9, a power cut and a full disk."""

from __future__ import annotations

import multiprocessing
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cockpit.domain.clock import WallClock
from cockpit.errors import JournalError, JournalReadOnly
from cockpit.journal.log import Journal
from tests.journal.appender import append_forever
from tests.journal.making import filled, note, open_journal, raw

FORK = multiprocessing.get_context("fork")
REPOSITORY = Path(__file__).parents[2]


def _append_until_killed(path: Path, report: int) -> None:
    append_forever(Journal.open(path, clock=WallClock()), "INC-0001", report)


def killed_at_random(path: Path, draw: random.Random) -> int:
    """Let a process append, kill it within 60 ms of its first line, and return the last line it acknowledged."""
    reading, writing = os.pipe()
    child = FORK.Process(target=_append_until_killed, args=(path, writing))
    child.start()
    os.close(writing)
    first = os.read(reading, 8)
    time.sleep(draw.uniform(0, 0.06))
    os.kill(child.pid or 0, signal.SIGKILL)
    child.join()
    with open(reading, encoding="ascii") as report:
        told = (first.decode() + report.read()).split("\n")[:-1]
    return int(told[-1])


def kill_many(path: Path, kills: int) -> None:
    """Kill so many times and check after each that nothing acknowledged is lost and the chain holds."""
    draw = random.Random(kills)
    filled(path, notes=0)
    for _ in range(kills):
        acknowledged = killed_at_random(path, draw)
        with closing(open_journal(path)) as journal:
            verdict = journal.verify("INC-0001")
            assert verdict.ok, verdict
            assert verdict.events >= acknowledged
            # At most the one line in flight is there without having been acknowledged.
            assert verdict.events <= acknowledged + 1


def test_eight_kills_lose_nothing_acknowledged(tmp_path: Path) -> None:
    kill_many(tmp_path / "journal.db", 8)


@pytest.mark.integration
def test_two_hundred_kills_lose_nothing_acknowledged(tmp_path: Path) -> None:
    kill_many(tmp_path / "journal.db", 200)


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The disk that loses what was not synchronised, compiled."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("needs a C compiler and Linux to build the power-cut shim")
    library = tmp_path_factory.mktemp("shim") / "powercut.so"
    source = Path(__file__).with_name("powercut.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    return library


def power_cut(shim: Path, folder: Path, level: str, acks: int) -> tuple[int, Path]:
    """Append on a losing disk and pull the plug; return the last acknowledged line and what the disk kept."""
    copies = folder / "copies"
    copies.mkdir(parents=True)
    env = os.environ | {"LD_PRELOAD": str(shim), "POWERCUT_COPIES": str(copies), "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-m", "tests.journal.appender", str(folder / "journal.db"), level]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=env, cwd=REPOSITORY, text=True) as child:
        assert child.stdout is not None
        told = [child.stdout.readline() for _ in range(acks)]
        child.kill()
        told += child.stdout.readlines()
    return int([line for line in told if line.endswith("\n")][-1]), copies / "journal.db"


@pytest.mark.integration
@pytest.mark.parametrize("acks", [1, 5, 17, 50, 200])
def test_a_power_cut_loses_nothing_acknowledged(shim: Path, tmp_path: Path, acks: int) -> None:
    acknowledged, kept = power_cut(shim, tmp_path, "FULL", acks)
    with closing(open_journal(kept)) as journal:
        verdict = journal.verify("INC-0001")
    assert verdict.ok, verdict
    assert verdict.events >= acknowledged


@pytest.mark.integration
def test_the_power_cut_has_teeth(shim: Path, tmp_path: Path) -> None:
    acknowledged, kept = power_cut(shim, tmp_path, "OFF", 50)
    assert acknowledged >= 50
    assert not kept.exists()


def append_until_refused(journal: Journal, seq: int) -> tuple[int, JournalReadOnly]:
    """Append until the disk takes no more; return the last acknowledged line and what the user is told."""
    while True:
        try:
            seq = journal.append("INC-0001", [note("x" * 900)], expected_seq=seq)[-1].seq
        except JournalReadOnly as fault:
            return seq, fault


def _append_until_full(path: Path, room: int, report: Any) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + room, resource.RLIM_INFINITY))
    journal = Journal.open(path, clock=WallClock())
    seq = journal.head("INC-0001")[0]
    seq, fault = append_until_refused(journal, seq)
    report.send((seq, len(journal.events("INC-0001")), str(fault), fault.hint))


def test_a_disk_that_takes_no_more_is_told_and_keeps_what_was_recorded(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    filled(path, notes=3)
    here, there = FORK.Pipe()
    child = FORK.Process(target=_append_until_full, args=(path, 100_000, there))
    child.start()
    acknowledged, readable, message, hint = here.recv()
    child.join()
    assert acknowledged == readable > 20
    assert "journal.db" in message
    assert "space" in hint
    with closing(open_journal(path)) as journal:
        assert journal.verify("INC-0001").events == acknowledged
        journal.append("INC-0001", [note("there is room again")], expected_seq=acknowledged)


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    place = tmp_path / "tiny"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", place], check=False, capture_output=True)
    if made.returncode:
        pytest.skip("needs the right to mount a tmpfs")
    yield place
    subprocess.run(["umount", place], check=True)


@pytest.mark.integration
def test_a_full_disk_is_told_and_keeps_what_was_recorded(tiny_disk: Path) -> None:
    path = tiny_disk / "journal.db"
    seq = len(filled(path, notes=3))
    ballast = tiny_disk / "ballast"
    ballast.write_bytes(b"x" * 500_000)
    journal = open_journal(path)
    seq, fault = append_until_refused(journal, seq)
    assert "disk is full" in str(fault)
    assert len(journal.events("INC-0001")) == seq
    ballast.unlink()
    journal.append("INC-0001", [note("there is room again")], expected_seq=seq)
    assert journal.verify("INC-0001").events == seq + 1
    journal.close()


@pytest.mark.integration
def test_a_process_that_holds_the_journal_is_named_as_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    filled(path, notes=0)
    journal = open_journal(path)
    with raw(path) as holder:
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalError, match="Another process"):
            journal.append("INC-0001", [note("late")], expected_seq=1)
        assert len(journal.events("INC-0001")) == 1
    journal.append("INC-0001", [note("in time")], expected_seq=1)
    journal.close()
