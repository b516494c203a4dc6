"""Between events and rows: chaining new ones, and listing the incidents there are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session, case, col, func, select

from cockpit.domain.events import Event, Kind, NewEvent, Source, canonical, chain_hash, from_iso, iso
from cockpit.errors import BadInput
from cockpit.journal.engine import FAULTS
from cockpit.journal.records import IncidentLine
from cockpit.journal.table import EventRow

Row = dict[str, Any]
_UNREADABLE: tuple[type[Exception], ...] = (*FAULTS, ValueError, KeyError, TypeError, AttributeError)
"""What a damaged row may raise: texts that are bytes, times that are none, payloads that are no mapping."""


def chained(incident: str, events: Sequence[NewEvent], seq: int, prev: str, recorded: datetime) -> list[Row]:
    """Chain new events to the line `seq` whose hash is `prev`."""
    rows: list[Row] = []
    for number, event in enumerate(events, start=seq + 1):
        row = _row(incident, number, event, prev, iso(recorded))
        rows.append(row)
        prev = row["hash"]
    return rows


def _row(incident: str, seq: int, event: NewEvent, prev: str, recorded_at: str) -> Row:
    row: Row = {
        "incident": incident,
        "seq": seq,
        "at": iso(event.at),
        "recorded_at": recorded_at,
        "actor": _storable(event.actor),
        "source": event.source.value,
        "kind": event.kind.value,
        "payload": _payload(event),
        "prev": prev,
    }
    return {**row, "hash": chain_hash(**row)}


def _payload(event: NewEvent) -> str:
    try:
        return canonical(event.payload)
    except (TypeError, ValueError, RecursionError) as fault:
        raise BadInput(f"The payload of {event.kind.value} can't be written as JSON: {fault}.") from fault


def _storable(name: str) -> str:
    """Write lone surrogates, which UTF-8 has no place for, as `\\udc80`, and NUL, which PostgreSQL has none for."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\x00")


def event_of(row: Row) -> Event:
    """Return the event a row just written will be read back as."""
    times = {"at": from_iso(row["at"]), "recorded_at": from_iso(row["recorded_at"])}
    names = {"source": Source(row["source"]), "kind": Kind(row["kind"])}
    return Event(**{**row, **times, **names, "payload": json.loads(row["payload"])})


def ids(session: Session) -> list[str]:
    """Return the ids of all incidents, in order."""
    return list(session.exec(select(EventRow.incident).distinct().order_by(col(EventRow.incident))))


def sizes(session: Session) -> dict[str, int]:
    """Return how many lines each incident has; nothing of them is read."""
    counts = select(EventRow.incident, func.max(EventRow.seq)).group_by(EventRow.incident)
    return {incident: int(last) for incident, last in session.exec(counts)}


def incidents(session: Session) -> list[IncidentLine]:
    """List the incidents, those begun last first; stop at what can't be read.

    A drill's own time says nothing about when it was played: the time of recording does.
    """
    found: list[tuple[str, IncidentLine]] = []
    try:
        found.extend(_lines(session))
    except _UNREADABLE:
        if session.get_bind().dialect.name != "sqlite":  # a lost connection is no damage
            raise
        session.rollback()
    return [line for _, line in sorted(found, key=lambda one: (one[0], one[1].id), reverse=True)]


def _lines(session: Session) -> Iterator[tuple[str, IncidentLine]]:
    """Give every incident with the time at which it was begun."""
    ended = func.max(case((col(EventRow.kind) == Kind.DRILL_ENDED, 1), else_=0))
    counts = select(EventRow.incident, func.count(), func.max(EventRow.at), ended).group_by(EventRow.incident)
    closing = col(EventRow.kind).in_([Kind.ALL_CLEAR_GIVEN, Kind.INCIDENT_MERGED])
    closed = set(session.exec(select(EventRow.incident).where(closing)))
    firsts = {row.incident: row for row in session.exec(select(EventRow).where(EventRow.seq == 1))}
    for incident, count, last_at, over in session.exec(counts):
        with suppress(*_UNREADABLE):
            line = _line(firsts[incident], int(count), last_at, bool(over))
            closed_now = line.ended or (line.mode == "live" and incident in closed)
            yield str(firsts[incident].recorded_at), replace(line, ended=closed_now)


def _line(first: EventRow, count: int, last_at: str, ended: bool) -> IncidentLine:
    told = json.loads(first.payload)
    seed = told.get("seed")
    return IncidentLine(
        id=first.incident,
        mode=str(told.get("mode", "")),
        title=str(told.get("title", "")),
        scenario=str(told.get("scenario", "")),
        seed=seed if isinstance(seed, int) else None,
        opened_at=from_iso(first.at),
        last_at=from_iso(last_at),
        events=count,
        ended=ended,
    )
