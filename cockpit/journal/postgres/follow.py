"""Noticing others' commits: the server calls, and once a second its state is looked at in case a call was lost.

One thread listens for all followers of a journal. It is also what finds out that the database is back.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any

import psycopg

from cockpit.errors import JournalUnreachable
from cockpit.journal.postgres.deadline import Deadline, cut
from cockpit.journal.postgres.engine import CALL_S, dial
from cockpit.journal.postgres.faults import FAULTS, explain
from cockpit.journal.postgres.line import Line
from cockpit.journal.postgres.schema import CHANNEL

LOOK_S = 1.0
"""How long the server is only listened to, before it is asked."""
AGAIN_S = 0.5
"""How long after a failure it is tried again."""
_STATE = "SELECT pg_catalog.pg_current_snapshot()::text"
"""Differs whenever anything was committed in between, by whomever; costs next to nothing."""


class Ear:
    """Counts how often something may have been committed."""

    def __init__(self, url: str, name: str, line: Line) -> None:
        self.heard = 0
        self._url = url
        self._name = name
        self._line = line
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._connection: psycopg.Connection[Any] | None = None
        self._starting = threading.Lock()

    def start(self) -> None:
        """Begin to listen; starting again does nothing."""
        with self._starting:
            if self._thread is None and not self._stop.is_set():
                self._thread = threading.Thread(target=self._keep_listening, name="journal-ear", daemon=True)
                self._line.watched = True
                self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._stop.set()
        if self._connection is not None:
            cut(self._connection)
        if self._thread is not None:
            self._thread.join(timeout=CALL_S)

    def _keep_listening(self) -> None:
        while not self._stop.is_set():
            connection = self._dialled()
            if connection is None:
                self._stop.wait(AGAIN_S)
                continue
            # A connection that ends while nothing was asked is simply made anew.
            with suppress(*FAULTS), connection:
                self._listen(connection)

    def _dialled(self) -> psycopg.Connection[Any] | None:
        """Return a connection that listens; None where there is none to be had."""
        deadline = Deadline(CALL_S)
        try:
            with deadline:
                connection = dial(self._url, autocommit=True)
                connection.execute(f"LISTEN {CHANNEL}")
        except FAULTS as fault:
            self._failed(fault, late=deadline.passed)
            return None
        return connection

    def _listen(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        seen = ""
        while not self._stop.is_set():
            state = self._state(connection)
            if state != seen:  # at first, too: nobody listened until now
                seen = state
                self.heard += 1
            self._line.found()
            # What came together with the answer lies in the driver's buffer, and waiting would not see it there.
            while connection.pgconn.notifies():
                self.heard += 1
            for _ in connection.notifies(timeout=LOOK_S, stop_after=1):
                self.heard += 1

    def _state(self, connection: psycopg.Connection[Any]) -> str:
        deadline = Deadline(CALL_S)
        try:
            with deadline:
                deadline.watch(connection)
                row = connection.execute(_STATE).fetchone()
        except FAULTS as fault:
            if deadline.passed:
                self._failed(fault, late=True)
            raise
        return str(row[0]) if row else ""

    def _failed(self, fault: BaseException, *, late: bool) -> None:
        if self._stop.is_set():
            return
        problem = explain(fault, self._name, late=late)
        if isinstance(problem, JournalUnreachable):
            self._line.lost(problem)


class EarFollower:
    """One reader of what an ear hears."""

    def __init__(self, ear: Ear) -> None:
        self._ear: Ear | None = ear
        self._seen = 0

    def changed(self) -> bool:
        """Whether something may have been committed since the last call; the first one begins to listen."""
        if self._ear is None:
            return False
        self._ear.start()
        heard = self._ear.heard
        news, self._seen = heard != self._seen, heard
        return news

    def close(self) -> None:
        """Hear nothing more."""
        self._ear = None
