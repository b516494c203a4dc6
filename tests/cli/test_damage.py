"""A journal that is not what was recorded: the first bad event is named, exit 1, and nothing is written over it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from cockpit.cli import run
from tests.cli.command import NOTHING, Cli

QUICK_LOOKS = (("log", "show"), ("log", "verify"), ("status",))
LOOKS = (*QUICK_LOOKS, ("score",), ("debrief",))


def rewritten(*statements: str) -> Callable[[Path], None]:
    """Change a journal as somebody with the file in hands would: first the triggers go."""

    def spoil(folder: Path) -> None:
        with closing(sqlite3.connect(folder / "journal.db")) as connection:
            names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
            for statement in (*(f"DROP TRIGGER {name}" for name in names), *statements):
                connection.execute(statement)
            connection.commit()

    return spoil


EDITED = {
    "a payload": (rewritten("UPDATE event SET payload = '{\"forged\":1}' WHERE seq = 5"), 5),
    "a moment": (rewritten("UPDATE event SET at = '2026-06-12T02:14:01.000000Z' WHERE seq = 4"), 4),
    "a name": (rewritten("UPDATE event SET actor = 'eve' WHERE seq = 6"), 6),
    "a kind": (rewritten("UPDATE event SET kind = 'noted' WHERE seq = 7"), 7),
    "a hash": (rewritten(f"UPDATE event SET hash = '{'0' * 63}1' WHERE seq = 8"), 8),
    "a line taken out": (rewritten("DELETE FROM event WHERE seq = 9"), 9),
    "the tail": (rewritten("DELETE FROM event WHERE seq > 10"), 11),
    "the last line": (rewritten("DELETE FROM event WHERE seq = (SELECT MAX(seq) FROM event)"), None),
    "the beginning": (rewritten("DELETE FROM event WHERE seq = 1"), 1),
    "everything": (rewritten("DELETE FROM event"), 1),
    "no UTF-8": (rewritten("UPDATE event SET actor = CAST(x'ff1b5b324a' AS TEXT) WHERE seq = 3"), 3),
}


@pytest.mark.usefixtures("few_what_ifs")
@pytest.mark.parametrize("what", EDITED)
def test_the_first_bad_event_is_named(played: Cli, what: str) -> None:
    spoil, seq = EDITED[what]
    bad = seq or len(played("log", "show", "INC-0001", "--json").json)
    spoil(played.data)
    before = (played.data / "journal.db").read_bytes()
    verdict = played("log", "verify", "INC-0001", "--json")
    assert (verdict.code, verdict.json["ok"], verdict.json["first_bad_seq"]) == (1, False, bad)
    assert f"the first bad event is {bad}" in played("log", "verify", "INC-0001").out
    for command in LOOKS if what == "a payload" else QUICK_LOOKS:
        answer = played(*command, "INC-0001")
        assert answer.code == 1
        assert command == ("log", "verify") or "damaged" in answer.err
    assert (played.data / "journal.db").read_bytes() == before


def test_another_nights_database_in_its_place(played: Cli, tmp_path: Path) -> None:
    other = tmp_path / "other"
    assert played.plain(*NOTHING, "--data", str(other)).code == 0
    shutil.copy(other / "journal.db", played.data / "journal.db")
    verdict = played("log", "verify", "INC-0001", "--json")
    assert (verdict.code, verdict.json["first_bad_seq"]) == (1, 1)


@pytest.mark.parametrize("content", [b"", b"hello", b"\0" * 8192, b"SQLite format 3\0" + b"\xff" * 9000])
def test_no_database_in_its_place(played: Cli, content: bytes) -> None:
    file = played.data / "journal.db"
    file.write_bytes(content)
    for command in LOOKS:
        assert played(*command, "INC-0001").code == 1
    listed = played("status")
    assert listed.code == 1
    assert "damaged" in listed.err
    assert played("status", "--json").json == []
    refused = played(*NOTHING)
    assert (refused.code, refused.out) == (1, "")
    assert "damaged" in refused.err
    assert file.read_bytes() == content


def test_the_database_is_gone(played: Cli) -> None:
    (played.data / "journal.db").unlink()
    for command in LOOKS:
        answer = played(*command, "INC-0001")
        assert answer.code == 1
        assert "gone" in answer.err


def test_a_folder_in_its_place(played: Cli) -> None:
    (played.data / "journal.db").unlink()
    (played.data / "journal.db").mkdir()
    for command in (*LOOKS, NOTHING):
        assert played(*command, *(() if command == NOTHING else ("INC-0001",))).code == 1


def test_one_damaged_incident_does_not_stop_the_next(played: Cli) -> None:
    EDITED["a payload"][0](played.data)
    assert played(*NOTHING).code == 0
    assert played("log", "verify", "INC-0002").code == 0
    assert played("log", "verify", "INC-0001").code == 1


def test_a_write_that_was_cut_short_is_taken_back(played: Cli, tmp_path: Path) -> None:
    """Whoever only reads must not see half a transaction, nor call it damage."""
    file = played.data / "journal.db"
    sound = file.read_bytes()
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA cache_size=1")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("CREATE TABLE half AS SELECT * FROM event")
        connection.executemany("INSERT INTO half (incident) VALUES (?)", [("x" * 3000,)] * 200)
        broken = Path(shutil.copytree(played.data, tmp_path / "broken"))
        connection.execute("ROLLBACK")
    assert (broken / "journal.db").read_bytes() != sound
    assert (broken / "journal.db-journal").stat().st_size > 0
    assert run(["log", "verify", "INC-0001", "--data", str(broken)]) == 0
    assert (broken / "journal.db").read_bytes()[: len(sound)][100:] == sound[100:]
