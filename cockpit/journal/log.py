"""The journal: append, read, list, verify. Safe from several threads and processes at once.

An append that returns is on the disk, whatever is killed or unplugged next. An append that raises may have been
recorded or not only when the process or the machine dies inside it: read the news and decide again.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlmodel import Session, insert, text

from cockpit.domain.clock import Clock
from cockpit.domain.events import GENESIS, Event, NewEvent
from cockpit.errors import BadInput, JournalConflict, JournalDamaged, JournalError, UnknownIncident
from cockpit.journal import chain, lines
from cockpit.journal.anchor import Anchor
from cockpit.journal.engine import FAULTS, writing
from cockpit.journal.faults import DAMAGE_HINT, explained
from cockpit.journal.follow import Follower
from cockpit.journal.opening import Opened, open_file
from cockpit.journal.records import IncidentLine, Verdict
from cockpit.journal.table import EventRow

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_NUMBERED = re.compile(r"INC-(\d{4,9})")


class Journal:
    """The append-only, hash-chained log of every incident in one data folder.

    Attributes:
        path: the database file.
        trouble: why nothing can be written, or None.
    """

    def __init__(self, path: Path, opened: Opened, anchor: Anchor, clock: Clock) -> None:
        self.path = path
        self.trouble = opened.trouble
        self._opened = opened
        self._anchor = anchor
        self._clock = clock
        self._writing = threading.Lock()
        self._unsound: dict[str, str] = {}
        self._follower = self.follower()

    @classmethod
    def open(cls, path: Path, *, clock: Clock, read_only: bool = False) -> Journal:
        """Open the journal, make it if there is none, and bring its schema up to date.

        A damaged file or one that can't be written opens for reading, with `trouble` set.

        Raises:
            JournalReadOnly: there is none, and none can be made.
            JournalError: there is none to read, or a newer cockpit wrote it.
        """
        anchor = Anchor(path.with_name(path.name + ".anchor"))
        opened = open_file(path, clock, read_only=read_only, anchored=bool(anchor.known))
        return cls(path, opened, anchor, clock)

    def append(self, incident: str, events: Sequence[NewEvent], *, expected_seq: int) -> list[Event]:
        """Record events as the next lines of an incident, all or none, and return them as recorded.

        Args:
            expected_seq: the last line the caller knows; 0 begins an incident of that id.

        Raises:
            JournalConflict: somebody appended first.
            UnknownIncident: there is no such incident, and lines were expected.
            JournalReadOnly, JournalDamaged: nothing can be written.
        """
        if not _ID.fullmatch(incident):
            raise BadInput(f"{incident!r} can't be an incident's id.", hint="Letters, digits, dot, dash; at most 64.")
        with self._transaction() as session:
            recorded = self._extend(session, incident, events, expected_seq)
        self._anchor.note(recorded)
        return recorded

    def open_incident(self, first: Sequence[NewEvent]) -> str:
        """Begin an incident with its first events and return its id, the next free `INC-0001`.

        An id the anchor remembers is never given again, even when the database was thrown away.
        """
        with self._transaction() as session:
            used = {*lines.ids(session), *self._anchor.known}
            numbers = [int(match[1]) for match in map(_NUMBERED.fullmatch, used) if match]
            incident = f"INC-{max(numbers, default=0) + 1:04d}"
            recorded = self._extend(session, incident, first, 0)
        self._anchor.note(recorded)
        return incident

    def events(self, incident: str, after_seq: int = 0) -> list[Event]:
        """Return the lines after a seq, oldest first, up to the first unsound one (see `verify`).

        Raises:
            UnknownIncident: there is no such incident.
            JournalDamaged: not even its first line can be read.
        """
        if not _ID.fullmatch(incident):
            raise self._missing(incident)
        with self._reading() as session:
            found = chain.scan(session.connection(), incident, after_seq)
            if not found.events and found.bad_seq is None and not self._known(session, incident):
                if self._anchor.last(incident):
                    raise JournalDamaged(f"{incident} is gone, but it was recorded here.", hint=DAMAGE_HINT)
                raise self._missing(incident)
        if found.bad_seq is not None:
            self._unsound[incident] = f"line {found.bad_seq}: {found.reason}"
            if found.bad_seq == 1:
                raise JournalDamaged(f"{incident} can't be read, {self._unsound[incident]}.", hint=DAMAGE_HINT)
        return found.events

    def incidents(self) -> list[IncidentLine]:
        """List every incident, newest first; of a damaged file, those that can be read."""
        with self._reading() as session:
            return lines.incidents(session)

    def head(self, incident: str) -> tuple[int, str]:
        """Return (seq, hash) of an incident's last line."""
        with self._reading() as session:
            seq = chain.last_seq(session.connection(), incident)
            if not seq:
                raise self._missing(incident)
            return seq, session.execute(_HASH, {"incident": incident, "seq": seq}).scalar_one()

    def verify(self, incident: str) -> Verdict:
        """Recompute an incident's chain and hold it against the outside anchor; never raises on damage.

        Raises:
            UnknownIncident: neither the database nor the anchor ever heard of it.
        """
        if not _ID.fullmatch(incident):
            raise self._missing(incident)
        anchored = self._anchor.read().get(incident, {})
        try:
            with self._reading() as session:
                found = chain.scan(session.connection(), incident)
                file_damage = chain.file_fault(session.connection(), "integrity_check")
        except JournalError as fault:
            found, file_damage = chain.Scan(bad_seq=1, reason=fault.message), fault.message
        if not found.events and found.bad_seq is None and not anchored and not file_damage:
            raise self._missing(incident)
        verdict = chain.judge(found, anchored, file_damage)
        if verdict.first_bad_seq is not None:
            self._unsound[incident] = verdict.reason
        return verdict

    def changed(self) -> bool:
        """Whether anybody committed since the last call; cheap enough to ask every 20 ms."""
        return self._follower.changed()

    def follower(self) -> Follower:
        """Return a follower of one's own, where `changed` is asked by somebody else already."""
        return Follower(self.path, "immutable" if self._opened.mode == "immutable" else "ro")

    def close(self) -> None:
        """Let go of the file."""
        self._follower.close()
        self._opened.engine.dispose()

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

    @contextmanager
    def _transaction(self) -> Iterator[Session]:
        if self.trouble:
            raise self.trouble
        with (
            explained(self.path, FAULTS),
            self._writing,
            Session(writing(self._opened.engine)) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        with explained(self.path, FAULTS), Session(self._opened.engine) as session:
            yield session

    def _known(self, session: Session, incident: str) -> bool:
        return chain.last_seq(session.connection(), incident) > 0

    def _missing(self, incident: str) -> UnknownIncident:
        try:
            with self._reading() as session:
                some = ", ".join(lines.ids(session)[-5:])
        except JournalError:
            some = ""
        return UnknownIncident(
            f"There is no incident {incident!r} in {self.path.parent}.",
            hint=f"There is {some}." if some else "There is none yet; `cockpit drill NAME` opens one.",
        )


_HASH = text("SELECT hash FROM event WHERE incident = :incident AND seq = :seq")
