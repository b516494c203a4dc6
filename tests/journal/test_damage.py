"""A damaged or unwritable file: what is sound stays readable, nothing is written over it, the user is told."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cockpit.domain.events import Event
from cockpit.errors import CockpitError, JournalDamaged, JournalError, JournalReadOnly
from cockpit.journal.sqlite import file_system, is_remote, journal_mode
from tests.journal.making import filled, note, open_journal, opening

NOBODY = 65534


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Event]]:
    """A journal of a good size, to be copied and spoilt."""
    path = tmp_path_factory.mktemp("sound") / "journal.db"
    return path, filled(path, notes=60)


def spoilt(sound: Path, folder: Path, spoil: Callable[[bytearray], None]) -> Path:
    """Copy a journal with its anchor and spoil the database."""
    folder.mkdir(exist_ok=True)
    path = folder / "journal.db"
    content = bytearray(sound.read_bytes())
    spoil(content)
    path.write_bytes(content)
    shutil.copy(sound.with_name("journal.db.anchor"), folder / "journal.db.anchor")
    return path


def check_spoilt(path: Path, events: list[Event]) -> bool:
    """Use a spoilt journal in every way; return whether verify noticed."""
    before = path.read_bytes()
    with closing(open_journal(path)) as journal:
        verdict = journal.verify("INC-0001")
        try:
            read = journal.events("INC-0001")
        except CockpitError:
            read = []
        assert read == events[: len(read)]
        journal.incidents()  # a flipped id may be listed as one more; it must not raise
        if verdict.ok:
            assert read == events
        else:
            assert verdict.events <= len(events)
            assert verdict.reason
            if verdict.first_bad_seq is not None:
                with pytest.raises((JournalDamaged, JournalReadOnly)):
                    journal.append("INC-0001", [note("more")], expected_seq=len(read))
    assert path.read_bytes() == before
    return not verdict.ok


def flip(draw: random.Random, count: int) -> Callable[[bytearray], None]:
    """Change so many bytes at random places."""

    def spoil(content: bytearray) -> None:
        for _ in range(count):
            content[draw.randrange(len(content))] ^= draw.randrange(1, 256)

    return spoil


def flip_many(sound: tuple[Path, list[Event]], folder: Path, trials: int) -> int:
    """Spoil so many copies and return how many were noticed."""
    draw = random.Random(trials)
    path, events = sound
    return sum(check_spoilt(spoilt(path, folder, flip(draw, 1 + 15 * (n % 2))), events) for n in range(trials))


def test_flipped_bytes_are_found_or_harmless(sound: tuple[Path, list[Event]], tmp_path: Path) -> None:
    assert flip_many(sound, tmp_path, 40) >= 25


@pytest.mark.integration
def test_many_flipped_bytes_are_found_or_harmless(sound: tuple[Path, list[Event]], tmp_path: Path) -> None:
    assert flip_many(sound, tmp_path, 400) >= 280


def _cut(content: bytearray) -> None:
    del content[len(content) // 2 :]


def _behead(content: bytearray) -> None:
    content[:100] = bytes(100)


def _replace(content: bytearray) -> None:
    content[:] = b"this was never a database\n" * 400


@pytest.mark.parametrize("spoil", [_cut, _behead, _replace, bytearray.clear], ids=["cut", "behead", "other", "empty"])
def test_a_ruined_file_opens_for_reading_and_is_left_alone(
    sound: tuple[Path, list[Event]], tmp_path: Path, spoil: Callable[[bytearray], None]
) -> None:
    path = spoilt(sound[0], tmp_path, spoil)
    before = path.read_bytes()
    with closing(open_journal(path)) as journal:
        assert isinstance(journal.trouble, JournalDamaged)
        assert "damaged" in str(journal.trouble)
        assert "--data" in journal.trouble.hint
        with pytest.raises(JournalDamaged):
            journal.open_incident([opening()])
        assert not journal.verify("INC-0001").ok
        with pytest.raises(JournalError):
            journal.head("INC-0001")
    assert path.read_bytes() == before


def test_garbage_next_to_no_anchor_is_left_alone_too(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(b"precious notes of somebody else" * 200)
    with closing(open_journal(path)) as journal, pytest.raises(JournalDamaged):
        journal.open_incident([opening()])
    assert path.read_bytes().startswith(b"precious")


def test_an_empty_file_left_by_a_crash_while_it_was_made_is_used(tmp_path: Path) -> None:
    (tmp_path / "journal.db").touch(0o600)
    with closing(open_journal(tmp_path / "journal.db")) as journal:
        assert journal.open_incident([opening()]) == "INC-0001"


def as_nobody(work: Callable[[Path], object], folder: Path) -> Any:
    """Do something in a folder without the right to write there, and return what came of it."""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()
    child = context.Process(target=_drop_rights, args=(work, folder, there))
    child.start()
    answer = here.recv()
    child.join()
    return answer


def _drop_rights(work: Callable[[Path], object], folder: Path, answer: Any) -> None:
    if os.geteuid() == 0:
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    try:
        answer.send(work(folder / "journal.db"))
    except Exception as fault:
        answer.send((type(fault).__name__, str(fault)))


@pytest.fixture
def locked() -> Iterator[Path]:
    """A folder nobody may write to; not under tmp_path, which other users can't even enter."""
    folder = Path(tempfile.mkdtemp())
    yield folder
    folder.chmod(0o700)
    shutil.rmtree(folder)


def lock(folder: Path) -> None:
    """Give the files to nobody and take the folder away."""
    if os.geteuid() == 0:
        for file in folder.iterdir():
            os.chown(file, NOBODY, NOBODY)
    folder.chmod(0o555)


def _use(path: Path) -> tuple[int, bool, str, str]:
    with closing(open_journal(path)) as journal:
        read = len(journal.events("INC-0001"))
        sound = journal.verify("INC-0001").ok
        try:
            journal.append("INC-0001", [note("more")], expected_seq=read)
        except JournalReadOnly as fault:
            return read, sound, str(fault), fault.hint
        return read, sound, "", ""


@pytest.mark.parametrize("mode", ["TRUNCATE", "WAL"])
def test_in_a_read_only_folder_everything_is_readable_and_one_sentence_says_why_not_more(
    locked: Path, mode: str
) -> None:
    path = locked / "journal.db"
    filled(path, notes=4)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA journal_mode={mode}")
    lock(locked)
    read, sound, message, hint = as_nobody(_use, locked)
    assert (read, sound) == (5, True)
    assert "read-only" in message
    assert "writable" in hint


def test_none_can_be_made_in_a_read_only_folder(locked: Path) -> None:
    lock(locked)
    name, message = as_nobody(_use, locked)
    assert name == "JournalReadOnly"
    assert "journal.db" in message


def test_wal_is_used_only_where_it_is_sound(tmp_path: Path) -> None:
    assert journal_mode(tmp_path, (3, 51, 2)) == "TRUNCATE"
    assert journal_mode(tmp_path, (3, 51, 3)) == ("TRUNCATE" if is_remote(tmp_path) else "WAL")


MOUNTS = [
    "1 1 8:1 / / rw - ext4 /dev/sda1 rw",
    "2 1 0:50 / /net rw,relatime shared:7 - nfs4 server:/net rw",
    "3 1 0:51 / /net/ada/my\\040disk rw - xfs /dev/sdb1 rw",
    "4 1 0:50 / /dane/Łódź rw - nfs4 server:/dane rw",
]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var", "ext4"),
        ("/net", "nfs4"),
        ("/net/ada/x", "nfs4"),
        ("/nets", "ext4"),
        ("/net/ada/my disk/x", "xfs"),
        ("/dane/Łódź/journal.db", "nfs4"),
    ],
)
def test_the_file_system_of_a_path_is_the_innermost_mount(path: str, kind: str) -> None:
    assert file_system(path, MOUNTS) == kind


def test_a_network_file_system_is_told_apart(tmp_path: Path) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(f"1 1 0:5 / {os.path.realpath(tmp_path)} rw - nfs4 server:/ rw\n")
    assert is_remote(tmp_path / "journal.db", table)
    assert not is_remote(tmp_path / "journal.db", tmp_path / "absent")
