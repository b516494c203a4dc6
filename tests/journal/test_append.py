"""Appending and reading: order, conflicts, ids, texts of every kind, several threads and processes."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.domain.clock import WallClock
from cockpit.domain.events import GENESIS, Kind, NewEvent, canonical, chain_hash
from cockpit.errors import BadInput, JournalConflict, JournalDamaged, JournalError, JournalReadOnly, UnknownIncident
from cockpit.journal import chain
from cockpit.journal.log import Journal
from cockpit.journal.traces.store import TraceStore
from tests.examples import examples
from tests.journal.making import START, filled, note, open_journal, opening, raw


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """An empty journal in a folder that has to be made."""
    journal = open_journal(tmp_path / "data" / "journal.db")
    yield journal
    journal.close()


def test_what_was_appended_is_read_back_alike_and_in_order(journal: Journal) -> None:
    incident = journal.open_incident([opening()])
    recorded = journal.append(incident, [note("a"), note("b")], expected_seq=1)
    events = journal.events(incident)
    assert events[1:] == recorded
    assert [event.seq for event in events] == [1, 2, 3]
    assert [event.prev for event in events] == [GENESIS, events[0].hash, events[1].hash]
    assert journal.events(incident, after_seq=2) == events[2:]
    assert journal.events(incident, after_seq=3) == []
    assert journal.head(incident) == (3, events[2].hash)


def test_when_it_happened_and_when_it_was_recorded_are_kept_apart(journal: Journal) -> None:
    incident = journal.open_incident([replace(opening(), at=START - timedelta(hours=1))])
    event = journal.events(incident)[0]
    assert (event.at, event.recorded_at) == (START - timedelta(hours=1), START)


def test_a_late_append_is_a_conflict_and_records_nothing(journal: Journal) -> None:
    incident = journal.open_incident([opening()])
    journal.append(incident, [note("first")], expected_seq=1)
    with pytest.raises(JournalConflict, match="at line 2, not 1"):
        journal.append(incident, [note("second")], expected_seq=1)
    assert journal.head(incident)[0] == 2


def test_a_long_incident_is_read_whole_wherever_it_is_begun(journal: Journal) -> None:
    incident = journal.open_incident([opening()])
    for most in (chain.PAGE - 1, chain.PAGE, 3):
        seq = journal.head(incident)[0]
        journal.append(incident, [note(str(number)) for number in range(most)], expected_seq=seq)
    whole = journal.events(incident)
    assert [event.seq for event in whole] == list(range(1, 2 * chain.PAGE + 4))
    for after in (0, 1, chain.PAGE - 1, chain.PAGE, chain.PAGE + 1, len(whole) - 1, len(whole)):
        assert journal.events(incident, after_seq=after) == whole[after:]
    assert journal.verify(incident).events == len(whole)


def test_an_append_of_several_is_all_or_nothing(journal: Journal) -> None:
    incident = journal.open_incident([opening()])
    with pytest.raises(BadInput):
        journal.append(incident, [note("fine"), replace(note(""), payload={"x": float("nan")})], expected_seq=1)
    assert journal.head(incident)[0] == 1


@pytest.mark.parametrize("payload", [{"x": {1, 2}}, {"x": float("inf")}, {"a": 1, 2: 3}, {"x": object()}])
def test_a_payload_that_is_no_json_is_refused(journal: Journal, payload: Any) -> None:
    with pytest.raises(BadInput, match="JSON"):
        journal.open_incident([replace(opening(), payload=payload)])


def test_ids_count_up_and_unknown_ones_are_told(journal: Journal) -> None:
    assert [journal.open_incident([opening()]) for _ in range(3)] == ["INC-0001", "INC-0002", "INC-0003"]
    for call in (journal.events, journal.head, journal.verify):
        with pytest.raises(UnknownIncident, match="INC-0009"):
            call("INC-0009")
    with pytest.raises(UnknownIncident):
        journal.append("INC-0009", [note("")], expected_seq=4)


@pytest.mark.parametrize("incident", ["", "a b", "x/y", "é", "x" * 65, "INC-1\n"])
def test_an_id_that_could_break_other_files_is_refused(journal: Journal, incident: str) -> None:
    with pytest.raises(BadInput):
        journal.append(incident, [opening()], expected_seq=0)


def test_an_id_is_never_given_twice_even_when_the_database_is_gone(tmp_path: Path) -> None:
    filled(tmp_path / "journal.db", notes=1)
    (tmp_path / "journal.db").unlink()
    journal = open_journal(tmp_path / "journal.db")
    assert journal.open_incident([opening()]) == "INC-0002"
    verdict = journal.verify("INC-0001")
    assert (verdict.ok, verdict.first_bad_seq) == (False, 1)
    journal.close()


def test_the_list_says_what_each_incident_is(journal: Journal) -> None:
    first = journal.open_incident([opening("one")])
    live = replace(opening("two"), at=START + timedelta(minutes=1), payload={"mode": "live", "title": "two"})
    second = journal.open_incident([live, NewEvent(Kind.ALL_CLEAR_GIVEN, START + timedelta(hours=1), "ada")])
    journal.append(first, [NewEvent(Kind.ALL_CLEAR_GIVEN, START, "ada")], expected_seq=1)
    lines = journal.incidents()
    assert [(line.id, line.mode, line.title, line.seed, line.events, line.ended) for line in lines] == [
        (second, "live", "two", None, 2, True),
        (first, "drill", "one", 7, 2, False),
    ]
    journal.append(first, [NewEvent(Kind.DRILL_ENDED, START, "ada")], expected_seq=2)
    assert journal.incidents()[1].ended


def test_files_are_for_the_user_alone(journal: Journal, tmp_path: Path) -> None:
    journal.open_incident([opening()])
    assert oct((tmp_path / "data").stat().st_mode & 0o777) == "0o700"
    modes = {file.name: oct(file.stat().st_mode & 0o777) for file in (tmp_path / "data").iterdir()}
    assert set(modes) >= {"journal.db", "journal.db.anchor"}
    assert set(modes.values()) == {"0o600"}


def test_opened_for_reading_it_refuses_to_write_and_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="no journal"):
        open_journal(tmp_path / "none.db", read_only=True)
    assert list(tmp_path.iterdir()) == []
    events = filled(tmp_path / "journal.db", notes=2)
    reader = open_journal(tmp_path / "journal.db", read_only=True)
    assert reader.events("INC-0001") == events
    with pytest.raises(JournalReadOnly):
        reader.append("INC-0001", [note("")], expected_seq=3)
    reader.close()


def test_a_newer_schema_is_refused_with_the_way_out_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    filled(path, notes=0)
    with raw(path) as connection:
        connection.execute("INSERT INTO migration VALUES (99, 'm099', '')")
    before = path.read_bytes()
    for read_only in (False, True):
        with pytest.raises(JournalError, match="schema 99") as caught:
            open_journal(path, read_only=read_only)
        assert "newer cockpit" in caught.value.hint
    assert path.read_bytes() == before


def test_an_event_kind_of_a_newer_cockpit_is_told_and_not_called_damage(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    filled(path, notes=0)
    journal = open_journal(path)
    seq, head = journal.head("INC-0001")
    row = (
        "INC-0001",
        seq + 1,
        "2026-11-21T02:14:00.000000Z",
        "2026-11-21T02:14:00.000000Z",
        "a",
        "person",
        "novel",
        "{}",
    )
    with raw(path) as connection:
        connection.execute(
            "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*row, head, chain_hash(*row, head))
        )
    with pytest.raises(JournalError, match="novel"):
        journal.events("INC-0001")
    journal.close()


_TEXT = st.text(st.characters(exclude_categories=()), max_size=20)
_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(payload=st.dictionaries(_TEXT, _JSON, max_size=4), actor=_TEXT)
def test_any_payload_and_actor_survive(journal: Journal, payload: dict[str, Any], actor: str) -> None:
    incident = journal.open_incident([NewEvent(Kind.NOTED, START, actor, payload=payload)])
    event = journal.events(incident)[0]
    # Two lone surrogates that happen to be a pair are read back as the one character they write.
    assert canonical(event.payload) == canonical(payload)
    assert event.actor == actor.encode("utf-8", "backslashreplace").decode().replace("\0", r"\x00")
    assert journal.verify(incident).ok


def test_lone_surrogates_nul_and_emoji_come_back_as_they_were(journal: Journal) -> None:
    text = "a\0b \ud800 \udfff 🔥 \u202e \x1b[2J"
    incident = journal.open_incident([replace(opening(), payload={text: [text]})])
    assert journal.events(incident)[0].payload == {text: [text]}


def test_of_many_threads_exactly_one_wins_each_line(journal: Journal) -> None:
    incident = journal.open_incident([opening()])

    def race(seq: int) -> int:
        try:
            journal.append(incident, [note("mine")], expected_seq=seq)
        except JournalConflict:
            return 0
        return 1

    with ThreadPoolExecutor(8) as pool:
        for seq in range(1, 11):
            assert sum(pool.map(race, [seq] * 8)) == 1
    assert journal.verify(incident).events == 11


def _race(path: Path, name: str, gate: Any, results: Any) -> None:
    journal = Journal.open(path, clock=WallClock())
    gate.wait()
    won = 0
    while (seq := journal.head("INC-0001")[0]) < 41:
        try:
            journal.append("INC-0001", [note(name, name)], expected_seq=seq)
            won += 1
        except JournalConflict:
            continue
    results.put((won, journal.open_incident([opening()])))
    journal.close()


def test_of_eight_processes_exactly_one_wins_each_line(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    filled(path, notes=0)
    context = multiprocessing.get_context("fork")
    gate, results = context.Barrier(8), context.Queue()
    racers = [context.Process(target=_race, args=(path, f"p{n}", gate, results)) for n in range(8)]
    for racer in racers:
        racer.start()
    answers = [results.get(timeout=60) for _ in racers]
    for racer in racers:
        racer.join()
    journal = open_journal(path)
    verdict = journal.verify("INC-0001")
    assert verdict.ok, verdict.reason
    # A racer that looked at line 40 may add line 41 only once; nobody's win is lost or doubled.
    assert sum(won for won, _ in answers) == verdict.events - 1 == 40
    assert sorted(incident for _, incident in answers) == [f"INC-{n:04d}" for n in range(2, 10)]
    journal.close()


def test_eight_processes_may_make_the_journal_at_once(tmp_path: Path) -> None:
    path = tmp_path / "new" / "journal.db"
    context = multiprocessing.get_context("fork")
    gate, results = context.Barrier(8), context.Queue()
    makers = [context.Process(target=_make, args=(path, gate, results)) for _ in range(8)]
    for maker in makers:
        maker.start()
    assert sorted(results.get(timeout=60) for _ in makers) == [f"INC-{n:04d}" for n in range(1, 9)]
    for maker in makers:
        maker.join()


def _make(path: Path, gate: Any, results: Any) -> None:
    gate.wait()
    journal = Journal.open(path, clock=WallClock())
    results.put(journal.open_incident([opening()]))
    journal.close()


def test_another_terminal_sees_a_commit_within_50_ms(journal: Journal, tmp_path: Path) -> None:
    incident = journal.open_incident([opening()])
    other = open_journal(tmp_path / "data" / "journal.db")
    assert not other.changed()
    delays: list[float] = []
    for seq in range(1, 6):
        done: list[float] = []

        def commit(seq: int = seq, done: list[float] = done) -> None:
            journal.append(incident, [note("news")], expected_seq=seq)
            done.append(time.perf_counter())

        thread = threading.Thread(target=commit)
        thread.start()
        while not other.changed():
            time.sleep(0.02)
        seen = time.perf_counter()
        thread.join()
        delays.append(seen - done[0])
    assert sorted(delays)[2] < 0.05
    assert len(other.events(incident)) == 6
    assert not other.changed()
    other.close()


def test_each_follower_is_told_once_of_own_commits_too(journal: Journal) -> None:
    one, two = journal.follower(), journal.follower()
    journal.open_incident([opening()])
    assert [one.changed(), one.changed(), two.changed(), journal.changed()] == [True, False, True, True]
    one.close()
    two.close()
    assert not one.changed()


def test_a_closed_journal_says_so_and_does_not_speak_of_damage(tmp_path: Path) -> None:
    path = tmp_path / "traces.db"
    store = TraceStore.open(path)
    store.add([])
    store.close()
    with pytest.raises(JournalError, match="could not be used") as caught:
        store.set_checkpoint("x")
    assert not isinstance(caught.value, JournalDamaged)
