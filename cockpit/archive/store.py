"""The archive: every trace that was received, read or imported, whole, in one file beside the journal."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from cockpit.archive import rows
from cockpit.archive.codec import unpack
from cockpit.archive.rows import Row
from cockpit.archive.search import Search
from cockpit.archive.writer import Added, ArchiveWriter
from cockpit.domain.calls import CallTrace
from cockpit.domain.traces import TraceFilter
from cockpit.errors import BadInput, JournalReadOnly, NoTraces
from cockpit.journal.faults import explained, is_damage
from cockpit.journal.sqlite import connect, create_private, set_journal_mode

NAME = "archive.db"
PORTION = 500
"""Traces that are read at once when the archive is gone through."""
_CACHE_KB = 16_384


@dataclass(frozen=True, slots=True)
class Archived:
    """A whole trace, and the row it is kept in."""

    row: Row
    trace: CallTrace


class Archive:
    """Every thread reads on a connection of its own; writers, also those of other processes, wait for each other."""

    def __init__(self, path: Path, writer: ArchiveWriter | None) -> None:
        self.path = path
        self._writer = writer
        self._local = threading.local()
        self._lock = threading.Lock()
        self._readers: list[sqlite3.Connection] = []

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> Archive:
        """Open the archive, and make it if there is none; a damaged one is set aside as `….damaged` and begun anew.

        Raises:
            JournalReadOnly: nothing can be written there.
            NoTraces: there is none to read.
        """
        if read_only:
            if not path.exists():
                raise NoTraces(f"{path} is not there.", hint="`cockpit traces import FILE` brings some.")
            return cls(path, None)
        with explained(path):
            return cls(path, ArchiveWriter(_opened(path)))

    def add(self, traces: Sequence[CallTrace]) -> Added:
        """Store traces in one transaction; one that is there gains what is new in it, and keeps its row."""
        with explained(self.path):
            return self._write().add(traces)

    def judge(self, verdicts: Sequence[tuple[int, str]]) -> None:
        """Store verdicts by row; rows nobody knows change nothing."""
        with explained(self.path):
            self._write().judge(verdicts)

    def index(self, most: int = 2_000) -> int:
        """Make the words of up to so many new traces searchable; return how many still wait.

        Traces whose words wait are found as well, only more slowly.
        """
        with explained(self.path):
            return self._write().index(most)

    def index_all(self) -> None:
        """Make every word searchable."""
        while self.index():
            pass

    def last_row(self) -> int:
        """Return the newest row; 0 where there is none."""
        with self._reading() as connection:
            return int(connection.execute("SELECT COALESCE(MAX(id), 0) FROM trace").fetchone()[0])

    def page(
        self, query: TraceFilter, *, before: int | None = None, after: int | None = None, limit: int = 50
    ) -> list[Row]:
        """Return up to `limit` matching rows, newest first: the newest, or those next to a row.

        Args:
            before: only rows older than this one, the newest of them.
            after: only rows newer than this one, the oldest of them.
        """
        with self._reading() as connection:
            search = Search(connection, query)
            if after is None:
                ids = list(islice(search.ids(high=None if before is None else before - 1), limit))
            else:
                ids = list(islice(search.ids(after + 1, forward=True), limit))[::-1]
            return rows.rows_at(connection, ids)

    def ids(self, query: TraceFilter, *, limit: int) -> list[int]:
        """Return up to `limit` matching rows by number, newest first."""
        with self._reading() as connection:
            return list(islice(Search(connection, query).ids(), limit))

    def count(self, query: TraceFilter, *, limit: int | None = None) -> int:
        """Return how many rows match; with a limit, counting stops there."""
        with self._reading() as connection:
            search = Search(connection, query)
            return search.count() if limit is None else sum(1 for _ in islice(search.ids(), limit))

    def get(self, row: int) -> Archived | None:
        """Return the whole trace of a row; None where there is no such row."""
        with self._reading() as connection:
            return next(_whole(connection, [row]), None)

    def find(self, trace: str) -> list[Archived]:
        """Return the traces of an id, newest first; the beginning of an id will do where it has six characters."""
        with self._reading() as connection:
            exact = [row for (row,) in connection.execute(_EXACT, (trace,))]
            if not exact and len(trace) >= 6:
                exact = [row for (row,) in connection.execute(_BEGINNING, (trace, trace + "\U0010ffff"))]
            return list(_whole(connection, exact))

    def newer(self, row: int, *, limit: int = PORTION) -> list[Archived]:
        """Return the traces after a row, oldest first: how detectors follow what comes in.

        A trace that has grown keeps its row, and is not given again; `add` names the rows that did.
        """
        with self._reading() as connection:
            return list(_whole(connection, list(range(row + 1, min(row + limit, self._newest(connection)) + 1))))

    def several(self, ids: Sequence[int]) -> list[Archived]:
        """Return the whole traces of up to a few hundred rows, in that order; rows nobody knows are left out."""
        with self._reading() as connection:
            return list(_whole(connection, ids))

    def prints(self, low: int, high: int) -> list[tuple[int, int]]:
        """Return the rows from one to another, each with a number that changes when it grows or is judged.

        The numbers mean nothing in another process.
        """
        with self._reading() as connection:
            return [(told[0], hash(told)) for told in connection.execute(_PRINTS, (low, high))]

    def walk(self, query: TraceFilter | None = None, *, after: int = 0) -> Iterator[Archived]:
        """Go through all matching traces, oldest first, as they are when their turn comes."""
        while True:
            with self._reading() as connection:
                ids = list(islice(Search(connection, query or TraceFilter()).ids(after + 1, forward=True), PORTION))
                found = list(_whole(connection, ids))
            yield from found
            if len(ids) < PORTION:
                return
            after = ids[-1]

    def close(self) -> None:
        """Let go of the file."""
        if self._writer is not None:
            self._writer.close()
        with self._lock:
            for connection in self._readers:
                connection.close()
            self._readers.clear()

    def _write(self) -> ArchiveWriter:
        if self._writer is None:
            raise JournalReadOnly(f"The archive {self.path} was opened for reading only.")
        return self._writer

    @staticmethod
    def _newest(connection: sqlite3.Connection) -> int:
        return int(connection.execute("SELECT COALESCE(MAX(id), 0) FROM trace").fetchone()[0])

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with explained(self.path):
            known: sqlite3.Connection | None = getattr(self._local, "connection", None)
            if known is None:
                known = self._local.connection = connect(self.path, "ro")
                known.execute(f"PRAGMA cache_size=-{_CACHE_KB}")
                with self._lock:
                    self._readers.append(known)
            # One transaction for all that is read: without it every statement locks the file for itself.
            known.execute("BEGIN")
            try:
                yield known
            finally:
                known.execute("COMMIT")


_PRINTS = "SELECT id, verdict, scores, spans, total_ms, error FROM trace WHERE id BETWEEN ? AND ? ORDER BY id"
_EXACT = "SELECT id FROM trace WHERE trace = ? ORDER BY id DESC LIMIT 100"
_BEGINNING = "SELECT id FROM trace WHERE trace >= ? AND trace < ? ORDER BY id DESC LIMIT 100"


def _whole(connection: sqlite3.Connection, ids: Sequence[int]) -> Iterator[Archived]:
    for row in rows.rows_at(connection, ids):
        body = connection.execute("SELECT bytes FROM body WHERE id = ?", (row.id,)).fetchone()
        if body is not None:
            yield Archived(row, unpack(body[0]))


def _opened(path: Path) -> sqlite3.Connection:
    create_private(path)
    connection = connect(path)
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version in (0, rows.VERSION):
            return _ready(connection, path)
    except sqlite3.DatabaseError as fault:
        if not is_damage(getattr(fault, "sqlite_errorcode", 0)):
            raise
    else:
        connection.close()
        raise BadInput(
            f"{path} was written by another version of the cockpit.", hint="Use that one, or name another --data DIR."
        )
    connection.close()
    _set_aside(path)
    create_private(path)
    return _ready(connect(path), path)


def _set_aside(path: Path) -> None:
    """Keep a damaged file: what was received over the wire can't be imported again."""
    number = next(one for one in range(1, 1_000) if not path.with_name(f"{path.name}.damaged-{one}").exists())
    path.rename(path.with_name(f"{path.name}.damaged-{number}"))
    for suffix in ("-journal", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).unlink()


def _ready(connection: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    connection.execute("PRAGMA page_size=8192")
    set_journal_mode(connection, path)
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA cache_size=-65536")
    connection.execute("BEGIN IMMEDIATE")
    if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
        for statement in rows.TABLES.split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version={rows.VERSION}")
    connection.execute("COMMIT")
    return connection
