"""The trace store: many rows, fast, and rebuildable from the world; one file per incident beside the journal.

It is not synchronised to the disk: a killed process loses nothing, a power cut may cost the file, which is then
noticed on opening and begun anew. A million rows are filtered without an index per field: see `columns`.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from cockpit.domain.traces import TraceFilter, failing
from cockpit.errors import JournalError, JournalReadOnly
from cockpit.journal.faults import explained, is_damage
from cockpit.journal.sqlite import connect, create_private, set_journal_mode
from cockpit.journal.traces import reader, schema
from cockpit.journal.traces.gate import Gate
from cockpit.journal.traces.writer import Judgement, TraceWriter
from cockpit.world.port import TraceRow

_VIEWS = 8
_READ_CACHE_KB = 256
"""Every thread that reads has a cache of its own; blocks are read once, so that it gains nothing."""
_BOOT = Path("/proc/sys/kernel/random/boot_id")


class TraceStore:
    """The traces of one incident. Every thread reads on a connection of its own; writers wait for each other."""

    def __init__(self, path: Path, writer: TraceWriter | None, gate: Gate) -> None:
        self.path = path
        self._writer = writer
        self._gate = gate
        self._local = threading.local()
        self._lock = threading.Lock()
        self._readers: list[sqlite3.Connection] = []
        self._views: OrderedDict[TraceFilter, reader.View] = OrderedDict()

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> TraceStore:
        """Open the store, and make it if there is none; a file that is damaged or of another version is begun anew.

        Raises:
            JournalReadOnly: nothing can be written there.
            JournalError: there is none to read.
        """
        if read_only:
            if not path.exists():
                raise JournalError(f"There are no traces at {path}.", hint="They are made while a drill runs.")
            return cls(path, None, Gate())
        with explained(path):
            gate = Gate()
            return cls(path, TraceWriter(_open(path), gate), gate)

    def add(self, rows: Sequence[TraceRow]) -> None:
        """Store rows in one transaction; ids that are there already change nothing."""
        with explained(self.path):
            self._write().add(rows)

    def judge(self, updates: Sequence[Judgement]) -> None:
        """Store (id, verdict, scores) that arrived later; ids nobody knows change nothing."""
        with explained(self.path):
            self._write().judge(updates)

    def checkpoint(self) -> str | None:
        """Return what `set_checkpoint` kept last, for instance the drill's clock as ISO text."""
        return self._meta("checkpoint")

    def set_checkpoint(self, value: str) -> None:
        """Keep how far the world was asked for traces; call it after `add` (asking twice does no harm)."""
        with explained(self.path):
            self._write().set_meta("checkpoint", value)

    def last_id(self) -> int:
        """Return the newest id; 0 when there is none."""
        with self._reading() as connection:
            return int(connection.execute("SELECT COALESCE(MAX(id), 0) FROM trace").fetchone()[0])

    def row(self, trace: int, /) -> TraceRow | None:
        """Return one row as it is known now."""
        with self._reading() as connection:
            found = _rows(connection, [trace])
            return found[0] if found else None

    def page(
        self, query: TraceFilter, /, *, before: int | None = None, after: int | None = None, limit: int = 128
    ) -> list[TraceRow]:
        """Return up to `limit` matching rows, newest first: the newest, or those next to an id.

        Args:
            before: only rows older than this id, the newest of them.
            after: only rows newer than this id, the oldest of them.
        """
        with self._reading() as connection:
            state, view = self._state(connection), self._view(query)
            if after is None:
                return _rows(connection, reader.older(connection, state, view, before, limit))
            return _rows(connection, reader.newer(connection, state, view, after, limit))

    def count(self, query: TraceFilter, /, *, limit: int | None = None) -> int:
        """Return how many rows match; with a limit, counting stops there."""
        with self._reading() as connection:
            return reader.count(connection, self._state(connection), self._view(query), limit)

    def rank(self, trace: int, query: TraceFilter, /) -> int:
        """Return how many matching rows are newer than an id."""
        with self._reading() as connection:
            return reader.rank(connection, self._state(connection), self._view(query), trace)

    def failing_share(self, last: int, /) -> float:
        """Return the share (0…1) of the last rows that is known to have failed; a row nobody judged counts as sound.

        Of the judged ones alone it would say too much: failures are flagged at once, sound answers are sampled.
        """
        with self._reading() as connection:
            found = connection.execute("SELECT verdict FROM trace ORDER BY id DESC LIMIT ?", (last,)).fetchall()
        return sum(failing(schema.text_of(raw)) for (raw,) in found) / len(found) if found else 0.0

    def close(self) -> None:
        """Write through to the disk and let go of the file."""
        if self._writer is not None:
            with suppress(OSError, sqlite3.Error):
                _sync(self.path)
                self._writer.set_meta("clean", _boot())
            self._writer.close()
        with self._lock:
            for connection in self._readers:
                connection.close()
            self._readers.clear()

    def _write(self) -> TraceWriter:
        if self._writer is None:
            raise JournalReadOnly(f"The traces {self.path} were opened for reading only.")
        return self._writer

    def _meta(self, key: str) -> str | None:
        with self._reading() as connection:
            found = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if found is None else str(found[0])

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with explained(self.path), self._gate.reading():
            yield self._connection()

    def _connection(self) -> sqlite3.Connection:
        known: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if known is None:
            known = self._local.connection = connect(self.path, "ro")
            known.execute(f"PRAGMA cache_size=-{_READ_CACHE_KB}")
            with self._lock:
                self._readers.append(known)
        return known

    def _state(self, connection: sqlite3.Connection) -> reader.Snapshot:
        state = reader.take_snapshot(connection, getattr(self._local, "state", None))
        self._local.state = state
        return state

    def _view(self, query: TraceFilter) -> reader.View:
        with self._lock:
            view = self._views.pop(query, None) or reader.View(query)
            self._views[query] = view
            if len(self._views) > _VIEWS:
                self._views.popitem(last=False)
            return view


def _rows(connection: sqlite3.Connection, ids: Sequence[int]) -> list[TraceRow]:
    marks = ", ".join("?" * len(ids))
    sql = f"SELECT {schema.COLUMNS} FROM trace WHERE id IN ({marks}) ORDER BY id DESC"  # noqa: S608 constants and marks
    return [schema.row_of(row) for row in connection.execute(sql, ids)]


def _open(path: Path) -> sqlite3.Connection:
    """Open a sound file for writing, or begin a new one in place of what is not."""
    create_private(path)
    connection = connect(path)
    try:
        if _sound(connection):
            return _ready(connection, path)
    except sqlite3.DatabaseError as fault:
        if not is_damage(getattr(fault, "sqlite_errorcode", 0)):
            raise
    connection.close()
    for suffix in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    create_private(path)
    return _ready(connect(path), path)


def _sound(connection: sqlite3.Connection) -> bool:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version != schema.VERSION:
        return bool(version == 0 and connection.execute("PRAGMA page_count").fetchone()[0] == 0)
    written = connection.execute("SELECT value FROM meta WHERE key = 'boot'").fetchone()
    clean = connection.execute("SELECT value FROM meta WHERE key = 'clean'").fetchone()
    if written == (_boot(),) or (clean is not None and clean == written):
        return True
    # The machine went down while the file was open and unsynchronised: look at all of it, once.
    return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))


def _ready(connection: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    connection.execute("PRAGMA page_size=8192")
    set_journal_mode(connection, path)
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("BEGIN IMMEDIATE")
    if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
        for statement in filter(str.strip, schema.TABLES.split(";")):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version={schema.VERSION}")
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('boot', ?)", (_boot(),))
    connection.execute("DELETE FROM meta WHERE key = 'clean'")
    connection.execute("COMMIT")
    return connection


def _boot() -> str:
    """Return what is the same until the machine goes down; empty where that can't be told."""
    try:
        return _BOOT.read_text().strip()
    except OSError:
        return ""


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
