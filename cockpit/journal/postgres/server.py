"""A journal in a PostgreSQL database, for terminals on several hosts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, TypeVar

import psycopg
from sqlalchemy import text
from sqlmodel import Session

from cockpit.domain.clock import Clock
from cockpit.domain.presence import Company
from cockpit.errors import CockpitError, JournalError, JournalReadOnly, JournalUnreachable, UnknownIncident
from cockpit.journal.backing import WAIT_S, Lost
from cockpit.journal.migrations import migrate, refuse_newer
from cockpit.journal.postgres.address import Address
from cockpit.journal.postgres.deadline import Deadline
from cockpit.journal.postgres.engine import CALL_S, SCHEMA, dial, make_engine
from cockpit.journal.postgres.faults import FAULTS, explain
from cockpit.journal.postgres.follow import Ear, EarFollower
from cockpit.journal.postgres.line import Line
from cockpit.journal.postgres.schema import GUARDS, STEPS

T = TypeVar("T")

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))")
_STANDING = text(
    "SELECT tgname FROM pg_trigger WHERE tgrelid = 'event'::regclass AND tgenabled IN ('O', 'A') AND NOT tgisinternal"
)
_NOW = text("SELECT clock_timestamp()")


class _CommitFailed(Exception):
    """The commit itself went wrong: nobody knows whether it was done. The cause says how."""


class _Lost(Exception):
    """A connection was lost; `late` says that it was given up because nothing came."""

    def __init__(self, problem: JournalUnreachable, *, late: bool) -> None:
        super().__init__(problem.message)
        self.problem = problem
        self.late = late


_HANDLED: tuple[type[Exception], ...] = (*FAULTS, _CommitFailed)


class ServerBacking:
    """Implements `Backing` on a database."""

    shared = True

    def __init__(self, address: Address, clock: Clock) -> None:
        self.address = address
        self.name = self.where = address.label
        self.trouble: JournalError | None = None
        self.line = Line(clock)
        self._clock = clock
        self._engine = make_engine(address.url)
        self._ear = Ear(address.url, self.name, self.line)

    @classmethod
    def open(cls, address: Address, clock: Clock, *, read_only: bool) -> ServerBacking:
        """Connect, and bring the schema up to date.

        Raises:
            JournalUnreachable: the database does not answer.
            UnknownIncident: it is only to be read, and nothing has been recorded there.
            JournalError: a newer cockpit wrote it.
        """
        backing = cls(address, clock)
        try:
            backing._settle(clock, read_only=read_only)
        except CockpitError:
            backing.close()
            raise
        return backing

    def read(self, work: Callable[[Session], T]) -> T:
        """Read, every statement for itself."""
        return self._run(lambda: self._reading(work))

    def write(self, what: str, work: Callable[[Session], T]) -> T:
        """Write in one transaction while this host's and others' wait for `what`."""
        return self._run(lambda: self._writing(f"cockpit:{what}", work))

    def fault(self, session: Session) -> str:
        """Look whether the guards that keep the journal append-only stand."""
        standing = {str(row[0]) for row in session.connection().execute(_STANDING)}
        missing = [name for name in GUARDS if name not in standing]
        return f"nothing keeps it append-only any more: {', '.join(missing)} is gone" if missing else ""

    def clock_ahead_s(self) -> float:
        """Return how many seconds the server's clock is ahead of this machine's."""
        before = self._clock.now()
        there = self.read(lambda session: session.connection().execute(_NOW).scalar_one())
        middle = before + (self._clock.now() - before) / 2
        return float((there - middle).total_seconds())

    def follower(self) -> EarFollower:
        """Return a follower; listening begins when it is first asked."""
        return EarFollower(self._ear)

    def exclusive(self, what: str, wait_s: float = WAIT_S) -> AbstractContextManager[None]:
        """Return a lock of the database's; it goes with its connection."""
        return self._held(f"cockpit:{what}", wait_s)

    def company(self, incident: str, who: str) -> Company:
        """Join those who are on an incident."""
        from cockpit.journal.postgres.company import ServerCompany

        return ServerCompany(self, incident, who)

    @property
    def lost(self) -> Lost | None:
        """Since when no call got through."""
        return self.line.told()

    def close(self) -> None:
        """Let go of the database."""
        self._ear.close()
        self._engine.dispose()

    def _settle(self, clock: Clock, *, read_only: bool) -> None:
        version = self.read(lambda session: refuse_newer(session.connection(), STEPS))
        if version == len(STEPS) and not read_only:
            return
        if read_only:
            if not version:
                raise UnknownIncident(
                    f"Nothing has been recorded at {self.name} yet.",
                    hint="Begin with `cockpit open TITLE` or `cockpit drill injection-leak`.",
                )
            self.trouble = JournalReadOnly(f"The journal at {self.name} was opened for reading only.")
            return
        self.write("schema", lambda session: self._migrate(session, clock))

    def _migrate(self, session: Session, clock: Clock) -> None:
        session.connection().exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        migrate(session.connection(), clock, STEPS)

    def _reading(self, work: Callable[[Session], T]) -> T:
        with Session(self._engine.execution_options(isolation_level="AUTOCOMMIT")) as session:
            return work(session)

    def _writing(self, what: str, work: Callable[[Session], T]) -> T:
        done = False
        try:
            with Session(self._engine) as session, session.begin():
                session.connection().execute(_LOCK, {"what": what})
                found = work(session)
                done = True
            return found
        except FAULTS as fault:
            if done:
                raise _CommitFailed from fault
            raise

    def _run(self, call: Callable[[], T]) -> T:
        """Call; where a connection turns out to be lost, once more on a fresh one."""
        self.line.check()
        try:
            return self._attempt(call)
        except _Lost as first:
            if first.late:
                raise self._given_up(first) from first
            unsure = first.problem.unsure
        try:
            return self._attempt(call)
        except _Lost as second:
            second.problem.unsure |= unsure
            raise self._given_up(second) from second

    def _attempt(self, call: Callable[[], T]) -> T:
        deadline = Deadline(CALL_S)
        try:
            with deadline:
                found = call()
        except _HANDLED as fault:
            unsure = isinstance(fault, _CommitFailed)
            problem = explain((fault.__cause__ or fault) if unsure else fault, self.name, late=deadline.passed)
            if not isinstance(problem, JournalUnreachable):
                raise problem from fault
            problem.unsure = unsure
            self._engine.dispose()  # what lies in the pool is as dead
            raise _Lost(problem, late=deadline.passed) from fault
        self.line.found()
        return found

    def _given_up(self, lost: _Lost) -> JournalUnreachable:
        self.line.lost(lost.problem)
        return lost.problem

    @contextmanager
    def _held(self, what: str, wait_s: float) -> Iterator[None]:
        connection = self._locked(what, wait_s)
        try:
            yield
        finally:
            connection.close()  # and with it goes the lock

    def _locked(self, what: str, wait_s: float) -> psycopg.Connection[Any]:
        """Return a connection that holds a lock."""
        self.line.check()
        deadline = Deadline(wait_s + CALL_S)
        try:
            with deadline:
                connection = dial(self.address.url, autocommit=True)
                for limit in ("lock_timeout", "statement_timeout"):
                    connection.execute("SELECT set_config(%s, %s, false)", (limit, f"{round(wait_s * 1000)}ms"))
                connection.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", (what,))
        except FAULTS as fault:
            problem = explain(fault, self.name, late=deadline.passed)
            if isinstance(problem, JournalUnreachable):
                self.line.lost(problem)
            raise problem from fault
        return connection
