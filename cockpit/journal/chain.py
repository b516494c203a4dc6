"""Reading and judging the chain from the raw columns: nothing is believed before its hash was recomputed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, text

from cockpit.domain.events import GENESIS, Event, Kind, Source, chain_hash
from cockpit.errors import JournalError
from cockpit.journal.engine import FAULTS
from cockpit.journal.records import Verdict

_COLUMNS = ("at", "recorded_at", "actor", "source", "kind", "payload", "prev", "hash")
_LINES = "SELECT seq, {} FROM event WHERE incident = :incident AND seq >= :first ORDER BY seq LIMIT :most"
PAGE = 1000
"""How many lines are read at once: a line to a database may be slow, and has to get somewhere in time."""
_RAW = {
    # Blobs, so that undecodable bytes spoil one line and not the whole query.
    "sqlite": text(_LINES.format(", ".join(f"CAST({name} AS BLOB)" for name in _COLUMNS))),
    # PostgreSQL takes no text that it can't decode.
    "postgresql": text(_LINES.format(", ".join(_COLUMNS))),
}
_KINDS = {kind.value: kind for kind in Kind}
_LAST = text("SELECT MAX(seq) FROM event WHERE incident = :incident")


class Unsound(Exception):
    """One line is not what was recorded; the message says why."""


@dataclass(slots=True)
class Scan:
    """The sound lines read, and where it ended badly, if it did."""

    events: list[Event] = field(default_factory=list)
    bad_seq: int | None = None
    reason: str = ""


def scan(connection: Connection, incident: str, after: int = 0) -> Scan:
    """Read an incident's lines after a seq up to the first that is unsound.

    The line `after` itself is read too, as the link to the next.
    """
    result = Scan()
    expected, prev = max(after, 1), None if after else GENESIS
    try:
        for row in _rows(connection, incident, expected):
            event = _sound(incident, row, expected, prev)
            if expected > after:
                result.events.append(event)
            expected, prev = expected + 1, event.hash
    except Unsound as fault:
        result.bad_seq, result.reason = expected, str(fault)
    except FAULTS as fault:
        if connection.dialect.name != "sqlite":  # a lost connection is no damage
            raise
        result.bad_seq, result.reason = expected, f"the file can't be read there ({_short(fault)})"
    return result


def last_seq(connection: Connection, incident: str) -> int:
    """Return the highest seq of an incident; 0 when it has no line."""
    return int(connection.execute(_LAST, {"incident": incident}).scalar_one() or 0)


def _rows(connection: Connection, incident: str, first: int) -> Iterator[tuple[Any, ...]]:
    count = PAGE
    while count == PAGE:
        count = 0
        wanted = {"incident": incident, "first": first, "most": PAGE}
        for row in connection.execute(_RAW[connection.dialect.name], wanted):
            yield tuple(row)
            first, count = row[0] + 1, count + 1


def _sound(incident: str, row: tuple[Any, ...], expected: int, prev: str | None) -> Event:
    seq = row[0]
    if seq != expected:
        raise Unsound(f"line {expected} is missing")
    try:
        texts = [value if isinstance(value, str) else value.decode("utf-8") for value in row[1:]]
    except (UnicodeDecodeError, AttributeError):
        raise Unsound("its bytes are no text") from None
    if prev is not None and texts[-2] != prev:
        raise Unsound("it is not chained to the line before")
    if chain_hash(incident, seq, *texts[:-1]) != texts[-1]:
        raise Unsound("it is not what was recorded (its hash differs)")
    return _event(incident, seq, texts)


def _event(incident: str, seq: int, texts: list[str]) -> Event:
    at, recorded_at, actor, source, kind, payload, prev, digest = texts
    if kind not in _KINDS:
        raise JournalError(
            f"Line {seq} of {incident} is of a kind this cockpit does not know: {kind!r}.",
            hint="It was written by a newer cockpit: update this one.",
        )
    try:
        moments = _moment(at), _moment(recorded_at)
        return Event(incident, seq, *moments, actor, Source(source), _KINDS[kind], _payload(payload), prev, digest)
    except ValueError:
        raise Unsound("its texts can't be read") from None


def _moment(text: str) -> datetime:
    """Read a moment ten times faster than strptime, which a long journal is made of."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is not UTC:
        raise ValueError("no UTC")
    return moment


def _payload(payload: str) -> Mapping[str, Any]:
    value = json.loads(payload)
    if not isinstance(value, dict):
        raise ValueError("no mapping")
    return value


def _short(fault: BaseException) -> str:
    origin = getattr(fault, "orig", None) or fault
    return str(origin).splitlines()[0][:120] if str(origin) else type(origin).__name__


def file_fault(connection: Connection, pragma: str) -> str:
    """Run quick_check or integrity_check; return "" or what it found, in a few words."""
    try:
        found = connection.exec_driver_sql(f"PRAGMA {pragma}(1)").scalar()
    except FAULTS as fault:
        return _short(fault)
    return "" if found == "ok" else str(found).splitlines()[-1][:120]


def judge(found: Scan, anchored: Mapping[int, str], damage: str) -> Verdict:
    """Weigh the chain, the outside anchor and the state of the database itself into one verdict."""
    count = len(found.events)
    head = found.events[-1].hash if found.events else GENESIS
    if found.bad_seq is not None:
        return Verdict(False, count, head, found.bad_seq, f"line {found.bad_seq}: {found.reason}")
    for seq, digest in sorted(anchored.items()):
        if seq > count:
            return Verdict(
                False, count, head, count + 1, f"the tail is cut: line {max(anchored)} was recorded, {count} are left"
            )
        if found.events[seq - 1].hash != digest:
            return Verdict(False, seq - 1, digest, seq, f"line {seq}: the chain was hashed anew from here")
    if damage:
        return Verdict(False, count, head, None, f"every line is sound, but {damage}")
    note = "" if anchored else "; no anchor lies beside it, so a cut tail would go unnoticed"
    return Verdict(True, count, head, None, f"{count} lines, all sound{note}")
