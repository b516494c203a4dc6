"""The one place where the journal's database engine is made."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool

from cockpit.journal import faults
from cockpit.journal.sqlite import Mode, connect, make_durable

FAULTS: tuple[type[Exception], ...] = (*faults.FAULTS, SQLAlchemyError)
"""Everything an engine may raise besides its own bugs."""

BEGIN = "cockpit_begin"
"""Execution option: how a transaction of this engine begins (DEFERRED to read, IMMEDIATE to write)."""


def make_engine(path: Path, mode: Mode) -> Engine:
    """Return an engine on an existing file; every connection is fully synchronous.

    Transactions read by default; `writing(engine)` takes the write lock at once, since a lock that is upgraded
    later ignores the busy time-out.
    """

    def opened() -> sqlite3.Connection:
        connection = connect(path, mode)
        make_durable(connection, path, mode)
        return connection

    engine = create_engine("sqlite://", creator=opened, poolclass=QueuePool, pool_size=4, max_overflow=28)
    event.listen(engine, "begin", _begin)
    return engine


def writing(engine: Engine) -> Engine:
    """Return the same engine with transactions that hold the write lock from the start."""
    return engine.execution_options(**{BEGIN: "IMMEDIATE"})


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get(BEGIN, 'DEFERRED')}")
