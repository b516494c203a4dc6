"""The database itself refuses every way of changing what was recorded; what gets past it is found by verify."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest

from cockpit.domain.events import GENESIS, chain_hash
from cockpit.errors import JournalDamaged, UnknownIncident
from tests.journal.making import dump, filled, note, open_journal, opening, raw

NEW = "'2026-11-21T02:14:00.000000Z', '2026-11-21T02:14:00.000000Z', 'eve', 'person', 'noted', '{}'"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A journal of one incident with five lines."""
    filled(tmp_path / "journal.db", notes=4)
    return tmp_path / "journal.db"


FORGERIES = {
    "update": "UPDATE event SET payload = '{}' WHERE seq = 2",
    "update of the chain": "UPDATE event SET hash = 'x', prev = 'y'",
    "update or replace": "UPDATE OR REPLACE event SET seq = 1 WHERE seq = 2",
    "update or ignore": "UPDATE OR IGNORE event SET actor = 'eve'",
    "delete": "DELETE FROM event WHERE seq = 5",
    "delete of all": "DELETE FROM event",
    "replace by key": f"INSERT OR REPLACE INTO event VALUES ('INC-0001', 2, {NEW}, :h1, 'aa')",
    "replace of the last": f"INSERT OR REPLACE INTO event VALUES ('INC-0001', 5, {NEW}, :h4, 'aa')",
    "replace by hash": f"INSERT OR REPLACE INTO event VALUES ('INC-0001', 6, {NEW}, :h5, :h2)",
    "replace by hash from a new incident": f"REPLACE INTO event VALUES ('INC-0002', 1, {NEW}, '{GENESIS}', :h2)",
    "gap": f"INSERT INTO event VALUES ('INC-0001', 7, {NEW}, :h5, 'aa')",
    "before the first": f"INSERT INTO event VALUES ('INC-0001', 0, {NEW}, '{GENESIS}', 'aa')",
    "negative": f"INSERT INTO event VALUES ('INC-0001', -1, {NEW}, '{GENESIS}', 'aa')",
    "no number": f"INSERT INTO event VALUES ('INC-0001', NULL, {NEW}, :h5, 'aa')",
    "a text as number": f"INSERT INTO event VALUES ('INC-0001', 'six', {NEW}, :h5, 'aa')",
    "not chained": f"INSERT INTO event VALUES ('INC-0001', 6, {NEW}, :h4, 'aa')",
    "chained to nothing": f"INSERT INTO event VALUES ('INC-0001', 6, {NEW}, NULL, 'aa')",
    "no hash": f"INSERT INTO event VALUES ('INC-0001', 6, {NEW}, :h5, NULL)",
    "new incident not from the start": f"INSERT INTO event VALUES ('INC-0002', 2, {NEW}, '{GENESIS}', 'aa')",
    "new incident chained elsewhere": f"INSERT INTO event VALUES ('INC-0002', 1, {NEW}, :h5, 'aa')",
    "ignore": f"INSERT OR IGNORE INTO event VALUES ('INC-0001', 2, {NEW}, :h1, 'aa')",
    "upsert by key": f"INSERT INTO event VALUES ('INC-0001', 2, {NEW}, :h1, 'aa')"
    " ON CONFLICT (incident, seq) DO UPDATE SET payload = '{}'",
    "upsert by hash": f"INSERT INTO event VALUES ('INC-0001', 6, {NEW}, :h5, :h2)"
    " ON CONFLICT (hash) DO UPDATE SET payload = '{}'",
    "upsert of anything": f"INSERT INTO event VALUES ('INC-0001', 2, {NEW}, :h1, 'aa')"
    " ON CONFLICT DO UPDATE SET seq = 9",
    "two rows, the second bad": f"INSERT INTO event VALUES ('INC-0001', 6, {NEW}, :h5, 'aa'),"
    f" ('INC-0001', 6, {NEW}, :h5, 'bb')",
}


@pytest.mark.parametrize("sql", FORGERIES.values(), ids=FORGERIES)
def test_the_database_refuses(path: Path, sql: str) -> None:
    before = dump(path)
    hashes = {f"h{row[1]}": row[-1] for row in before}
    used = {name: value for name, value in hashes.items() if f":{name}" in sql}
    # A connection without the journal's own pragmas, as any other program would open it.
    with raw(path) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute(sql, used)
    assert dump(path) == before


TAMPERINGS = {
    "an edited payload": ('UPDATE event SET payload = \'{"text":"x"}\' WHERE seq = 3', 3),
    "an edited time": ("UPDATE event SET at = '2020-01-01T00:00:00.000000Z' WHERE seq = 1", 1),
    "an edited recording time": ("UPDATE event SET recorded_at = '2020-01-01T00:00:00.000000Z' WHERE seq = 4", 4),
    "another actor": ("UPDATE event SET actor = 'eve' WHERE seq = 5", 5),
    "another hash": (f"UPDATE event SET hash = '{'a' * 64}' WHERE seq = 2", 2),
    "a line taken out": ("DELETE FROM event WHERE seq = 3", 3),
    "the first taken out": ("DELETE FROM event WHERE seq = 1", 1),
    "the tail cut": ("DELETE FROM event WHERE seq > 3", 4),
    "everything cut": ("DELETE FROM event", 1),
    "bytes that are no text": ("UPDATE event SET actor = CAST(x'ff00ff' AS TEXT) WHERE seq = 2", 2),
    "two lines swapped": ("UPDATE event SET seq = seq + 100 - 2 * (seq - 3) WHERE seq IN (3, 4)", 3),
}


@pytest.mark.parametrize(("sql", "bad"), TAMPERINGS.values(), ids=TAMPERINGS)
def test_verify_names_the_first_bad_line(path: Path, sql: str, bad: int) -> None:
    with raw(path, guarded=False) as connection:
        connection.execute(sql)
    with closing(open_journal(path)) as journal:
        verdict = journal.verify("INC-0001")
        assert (verdict.ok, verdict.first_bad_seq, verdict.events) == (False, bad, bad - 1), verdict
        if bad > 1:
            assert [event.seq for event in journal.events("INC-0001")] == list(range(1, bad))


@pytest.mark.parametrize("sql", [sql for sql, _ in TAMPERINGS.values()], ids=TAMPERINGS)
def test_nothing_is_added_to_a_tampered_incident_once_that_is_noticed(path: Path, sql: str) -> None:
    with raw(path, guarded=False) as connection:
        connection.execute(sql)
    before = dump(path)
    with closing(open_journal(path)) as journal:
        with suppress(JournalDamaged, UnknownIncident):
            journal.events("INC-0001")
        for expected in range(6):
            with pytest.raises(JournalDamaged):
                journal.append("INC-0001", [note("more")], expected_seq=expected)
        other = journal.open_incident([opening()])
        assert journal.verify(other).ok
    assert [row for row in dump(path) if row[0] == "INC-0001"] == list(before)


def test_a_chain_hashed_anew_is_found_by_the_anchor(path: Path) -> None:
    with raw(path, guarded=False) as connection:
        prev = GENESIS
        for row in dump(path):
            texts = [str(value) for value in row[2:8]]
            texts[5] = '{"text":"forged"}' if row[1] == 3 else texts[5]
            digest = chain_hash("INC-0001", int(str(row[1])), *[*texts, prev])
            connection.execute(
                "UPDATE event SET payload = ?, prev = ?, hash = ? WHERE seq = ?", (texts[5], prev, digest, row[1])
            )
            prev = digest
    with closing(open_journal(path)) as journal:
        verdict = journal.verify("INC-0001")
    assert (verdict.ok, verdict.first_bad_seq) == (False, 3)


def test_without_an_anchor_the_chain_holds_and_verify_says_what_it_could_not_check(path: Path) -> None:
    path.with_name("journal.db.anchor").unlink()
    with closing(open_journal(path)) as journal:
        verdict = journal.verify("INC-0001")
    assert verdict.ok
    assert "no anchor" in verdict.reason


@pytest.mark.parametrize("tail", [b"INC-0001 6 abc", b"\0" * 4096, b"\xff\xfe garbage\n", b"INC-0001 99999\n"])
def test_an_anchor_cut_or_spoilt_by_a_power_cut_raises_no_false_alarm(path: Path, tail: bytes) -> None:
    anchor = path.with_name("journal.db.anchor")
    anchor.write_bytes(anchor.read_bytes() + tail)
    with closing(open_journal(path)) as journal:
        journal.append("INC-0001", [note("on")], expected_seq=5)
        assert journal.verify("INC-0001").ok


def test_an_anchor_that_lags_behind_is_fine(path: Path) -> None:
    anchor = path.with_name("journal.db.anchor")
    anchor.write_bytes(b"".join(anchor.read_bytes().splitlines(keepends=True)[:2]))
    with closing(open_journal(path)) as journal:
        assert journal.verify("INC-0001").ok
