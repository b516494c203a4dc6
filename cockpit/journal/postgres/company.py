"""Terminals of several hosts on one incident: who is there, and who drives, by a lease that the database keeps.

The lease goes by the server's clock. This terminal counts from before it asked, and stops half a second early: so two
never drive at once, however late an answer comes. A lease that changes hands gets a new epoch, and the old holder
finds out by its number, not by its clock alone.
"""

from __future__ import annotations

import socket
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import text
from sqlmodel import Session

from cockpit.domain.presence import BEAT_S, GONE_S, Present
from cockpit.errors import JournalError, JournalUnreachable
from cockpit.journal.postgres.server import ServerBacking

T = TypeVar("T")

LEASE_S = 4.0
"""How long the seat stays ours without news from us; so late another terminal drives after this one was cut off."""
SPARE_S = 0.5

_TAKE = text(
    "INSERT INTO seat AS s (incident, holder, epoch, until)"
    " VALUES (:incident, :terminal, 1, clock_timestamp() + make_interval(secs => :lease))"
    " ON CONFLICT (incident) DO UPDATE SET holder = :terminal, until = EXCLUDED.until,"
    " epoch = s.epoch + CASE WHEN s.holder = :terminal THEN 0 ELSE 1 END"
    " WHERE s.holder = :terminal OR s.until < clock_timestamp() RETURNING epoch"
)
_BE_HERE = text(
    "INSERT INTO presence (incident, terminal, who, host, drives, since, seen)"
    " VALUES (:incident, :terminal, :who, :host, :drives, clock_timestamp(), clock_timestamp())"
    " ON CONFLICT (incident, terminal) DO UPDATE SET drives = :drives, seen = clock_timestamp()"
)
_WHO = text(
    "SELECT terminal, who, host, since, drives FROM presence"
    " WHERE incident = :incident AND seen > clock_timestamp() - make_interval(secs => :gone) ORDER BY since, terminal"
)
_FORGET = text(
    "DELETE FROM presence WHERE terminal = :terminal OR seen < clock_timestamp() - make_interval(secs => 3600)"
)
_FREE = text("UPDATE seat SET until = clock_timestamp() WHERE incident = :incident AND holder = :terminal")
_NOT_PRECIOUS = text("SET LOCAL synchronous_commit = off")


@dataclass(frozen=True, slots=True)
class _Lease:
    """The seat is ours until a moment of this machine's steady clock."""

    epoch: int
    until: float

    @property
    def holds(self) -> bool:
        return time.monotonic() < self.until


class ServerCompany:
    """Implements `Company`; a thread of its own keeps seat and presence alive whatever the screen does."""

    def __init__(self, backing: ServerBacking, incident: str, who: str) -> None:
        """Come in; `who` is empty for a command that only passes by, and is not shown.

        Raises:
            JournalReadOnly: this account may not write there: nobody would ever drive.
        """
        self._backing = backing
        self._who = who
        self._names = {"incident": incident, "terminal": uuid.uuid4().hex}
        self._lease = _Lease(0, 0.0)
        self._accepted = 0
        self._here: tuple[Present, ...] = ()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep_beating, name="journal-company", daemon=True)
        with suppress(JournalUnreachable):
            self._hear(self._ask())
        self._thread.start()

    @property
    def taken(self) -> bool:
        """Whether the lease still runs, and nobody else has had it since it was taken."""
        lease = self._lease
        return lease.holds and lease.epoch == self._accepted

    def take(self) -> bool:
        """Begin to drive, if the lease is ours; the thread asks for it all the time."""
        lease = self._lease
        if lease.holds:
            self._accepted = lease.epoch
        return self.taken

    def here(self) -> tuple[Present, ...]:
        """Return who was there at the last beat."""
        return self._here

    def leave(self) -> None:
        """Free the seat at once, and be gone."""
        self._stop.set()
        self._thread.join(timeout=5)
        self._lease = _Lease(0, 0.0)
        with suppress(JournalError):  # then the lease runs out by itself
            self._write(self._go)

    def _keep_beating(self) -> None:
        while not self._stop.wait(BEAT_S):
            with suppress(JournalError):  # said on the screen by whoever reads the journal
                self._hear(self._ask())

    def _ask(self) -> tuple[float, int, list[Any]]:
        asked = time.monotonic()
        epoch, rows = self._write(self._say)
        return asked, epoch, rows

    def _hear(self, answer: tuple[float, int, list[Any]]) -> None:
        asked, epoch, rows = answer
        until = asked + LEASE_S - SPARE_S if epoch else 0.0
        self._lease = _Lease(epoch, until)
        self._here = tuple(
            Present(who, host, since, drives, terminal == self._names["terminal"])
            for terminal, who, host, since, drives in rows
        )

    def _write(self, work: Callable[[Session], T]) -> T:
        return self._backing.write(f"company:{self._names['incident']}", work)

    def _say(self, session: Session) -> tuple[int, list[Any]]:
        session.execute(_NOT_PRECIOUS)
        epoch = session.execute(_TAKE, {**self._names, "lease": LEASE_S}).scalar() or 0
        if self._who:
            about = {"who": self._who, "host": socket.gethostname()[:64], "drives": bool(epoch)}
            session.execute(_BE_HERE, {**self._names, **about})
        return int(epoch), list(session.execute(_WHO, {**self._names, "gone": GONE_S}))

    def _go(self, session: Session) -> None:
        session.execute(_FREE, self._names)
        session.execute(_FORGET, self._names)
