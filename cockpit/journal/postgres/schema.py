"""The schema in PostgreSQL, as ordered migrations; what keeps it append-only is in the database itself."""

from __future__ import annotations

from sqlalchemy import Connection

from cockpit.journal.migrations import Migration

CHANNEL = "cockpit_event"
"""On which the server calls; what is called says nothing but that there is news."""
GUARDS = ("event_never_changed", "event_never_emptied", "event_in_order")
"""The triggers that keep the table append-only."""

_EVENTS = (
    """
    CREATE TABLE event (
        incident TEXT COLLATE "C" NOT NULL,
        seq INTEGER NOT NULL CHECK (seq > 0),
        at TEXT COLLATE "C" NOT NULL,
        recorded_at TEXT COLLATE "C" NOT NULL,
        actor TEXT NOT NULL,
        source TEXT NOT NULL,
        kind TEXT COLLATE "C" NOT NULL,
        payload TEXT NOT NULL,
        prev TEXT COLLATE "C" NOT NULL,
        hash TEXT COLLATE "C" NOT NULL UNIQUE,
        PRIMARY KEY (incident, seq)
    )
    """,
    """
    CREATE FUNCTION event_refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = cockpit, pg_catalog AS $$
    BEGIN
        RAISE EXCEPTION 'the journal is append-only';
    END $$
    """,
    """
    CREATE FUNCTION event_check() RETURNS trigger LANGUAGE plpgsql SET search_path = cockpit, pg_catalog AS $$
    DECLARE
        last record;
    BEGIN
        SELECT * INTO last FROM event WHERE incident = NEW.incident ORDER BY seq DESC LIMIT 1;
        IF NEW.seq IS DISTINCT FROM COALESCE(last.seq, 0) + 1 THEN
            RAISE EXCEPTION 'not the next line of the incident';
        END IF;
        IF NEW.prev IS DISTINCT FROM COALESCE(last.hash, repeat('0', 64)) THEN
            RAISE EXCEPTION 'not chained to the line before';
        END IF;
        IF EXISTS (SELECT 1 FROM event WHERE hash = NEW.hash) THEN
            RAISE EXCEPTION 'the hash is taken';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION event_tell() RETURNS trigger LANGUAGE plpgsql SET search_path = cockpit, pg_catalog AS $$
    BEGIN
        PERFORM pg_notify('cockpit_event', '');
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER event_never_changed BEFORE UPDATE OR DELETE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION event_refuse()
    """,
    """
    CREATE TRIGGER event_never_emptied BEFORE TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION event_refuse()
    """,
    "CREATE TRIGGER event_in_order BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION event_check()",
    "CREATE TRIGGER event_told AFTER INSERT ON event FOR EACH STATEMENT EXECUTE FUNCTION event_tell()",
    # Also for those who ask the server to leave triggers out, as replication does.
    *(f"ALTER TABLE event ENABLE ALWAYS TRIGGER {name}" for name in GUARDS),
    "REVOKE UPDATE, DELETE, TRUNCATE, TRIGGER, REFERENCES ON event FROM CURRENT_USER, PUBLIC",
)

_COMPANY = (
    """
    CREATE TABLE seat (
        incident TEXT COLLATE "C" PRIMARY KEY,
        holder TEXT NOT NULL,
        epoch BIGINT NOT NULL,
        until TIMESTAMPTZ NOT NULL
    )
    """,
    """
    CREATE UNLOGGED TABLE presence (
        incident TEXT COLLATE "C" NOT NULL,
        terminal TEXT NOT NULL,
        who TEXT NOT NULL,
        host TEXT NOT NULL,
        drives BOOLEAN NOT NULL,
        since TIMESTAMPTZ NOT NULL,
        seen TIMESTAMPTZ NOT NULL,
        PRIMARY KEY (incident, terminal)
    )
    """,
)


def p001_events(connection: Connection) -> None:
    """Make the table of events, its guards, and the call that wakes whoever follows."""
    for statement in _EVENTS:
        connection.exec_driver_sql(statement)


def p002_company(connection: Connection) -> None:
    """Make the tables of who is there and who drives; neither is part of the journal."""
    for statement in _COMPANY:
        connection.exec_driver_sql(statement)


STEPS: list[Migration] = [p001_events, p002_company]
