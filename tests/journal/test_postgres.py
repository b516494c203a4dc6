"""The journal in PostgreSQL: the same promises, kept by the database, for hosts that only share it."""

from __future__ import annotations

import multiprocessing
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from cockpit.domain.clock import WallClock
from cockpit.domain.events import GENESIS, Event, Kind, NewEvent
from cockpit.errors import (
    JournalConflict,
    JournalDamaged,
    JournalError,
    JournalReadOnly,
    JournalUnreachable,
    SettingsError,
    UnknownIncident,
)
from cockpit.journal.log import Journal
from tests.journal.making import START, note, opening
from tests.journal.servers import Hosts, hosts, server
from tests.systems.failures import InstallFailed

__all__ = ["hosts", "server"]

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]

NEW = "'2026-11-21T02:14:00.000000Z', '2026-11-21T02:14:00.000000Z', 'eve', 'person', 'noted', '{}'"
A, B = "a" * 64, "b" * 64


def filled(hosts: Hosts, notes: int = 4) -> tuple[Journal, list[Event]]:
    """Return a journal with one incident, and its lines."""
    journal = hosts.journal()
    incident = journal.open_incident([opening()])
    for number in range(notes):
        journal.append(incident, [note(f"note {number}")], expected_seq=number + 1)
    return journal, journal.events(incident)


def test_what_one_host_appends_another_reads_alike(hosts: Hosts) -> None:
    _, events = filled(hosts)
    other = hosts.journal()
    assert other.events("INC-0001") == events
    assert [event.prev for event in events] == [GENESIS, *(event.hash for event in events[:-1])]
    assert other.head("INC-0001") == (5, events[-1].hash)
    assert other.events("INC-0001", after_seq=5) == []
    hostile = "a\0b \ud800 \udfff 🔥 \u202e \x1b[2J"
    told = other.open_incident([NewEvent(Kind.NOTED, START, hostile, payload={hostile: [hostile, 1.5, None]})])
    assert other.events(told)[0].payload == {hostile: [hostile, 1.5, None]}
    assert [other.verify(name).ok for name in ("INC-0001", told)] == [True, True]
    assert [(line.id, line.events, line.title) for line in other.incidents()] == [
        (told, 1, ""),
        ("INC-0001", 5, "answers leak orders"),
    ]
    with pytest.raises(UnknownIncident, match="INC-0009"):
        other.events("INC-0009")


FORGERIES = (
    "UPDATE event SET payload = '{}' WHERE seq = 2",
    "UPDATE event SET payload = '{}' WHERE false",
    "DELETE FROM event WHERE seq = 5",
    "DELETE FROM ONLY event",
    "TRUNCATE event",
    "TRUNCATE event, seat CASCADE",
    f"INSERT INTO event VALUES ('INC-0001', 2, {NEW}, :h1, '{A}')"
    " ON CONFLICT (incident, seq) DO UPDATE SET payload = '{}'",
    f"INSERT INTO event VALUES ('INC-0001', 6, {NEW}, :h5, :h2) ON CONFLICT (hash) DO UPDATE SET payload = '{{}}'",
    f"INSERT INTO event VALUES ('INC-0001', 2, {NEW}, :h1, '{A}') ON CONFLICT DO NOTHING",
    "MERGE INTO event USING (SELECT 2 AS two) AS x ON event.seq = x.two WHEN MATCHED THEN UPDATE SET actor = 'eve'",
    "MERGE INTO event USING (SELECT 2 AS two) AS x ON event.seq = x.two WHEN MATCHED THEN DELETE",
    f"INSERT INTO event VALUES ('INC-0001', 7, {NEW}, :h5, '{A}')",
    f"INSERT INTO event VALUES ('INC-0001', 0, {NEW}, '{GENESIS}', '{A}')",
    f"INSERT INTO event VALUES ('INC-0001', 6, {NEW}, :h4, '{A}')",
    f"INSERT INTO event VALUES ('INC-0001', 6, {NEW}, NULL, '{A}')",
    f"INSERT INTO event VALUES ('INC-0002', 1, {NEW}, :h5, '{A}')",
    f"INSERT INTO event VALUES ('INC-0002', 2, {NEW}, '{GENESIS}', '{A}')",
    f"INSERT INTO event VALUES ('INC-0001', 6, {NEW}, :h5, '{A}'), ('INC-0001', 6, {NEW}, :h5, '{B}')",
    "SET session_replication_role = replica; DELETE FROM event",
    "SET session_replication_role = replica; UPDATE event SET actor = 'eve'",
    f"SET session_replication_role = replica; INSERT INTO event VALUES ('INC-0001', 9, {NEW}, :h5, '{A}')",
    "WITH gone AS (DELETE FROM event RETURNING *) SELECT * FROM gone",
)


def test_the_database_refuses_every_forgery_even_its_master_s(hosts: Hosts) -> None:
    journal, events = filled(hosts)
    for statement in FORGERIES:
        for event in events:
            statement = statement.replace(f":h{event.seq}", f"'{event.hash}'")
        with pytest.raises(InstallFailed, match=r"append-only|next line|not chained|is taken|null value|check"):
            hosts.sql(f"SET search_path = cockpit; {statement}")
    assert journal.events("INC-0001") == events
    assert journal.verify("INC-0001").ok


TAMPERINGS = (
    ('UPDATE event SET payload = \'{"text":"x"}\' WHERE seq = 3', 3),
    ("UPDATE event SET actor = 'eve' WHERE seq = 5", 5),
    ("DELETE FROM event WHERE seq = 3", 3),
    ("DELETE FROM event WHERE seq > 3", 4),
)


@pytest.mark.parametrize(("statement", "bad"), TAMPERINGS)
def test_what_gets_past_the_guards_is_found_also_by_a_host_that_only_read(
    hosts: Hosts, statement: str, bad: int
) -> None:
    _, events = filled(hosts)
    witness = hosts.journal()
    assert witness.events("INC-0001") == events
    hosts.sql(f"SET search_path = cockpit; ALTER TABLE event DISABLE TRIGGER USER; {statement}")
    verdict = witness.verify("INC-0001")
    assert (verdict.ok, verdict.first_bad_seq) == (False, bad), verdict
    with pytest.raises(JournalDamaged):
        witness.append("INC-0001", [note("more")], expected_seq=5)


def test_verify_says_that_the_guards_are_gone(hosts: Hosts) -> None:
    journal, _ = filled(hosts)
    hosts.sql("ALTER TABLE cockpit.event DISABLE TRIGGER event_never_changed")
    verdict = journal.verify("INC-0001")
    assert not verdict.ok
    assert "event_never_changed" in verdict.reason


def test_of_many_hosts_exactly_one_wins_each_line(hosts: Hosts) -> None:
    journal, _ = filled(hosts, notes=0)
    others = [hosts.journal() for _ in range(4)]

    def race(given: tuple[Journal, int]) -> int:
        try:
            given[0].append("INC-0001", [note("mine")], expected_seq=given[1])
        except JournalConflict:
            return 0
        return 1

    with ThreadPoolExecutor(4) as pool:
        for seq in range(1, 11):
            assert sum(pool.map(race, [(one, seq) for one in others])) == 1
        ids = list(pool.map(lambda one: one.open_incident([opening()]), others))
    assert sorted(ids) == [f"INC-{number:04d}" for number in range(2, 6)]
    assert journal.verify("INC-0001").events == 11


def _make(url: str, folder: Path, gate: Any, results: Any) -> None:
    gate.wait()
    journal = Journal.connect(url, folder, clock=WallClock())
    results.put(journal.open_incident([opening()]))
    journal.close()


def test_six_processes_may_make_the_journal_at_once(hosts: Hosts) -> None:
    context = multiprocessing.get_context("fork")
    gate, results = context.Barrier(6), context.Queue()
    folders = [hosts.folder / f"p{number}" for number in range(6)]
    makers = [context.Process(target=_make, args=(hosts.url, folder, gate, results)) for folder in folders]
    for maker in makers:
        maker.start()
    assert sorted(results.get(timeout=60) for _ in makers) == [f"INC-{n:04d}" for n in range(1, 7)]
    for maker in makers:
        maker.join()
    assert hosts.sql("SELECT string_agg(version || name, ',' ORDER BY version) FROM cockpit.migration").strip() == (
        "1p001_events,2p002_company"
    )


def test_a_newer_schema_is_refused_and_left_alone(hosts: Hosts) -> None:
    hosts.journal()
    hosts.sql("INSERT INTO cockpit.migration VALUES (99, 'p099', '')")
    with pytest.raises(JournalError, match="schema 99"):
        hosts.journal()


def test_an_account_that_may_only_add_is_enough_and_one_that_may_only_read_says_so(hosts: Hosts) -> None:
    filled(hosts)
    hosts.sql(
        "CREATE ROLE adder LOGIN; GRANT USAGE ON SCHEMA cockpit TO adder;"
        " GRANT SELECT, INSERT ON cockpit.event TO adder; GRANT SELECT ON cockpit.migration TO adder;"
        " CREATE ROLE looker LOGIN; GRANT USAGE ON SCHEMA cockpit TO looker;"
        " GRANT SELECT ON ALL TABLES IN SCHEMA cockpit TO looker"
    )
    try:
        adder = hosts.journal(hosts.url.replace("postgres:hunter2", "adder"))
        adder.append("INC-0001", [note("added")], expected_seq=5)
        with pytest.raises(JournalReadOnly, match="may not write"):
            adder.company("INC-0001", "ada")
        hosts.sql("GRANT SELECT, INSERT, UPDATE, DELETE ON cockpit.seat, cockpit.presence TO adder")
        company = adder.company("INC-0001", "ada")
        assert company is not None
        assert company.take()
        company.leave()
        looker = hosts.journal(hosts.url.replace("postgres:hunter2", "looker"))
        assert len(looker.events("INC-0001")) == 6
        with pytest.raises(JournalReadOnly, match="may not write"):
            looker.append("INC-0001", [note("no")], expected_seq=6)
    finally:
        hosts.sql("DROP OWNED BY adder; DROP OWNED BY looker; DROP ROLE adder; DROP ROLE looker")


def test_opened_for_reading_it_writes_and_makes_nothing(hosts: Hosts) -> None:
    with pytest.raises(UnknownIncident, match="Nothing has been recorded"):
        hosts.journal(read_only=True)
    assert hosts.sql("SELECT count(*) FROM pg_namespace WHERE nspname = 'cockpit'").strip() == "0"
    filled(hosts)
    with pytest.raises(JournalReadOnly):
        hosts.journal(read_only=True).append("INC-0001", [note("no")], expected_seq=5)


def test_an_address_that_is_none_or_not_answered_is_told_without_its_password(hosts: Hosts) -> None:
    for url, kind in (
        ("mysql://ada:hunter2@db/x", SettingsError),
        ("postgresql://ada:hunter2@db/x?nonsense=1", SettingsError),
        ("postgresql://ada:hunter2@127.0.0.1:1/x", JournalUnreachable),
        (hosts.url.rpartition("/")[0] + "/nowhere", JournalUnreachable),
    ):
        with pytest.raises(kind) as caught:
            hosts.journal(url)
        assert "hunter2" not in f"{caught.value.message} {caught.value.hint} {caught.value!r}"


def test_another_host_sees_a_commit_within_a_second(hosts: Hosts) -> None:
    journal, _ = filled(hosts, notes=0)
    other = hosts.journal()
    assert not other.changed()
    settle(other)
    delays: list[float] = []
    for seq in range(1, 21):
        journal.append("INC-0001", [note("news")], expected_seq=seq)
        done = time.perf_counter()
        while not other.changed():
            time.sleep(0.002)
        delays.append(time.perf_counter() - done)
        settle(other)
    assert sorted(delays)[10] < 0.1
    assert max(delays) < 1.5
    assert len(other.events("INC-0001")) == 21


def settle(journal: Journal) -> None:
    """Wait until nothing is said to have changed for a moment."""
    quiet = 0
    while quiet < 5:
        quiet = 0 if journal.changed() else quiet + 1
        time.sleep(0.01)
