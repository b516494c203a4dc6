"""Which live incidents there are and which alerts they hold, from the journal alone: a restart forgets nothing."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from cockpit.domain.events import Event, Kind, NewEvent
from cockpit.domain.incident import IncidentState, fold
from cockpit.errors import JournalError, JournalReadOnly
from cockpit.journal.records import IncidentLine
from cockpit.paths import private

LIVE = "live"


class Keeps(Protocol):
    """What is needed of a journal."""

    def incidents(self) -> list[IncidentLine]:
        """List every incident, newest first."""
        ...

    def events(self, incident: str, after_seq: int = 0) -> list[Event]:
        """Return the events of one."""
        ...

    def append(self, incident: str, events: Sequence[NewEvent], *, expected_seq: int) -> list[Event]:
        """Add events to one."""
        ...

    def open_incident(self, first: Sequence[NewEvent]) -> str:
        """Begin one."""
        ...


@dataclass(slots=True)
class Standing:
    """One live incident: how it stands, and every delivery that is on it.

    `rows` is how many lines it had when it was last looked at; `by_hand` says that a person opened it;
    `paged` is when detectors noticed what they paged for.
    """

    incident: str
    state: IncidentState = field(default_factory=IncidentState)
    rows: int = 0
    deliveries: set[tuple[str, str]] = field(default_factory=set)
    by_hand: bool = False
    paged: list[datetime] = field(default_factory=list)

    @property
    def over(self) -> bool:
        """Whether nothing is added to it any more."""
        return bool(self.state.ended or self.state.all_clear_at)

    def opened_by_hand_since(self, since: datetime) -> bool:
        """Whether a person opened it, and not too long ago: what comes on its service then is about the same."""
        return self.by_hand and self.state.started_at is not None and self.state.started_at >= since

    def add(self, events: Sequence[Event]) -> None:
        """Take in lines that are new."""
        self.by_hand = self.by_hand or any(map(opened_by_hand, events))
        self.paged += [one.at for one in events if one.kind is Kind.PAGED and isinstance(one.get("page"), dict)]
        self.state = fold(events, self.state)
        self.deliveries.update(
            (str(one.get("source")), str(one.get("delivery"))) for one in events if one.kind is Kind.ALERT_RECEIVED
        )


def opened_by_hand(first: Event) -> bool:
    """Whether a line says that a person opened an incident, rather than an alert, a page or a split."""
    opened = first.kind is Kind.INCIDENT_OPENED and first.get("mode") == LIVE
    return opened and not first.get("opened_by") and not first.get("split_from")


class Ledger:
    """Every live incident as the journal tells it."""

    def __init__(self, journal: Keeps) -> None:
        self._journal = journal
        self._standings: dict[str, Standing] = {}

    def refresh(self) -> list[Standing]:
        """Read what is new and return all live incidents, newest first; one that can't be read is left out."""
        lines = [line for line in self._journal.incidents() if line.mode == LIVE]
        for line in lines:
            standing = self._standings.setdefault(line.id, Standing(line.id))
            if standing.rows != line.events:
                self._catch_up(standing, line.events)
        return [self._standings[line.id] for line in lines if self._standings[line.id].state.incident]

    def _catch_up(self, standing: Standing, rows: int) -> None:
        try:
            standing.add(self._journal.events(standing.incident, standing.state.last_seq))
        except JournalError:
            return  # a damaged incident takes no alerts; they open one of their own
        standing.rows = rows


Lock = Path | Callable[[], AbstractContextManager[None]]
"""A file on this host, or a lock that all hosts know."""


def alone(lock: Lock) -> AbstractContextManager[None]:
    """Hold the lock of whoever places alerts: two receivers never open two incidents for one alert.

    Raises:
        JournalReadOnly: nothing can be written there.
        JournalUnreachable: the database that all hosts share does not answer.
    """
    return _alone_here(lock) if isinstance(lock, Path) else lock()


@contextmanager
def _alone_here(path: Path) -> Iterator[None]:
    private(path.parent)
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as problem:
        raise JournalReadOnly(f"Can't write {path}: {problem.strerror}.") from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)
