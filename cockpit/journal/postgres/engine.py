"""The one place where connections to PostgreSQL are made."""

from __future__ import annotations

from typing import Any

import psycopg
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from cockpit.journal.postgres.deadline import renew, watch

SCHEMA = "cockpit"
CONNECT_S = 2
"""How long making a connection may take; the driver allows no less."""
CALL_S = 3.0
"""How long one statement may take before its connection is cut."""

_SESSION = {
    "search_path": SCHEMA,
    "synchronous_commit": "on",
    "statement_timeout": "2500",
    "lock_timeout": "2000",
    # A terminal whose network is gone must not hold a lock that all others wait for.
    "idle_in_transaction_session_timeout": "4000",
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "2",
    "client_encoding": "UTF8",
}


def dial(url: str, *, autocommit: bool = False) -> psycopg.Connection[Any]:
    """Return a new connection, under this thread's deadline."""
    options = " ".join(f"-c {name}={value}" for name, value in _SESSION.items())
    connection = psycopg.connect(
        url, connect_timeout=CONNECT_S, options=options, application_name="cockpit", autocommit=autocommit
    )
    connection.prepare_threshold = None  # poolers hand statements to other sessions
    watch(connection)
    return connection


def make_engine(url: str) -> Engine:
    """Return an engine; nothing is connected yet."""
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: dial(url), poolclass=QueuePool, pool_size=3, max_overflow=9,
        pool_timeout=CALL_S,
    )  # fmt: skip
    event.listen(engine, "checkout", lambda connection, *_: watch(connection))
    # A long journal over a slow line takes many statements, and each of them gets somewhere.
    event.listen(engine, "before_cursor_execute", lambda *_: renew())
    return engine
