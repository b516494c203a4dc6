"""What earlier pulls took: when each lever was last practised on a real system, and how soon it showed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cockpit.domain.events import Event
from cockpit.domain.incident import fold
from cockpit.domain.levers import LeverPull
from cockpit.errors import JournalError
from cockpit.journal.records import IncidentLine

REAL = ("live", "range")
"""Modes of incidents in which real systems were changed."""


class Reads(Protocol):
    """What is needed of a journal."""

    def incidents(self) -> list[IncidentLine]:
        """List every incident, newest first."""
        ...

    def events(self, incident: str, after_seq: int = 0) -> list[Event]:
        """Return the events of one."""
        ...


@dataclass(frozen=True, slots=True)
class Practice:
    """The last time a lever was pulled on a real system and came into force.

    Attributes:
        stored_s, observed_s: seconds from the pull until it was read back, and until it was proven on the wire;
            None where that was not reached.
        staging: whether it was a system that serves no customers.
    """

    lever: str
    system: str
    at: datetime
    incident: str
    stored_s: float | None
    observed_s: float | None
    staging: bool


def practices(journal: Reads) -> dict[str, Practice]:
    """Return the latest practice of every lever that has one."""
    found: dict[str, Practice] = {}
    for line in journal.incidents():
        if line.mode not in REAL:
            continue
        try:
            pulls = fold(journal.events(line.id)).pulls
        except JournalError:
            continue  # a damaged incident proves nothing
        for practice in _of(line.id, pulls):
            known = found.get(practice.lever)
            if known is None or practice.at > known.at:
                found[practice.lever] = practice
    return found


def _of(incident: str, pulls: Iterable[LeverPull]) -> Iterable[Practice]:
    for pull in pulls:
        if pull.applied_at is None or pull.undoes:
            continue
        yield Practice(
            lever=pull.lever,
            system=str(pull.intent.get("system", "")),
            at=pull.pulled_at,
            incident=incident,
            stored_s=(pull.applied_at - pull.pulled_at).total_seconds(),
            observed_s=(pull.proven_at - pull.pulled_at).total_seconds() if pull.proven_at else None,
            staging=bool(pull.intent.get("staging")),
        )
