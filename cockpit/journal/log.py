"""The journal: append, read, list, verify. Safe from several threads, processes and, on PostgreSQL, hosts at once.

An append that returns is on the disk, whatever is killed or unplugged next. An append that raises may have been
recorded or not only when the process or the machine dies inside it, or when JournalUnreachable says that it is
unsure: read the news and decide again.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeVar

from sqlmodel import Session, insert, text

from cockpit.domain.clock import Clock
from cockpit.domain.events import GENESIS, Event, NewEvent
from cockpit.domain.presence import Company
from cockpit.errors import (
    BadInput,
    JournalConflict,
    JournalDamaged,
    JournalError,
    JournalUnreachable,
    UnknownIncident,
)
from cockpit.journal import chain, lines
from cockpit.journal.anchor import Anchor
from cockpit.journal.backing import WAIT_S, Backing, Follower, Lost
from cockpit.journal.faults import DAMAGE_HINT
from cockpit.journal.file import FileBacking
from cockpit.journal.opening import open_file
from cockpit.journal.records import IncidentLine, Verdict
from cockpit.journal.table import EventRow

T = TypeVar("T")

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_NUMBERED = re.compile(r"INC-(\d{4,9})")
_ALL = "incidents"
"""What is locked while a new incident gets its number."""


class Journal:
    """The append-only, hash-chained log of every incident in one database."""

    def __init__(self, backing: Backing, anchor: Anchor, clock: Clock) -> None:
        self.backing = backing
        self._anchor = anchor
        self._clock = clock
        self._writing = threading.Lock()
        self._unsound: dict[str, str] = {}
        self._follower = self.follower()

    @classmethod
    def open(cls, path: Path, *, clock: Clock, read_only: bool = False) -> Journal:
        """Open the journal in a file, make it if there is none, and bring its schema up to date.

        A damaged file or one that can't be written opens for reading, with `trouble` set.

        Raises:
            JournalReadOnly: there is none, and none can be made.
            JournalError: there is none to read, or a newer cockpit wrote it.
        """
        anchor = Anchor(path.with_name(path.name + ".anchor"))
        opened = open_file(path, clock, read_only=read_only, anchored=bool(anchor.known))
        return cls(FileBacking(path, opened), anchor, clock)

    @classmethod
    def connect(cls, url: str, folder: Path, *, clock: Clock, read_only: bool = False) -> Journal:
        """Open the journal in a PostgreSQL database; what this host remembers of it lies in a folder.

        Raises:
            SettingsError: the address is none, or the driver is not installed.
            JournalUnreachable: the database does not answer.
            UnknownIncident: it is only to be read, and nothing has been recorded there.
            JournalError: a newer cockpit wrote it.
        """
        from cockpit.journal.postgres.address import address_of

        address = address_of(url)
        from cockpit.journal.postgres.server import ServerBacking

        anchor = Anchor(folder / f"journal-{address.fingerprint}.anchor")
        return cls(ServerBacking.open(address, clock, read_only=read_only), anchor, clock)

    @property
    def trouble(self) -> JournalError | None:
        """Why nothing can be written, or None."""
        return self.backing.trouble

    def append(self, incident: str, events: Sequence[NewEvent], *, expected_seq: int) -> list[Event]:
        """Record events as the next lines of an incident, all or none, and return them as recorded.

        Args:
            expected_seq: the last line the caller knows; 0 begins an incident of that id.

        Raises:
            JournalConflict: somebody appended first.
            UnknownIncident: there is no such incident, and lines were expected.
            JournalReadOnly, JournalDamaged: nothing can be written.
            JournalUnreachable: the database does not answer.
        """
        if not _ID.fullmatch(incident):
            raise BadInput(f"{incident!r} can't be an incident's id.", hint="Letters, digits, dot, dash; at most 64.")
        return self._record(incident, lambda session: self._extend(session, incident, events, expected_seq))

    def open_incident(self, first: Sequence[NewEvent]) -> str:
        """Begin an incident with its first events and return its id, the next free `INC-0001`.

        An id the anchor remembers is never given again, even when the database was thrown away.
        """

        def begin(session: Session) -> list[Event]:
            used = {*lines.ids(session), *self._anchor.known}
            numbers = [int(match[1]) for match in map(_NUMBERED.fullmatch, used) if match]
            return self._extend(session, f"INC-{max(numbers, default=0) + 1:04d}", first, 0)

        return self._record(_ALL, begin)[0].incident

    def events(self, incident: str, after_seq: int = 0) -> list[Event]:
        """Return the lines after a seq, oldest first, up to the first unsound one (see `verify`).

        Raises:
            UnknownIncident: there is no such incident.
            JournalDamaged: not even its first line can be read.
        """
        if not _ID.fullmatch(incident):
            raise self._missing(incident)
        found, known = self.backing.read(lambda session: _scanned(session, incident, after_seq))
        if not known:
            if self._anchor.last(incident):
                raise JournalDamaged(f"{incident} is gone, but it was recorded here.", hint=DAMAGE_HINT)
            raise self._missing(incident)
        if found.bad_seq is not None:
            self._unsound[incident] = f"line {found.bad_seq}: {found.reason}"
            if found.bad_seq == 1:
                raise JournalDamaged(f"{incident} can't be read, {self._unsound[incident]}.", hint=DAMAGE_HINT)
        if self.backing.shared:
            self._anchor.witness(found.events)
        return found.events

    def incidents(self) -> list[IncidentLine]:
        """List every incident, newest first; of a damaged file, those that can be read."""
        return self.backing.read(lines.incidents)

    def head(self, incident: str) -> tuple[int, str]:
        """Return (seq, hash) of an incident's last line."""
        found = self.backing.read(lambda session: _head(session, incident))
        if found is None:
            raise self._missing(incident)
        return found

    def verify(self, incident: str) -> Verdict:
        """Recompute an incident's chain and hold it against the outside anchor; never raises on damage.

        Raises:
            UnknownIncident: neither the database nor the anchor ever heard of it.
            JournalUnreachable: the database does not answer, so that nothing can be said.
        """
        if not _ID.fullmatch(incident):
            raise self._missing(incident)
        anchored = self._anchor.read().get(incident, {})
        try:
            found, damage = self.backing.read(
                lambda session: (chain.scan(session.connection(), incident), self.backing.fault(session))
            )
        except JournalError as fault:
            if isinstance(fault, JournalUnreachable):
                raise
            found, damage = chain.Scan(bad_seq=1, reason=fault.message), fault.message
        if not found.events and found.bad_seq is None and not anchored and not damage:
            raise self._missing(incident)
        verdict = chain.judge(found, anchored, damage)
        if verdict.first_bad_seq is not None:
            self._unsound[incident] = verdict.reason
        return verdict

    def changed(self) -> bool:
        """Whether anybody committed since the last call; cheap enough to ask every 20 ms."""
        return self._follower.changed()

    def follower(self) -> Follower:
        """Return a follower of one's own, where `changed` is asked by somebody else already."""
        return self.backing.follower()

    def exclusive(self, what: str, wait_s: float = WAIT_S) -> AbstractContextManager[None] | None:
        """Return a lock that all hosts know; None where a file's does, since there is one host."""
        return self.backing.exclusive(what, wait_s)

    def company(self, incident: str, who: str) -> Company | None:
        """Join those who are on an incident from all hosts; None where there is one host, and files tell.

        Args:
            who: who is shown to be there; nobody where empty.
        """
        return self.backing.company(incident, who)

    @property
    def lost(self) -> Lost | None:
        """Since when the database has not answered, as far as it is known; None while it does."""
        return self.backing.lost

    def close(self) -> None:
        """Let go of the database."""
        self._follower.close()
        self.backing.close()

    def _record(self, what: str, extend: Callable[[Session], list[Event]]) -> list[Event]:
        """Write lines once, also where the connection is lost and nobody knows whether they were committed."""
        if self.trouble:
            raise self.trouble
        tried: list[Event] = []

        def work(session: Session) -> list[Event]:
            if not _is_last_line(session, tried):
                tried[:] = extend(session)
            return tried

        try:
            with self._writing:
                recorded = self.backing.write(what, work)
        except JournalUnreachable as problem:
            problem.lines = tuple(event.hash for event in tried) if problem.unsure else ()
            raise
        self._anchor.note(recorded)
        return recorded

    def _extend(self, session: Session, incident: str, events: Sequence[NewEvent], expected: int) -> list[Event]:
        seq, digest = self._sound_end(session, incident)
        if seq != expected:
            if not seq:
                raise self._missing(incident)
            raise JournalConflict(
                f"{incident} is at line {seq}, not {expected}.", hint="Read the news, fold again, and decide again."
            )
        rows = lines.chained(incident, events, seq, digest, self._clock.now())
        if rows:
            session.execute(insert(EventRow), rows)
        return [lines.event_of(row) for row in rows]

    def _sound_end(self, session: Session, incident: str) -> tuple[int, str]:
        seq = chain.last_seq(session.connection(), incident)
        fault = self._unsound.get(incident, "")
        if seq < self._anchor.last(incident):
            fault = f"the tail is cut after line {seq}"
        tail = chain.scan(session.connection(), incident, seq - 1) if seq and not fault else chain.Scan()
        if fault or tail.bad_seq is not None:
            fault = fault or f"line {tail.bad_seq}: {tail.reason}"
            raise JournalDamaged(f"{incident} is damaged, {fault}; nothing is added to it.", hint=DAMAGE_HINT)
        return (seq, tail.events[-1].hash) if seq else (0, GENESIS)

    def _missing(self, incident: str) -> UnknownIncident:
        try:
            some = ", ".join(self.backing.read(lines.ids)[-5:])
        except JournalError:
            some = ""
        return UnknownIncident(
            f"There is no incident {incident!r} in {self.backing.where}.",
            hint=f"The last ones: {some}." if some else "There is none yet; `cockpit drill NAME` opens one.",
        )


def _scanned(session: Session, incident: str, after_seq: int) -> tuple[chain.Scan, bool]:
    """Read an incident's lines, and tell whether it is there at all."""
    found = chain.scan(session.connection(), incident, after_seq)
    known = bool(found.events) or found.bad_seq is not None or chain.last_seq(session.connection(), incident) > 0
    return found, known


def _head(session: Session, incident: str) -> tuple[int, str] | None:
    seq = chain.last_seq(session.connection(), incident)
    return (seq, _hash_of(session, incident, seq)) if seq else None


def _hash_of(session: Session, incident: str, seq: int) -> str:
    return str(session.execute(_HASH, {"incident": incident, "seq": seq}).scalar())


def _is_last_line(session: Session, tried: Sequence[Event]) -> bool:
    """Tell whether lines that were tried before are in the journal after all."""
    return bool(tried) and _hash_of(session, tried[-1].incident, tried[-1].seq) == tried[-1].hash


_HASH = text("SELECT hash FROM event WHERE incident = :incident AND seq = :seq")
