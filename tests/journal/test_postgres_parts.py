"""The parts that speak to PostgreSQL, without a server."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import errors
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from cockpit.domain.clock import ManualClock
from cockpit.errors import JournalConflict, JournalError, JournalReadOnly, JournalUnreachable
from cockpit.journal.postgres import line
from cockpit.journal.postgres.deadline import Deadline, renew, watch
from cockpit.journal.postgres.engine import dial
from cockpit.journal.postgres.faults import explain, unreachable
from cockpit.journal.postgres.line import Line
from tests.journal.making import START


@pytest.mark.parametrize(
    ("fault", "kind", "says"),
    [
        (errors.InsufficientPrivilege("permission denied"), JournalReadOnly, "may not write"),
        (errors.ReadOnlySqlTransaction("cannot execute INSERT"), JournalReadOnly, "standby"),
        (errors.DiskFull("could not extend file"), JournalReadOnly, "disk is full"),
        (errors.UniqueViolation("duplicate key"), JournalConflict, "duplicate key"),
        (errors.RaiseException("not the next line of the incident"), JournalConflict, "not the next line"),
        (errors.LockNotAvailable("canceling statement due to lock timeout"), JournalError, "for too long"),
        (errors.AdminShutdown("terminating connection"), JournalUnreachable, "terminating"),
        (errors.CannotConnectNow("the database system is starting up"), JournalUnreachable, "starting up"),
        (psycopg.OperationalError("server closed the connection"), JournalUnreachable, "server closed"),
        (psycopg.InterfaceError("the connection is closed"), JournalUnreachable, "closed"),
        (PoolTimeout("QueuePool limit"), JournalUnreachable, "QueuePool"),
        (OSError(101, "Network is unreachable"), JournalUnreachable, "Network"),
        (errors.UndefinedTable('relation "event" does not exist'), JournalError, "does not exist"),
    ],
)
def test_each_fault_is_told_as_what_it_means(fault: Exception, kind: type[JournalError], says: str) -> None:
    told = explain(fault, "db:5432/x")
    assert type(told) is kind
    assert says in told.message
    assert type(explain(OperationalError("SELECT", {}, fault), "db:5432/x")) is kind


def test_what_a_server_says_is_made_harmless_and_short() -> None:
    told = explain(psycopg.OperationalError("connection failed: \x1b]52;c;x\x07" + "x" * 999), "db")
    assert "\x1b" not in told.message
    assert len(told.message) < 300


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a server that takes connections and never says anything."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


class Talk:
    """Something with a socket, as a connection has; its other end says nothing."""

    closed = False

    def __init__(self) -> None:
        self.mine, self.other = socket.socketpair()

    def fileno(self) -> int:
        """Return the socket's number."""
        return self.mine.fileno()


def test_a_call_that_gets_no_answer_is_cut_when_its_time_is_up() -> None:
    talk, deadline = Talk(), Deadline(0.05)
    began = time.monotonic()
    with deadline:
        watch(talk)
        assert talk.mine.recv(1) == b""
    assert deadline.passed
    assert time.monotonic() - began < 2


def test_a_connection_that_is_made_after_its_time_is_cut_at_once() -> None:
    deadline, talk = Deadline(0.01), Talk()
    with deadline:
        while not deadline.passed:
            time.sleep(0.005)
        watch(talk)
        assert talk.mine.recv(1) == b""


@pytest.mark.integration
def test_each_statement_has_all_the_time() -> None:
    talk, deadline = Talk(), Deadline(0.5)
    with deadline:
        watch(talk)
        end = time.monotonic() + 1
        while time.monotonic() < end:
            time.sleep(0.005)
            renew()
        assert not deadline.passed
        assert talk.mine.recv(1) == b""
    assert deadline.passed


def test_a_call_that_is_in_time_is_left_alone() -> None:
    talk, deadline = Talk(), Deadline(60)
    with deadline:
        watch(talk)
    for thread in threading.enumerate():
        if thread.name == "journal-deadline":
            thread.join(timeout=5)
            assert not thread.is_alive()
    assert not deadline.passed
    assert hears(talk)


def test_connections_of_other_threads_are_left_alone() -> None:
    talk, other, deadline = Talk(), Talk(), Deadline(0.02)
    with deadline:
        thread = threading.Thread(target=watch, args=(other,))
        thread.start()
        thread.join()
        watch(talk)
        assert talk.mine.recv(1) == b""
    assert hears(other)


def hears(talk: Talk) -> bool:
    """Tell whether what the other end says still comes."""
    talk.other.send(b"x")
    return talk.mine.recv(1) == b"x"


@pytest.mark.integration
def test_a_server_that_never_answers_the_first_word_is_given_up(silent: int) -> None:
    began = time.monotonic()
    with pytest.raises(psycopg.OperationalError):
        dial(f"postgresql://ada:hunter2@127.0.0.1:{silent}/x")
    assert time.monotonic() - began < 4


def test_after_a_loss_all_are_refused_at_once_until_one_gets_through(monkeypatch: pytest.MonkeyPatch) -> None:
    now: list[Any] = [100.0]
    monkeypatch.setattr("cockpit.journal.postgres.line.time.monotonic", lambda: now[0])
    one = Line(ManualClock(START))
    one.check()
    assert one.told() is None
    one.lost(unreachable("db", "no answer in time"))
    with pytest.raises(JournalUnreachable, match="no answer"):
        one.check()
    lost = one.told()
    assert lost is not None
    assert (lost.since, lost.reason) == (START, "No connection to the journal at db: no answer in time.")
    now[0] += line.RETRY_S + 0.1
    one.check()  # nobody watches: somebody has to try
    one.watched = True
    with pytest.raises(JournalUnreachable):
        one.check()
    one.found()
    one.check()
    assert one.told() is None
