"""A database that goes away: nothing is lost or doubled, nobody waits for long, and one terminal drives."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cockpit.domain.clock import WallClock
from cockpit.domain.presence import Company, Present
from cockpit.errors import JournalConflict, JournalUnreachable
from cockpit.journal.log import Journal
from cockpit.journal.postgres.company import LEASE_S
from tests.journal.making import note, opening
from tests.journal.servers import Hosts, hosts, server

__all__ = ["hosts", "server"]

pytestmark = [pytest.mark.integration, pytest.mark.timeout(180)]

LONGEST_S = 4.5
"""How long a call may take before it is given up, on a busy machine."""


def until(holds: Callable[[], Any], seconds: float = 15.0) -> Any:
    """Wait until something holds, and return it."""
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.02)
    return found


@pytest.fixture
def journal(hosts: Hosts) -> Journal:
    """A journal with one incident, followed as a terminal does."""
    journal = hosts.journal()
    journal.open_incident([opening()])
    journal.changed()
    until(journal.changed)
    return journal


def test_a_commit_whose_answer_is_lost_is_recorded_once_and_not_told_as_failed(
    hosts: Hosts, journal: Journal
) -> None:
    relay = hosts.server.relay
    for seq in range(1, 6):
        relay.lose_answer_to = b"COMMIT"
        recorded = journal.append("INC-0001", [note(f"once {seq}")], expected_seq=seq)
        assert recorded[-1].seq == seq + 1
    assert relay.lost >= 5
    relay.lose_answer_to = b"COMMIT"
    assert journal.open_incident([opening()]) == "INC-0002"
    texts = [event.get("text") for event in journal.events("INC-0001")]
    assert texts == [None, *(f"once {seq}" for seq in range(1, 6))]
    assert len(journal.incidents()) == 2


def test_connections_that_were_cut_while_idle_are_made_anew_unnoticed(hosts: Hosts, journal: Journal) -> None:
    hosts.server.relay.cut()
    assert journal.events("INC-0001")[0].seq == 1
    hosts.server.relay.cut()
    assert journal.append("INC-0001", [note("on")], expected_seq=1)[0].seq == 2


def test_a_network_that_swallows_everything_ends_every_call_in_time_and_is_noticed_when_back(
    hosts: Hosts, journal: Journal
) -> None:
    relay = hosts.server.relay
    relay.swallowing = True
    began = time.monotonic()
    with pytest.raises(JournalUnreachable) as caught:
        journal.append("INC-0001", [note("lost")], expected_seq=1)
    assert time.monotonic() - began < LONGEST_S
    assert not caught.value.unsure
    began = time.monotonic()
    for _ in range(50):
        with pytest.raises(JournalUnreachable):
            journal.events("INC-0001")
        journal.changed()
    assert time.monotonic() - began < 0.5
    assert journal.lost is not None
    relay.heal()
    until(lambda: journal.lost is None, 8)
    until(journal.changed)
    assert len(journal.events("INC-0001")) == 1


def test_a_killed_server_loses_nothing_it_said_yes_to(hosts: Hosts, journal: Journal) -> None:
    other = hosts.journal()
    said: list[int] = []
    stop = threading.Event()

    def write() -> None:
        seq = 1
        while not stop.is_set():
            try:
                seq = journal.append("INC-0001", [note(f"n{seq}")], expected_seq=seq)[-1].seq
                said.append(seq)
            except JournalConflict:
                seq = journal.head("INC-0001")[0]
            except JournalUnreachable:
                stop.wait(0.1)

    writer = threading.Thread(target=write)
    writer.start()
    for _ in range(2):
        grown(said, 50)
        hosts.server.restart(0.5)
    grown(said, 20)
    stop.set()
    writer.join()
    events = other.events("INC-0001")
    texts = [event.get("text") for event in events[1:]]
    assert len(set(texts)) == len(texts)
    assert set(said) <= {event.seq for event in events}
    assert other.verify("INC-0001").ok


def grown(said: list[int], by: int) -> None:
    """Wait until so many more were said."""
    count = len(said)
    until(lambda: len(said) > count + by)


def _sit(url: str, folder: Path, results: Any) -> None:
    journal = Journal.connect(url, folder, clock=WallClock())
    company = journal.company("INC-0001", "bo")
    assert company is not None
    while not company.take():
        time.sleep(0.05)
    results.put("sits")
    while True:
        time.sleep(1)


def test_a_driver_that_is_killed_is_followed_within_seconds(hosts: Hosts, journal: Journal) -> None:
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    driver = context.Process(target=_sit, args=(hosts.url, hosts.folder / "bo", results), daemon=True)
    driver.start()
    assert results.get(timeout=30) == "sits"
    mine = joined(journal, "ada")
    assert not mine.take()
    until(lambda: [(one.who, one.drives) for one in mine.here()] == [("bo", True), ("ada", False)])
    os.kill(driver.pid or 0, signal.SIGKILL)
    began = time.monotonic()
    until(mine.take)
    assert time.monotonic() - began < LEASE_S + 3
    until(lambda: [one.who for one in mine.here()] == ["ada"])
    mine.leave()


def joined(journal: Journal, who: str) -> Company:
    """Come in."""
    company = journal.company("INC-0001", who)
    assert company is not None
    return company


def test_who_leaves_frees_the_seat_at_once_and_is_gone(hosts: Hosts, journal: Journal) -> None:
    first, second = joined(journal, "ada"), joined(hosts.journal(), "bo")
    until(first.take)
    assert not second.take()
    first.leave()
    began = time.monotonic()
    until(second.take)
    assert time.monotonic() - began < 3
    names: Callable[[], list[Present]] = lambda: [one for one in second.here() if not one.mine]  # noqa: E731
    until(lambda: names() == [])
    second.leave()


def test_a_driver_that_was_cut_off_stops_before_another_one_begins(hosts: Hosts, journal: Journal) -> None:
    direct = hosts.url.replace(str(hosts.server.relay.port), str(hosts.server.port))
    cut_off, other = joined(journal, "ada"), joined(hosts.journal(direct), "bo")
    until(cut_off.take)
    hosts.server.relay.swallowing = True
    while not other.take():
        time.sleep(0.005)
    assert not cut_off.taken
    assert not cut_off.take()
    hosts.server.relay.heal()
    until(lambda: journal.lost is None)
    other.leave()
    # It is another one's turn that has ended: it does not drive on as if nothing had been.
    time.sleep(1.5)
    assert not cut_off.taken
    until(cut_off.take)
    cut_off.leave()


def test_a_lock_that_all_hosts_know_is_held_by_one(hosts: Hosts, journal: Journal) -> None:
    other, order = hosts.journal(), list[str]()
    lock = journal.exclusive("alerts")
    assert lock is not None

    def second() -> None:
        wanted = other.exclusive("alerts")
        assert wanted is not None
        with wanted:
            order.append("second")

    with lock:
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.3)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]
