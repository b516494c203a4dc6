"""What a fault of the database means to the person who meets it."""

from __future__ import annotations

import re

import psycopg
from psycopg import errors
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from cockpit.domain.text import clean
from cockpit.errors import JournalConflict, JournalError, JournalReadOnly, JournalUnreachable

FAULTS: tuple[type[Exception], ...] = (psycopg.Error, SQLAlchemyError, OSError)
"""Everything a call may raise besides bugs."""

AWAY_HINT = "What was recorded is safe. `cockpit doctor` says whether it answers."
_READ_ONLY = {
    errors.InsufficientPrivilege: "this account may not write there",
    errors.ReadOnlySqlTransaction: "the server only lets it be read (a standby?)",
    errors.DiskFull: "the server's disk is full",
}
_REFUSED = (errors.IntegrityError, errors.RaiseException)
_BUSY = (errors.LockNotAvailable, errors.QueryCanceled, errors.DeadlockDetected)
_AWAY = ("08", "57P")
"""SQLSTATEs of lost connections and of servers that shut down or start."""


def explain(fault: BaseException, name: str, *, late: bool = False) -> JournalError:
    """Name a fault; `late` says that the call was cut because its time was up."""
    origin = getattr(fault, "orig", None) or fault
    for kind, reason in _READ_ONLY.items():
        if isinstance(origin, kind):
            return JournalReadOnly(f"Can't write the journal at {name}: {reason}.", hint="Ask whoever runs it.")
    if late:
        return unreachable(name, "no answer in time")
    if isinstance(origin, _REFUSED):
        return JournalConflict(f"The journal refused a line: {short(origin)}.", hint="Read the news and try again.")
    if isinstance(origin, _BUSY):
        return JournalError(f"Another process holds the journal at {name} for too long.", hint="Try again.")
    if _is_away(origin):
        return unreachable(name, short(origin))
    return JournalError(f"The journal at {name} could not be used: {short(origin)}.", hint="Ask `cockpit doctor`.")


def unreachable(name: str, reason: str) -> JournalUnreachable:
    """Say that the database does not answer."""
    return JournalUnreachable(f"No connection to the journal at {name}: {reason}.", hint=AWAY_HINT)


def _is_away(origin: BaseException) -> bool:
    state = getattr(origin, "sqlstate", None) or ""
    if isinstance(origin, psycopg.Error) and state:
        return state.startswith(_AWAY)
    lost = (psycopg.OperationalError, psycopg.InterfaceError, OSError, PoolTimeout)
    return isinstance(origin, lost)


def short(fault: BaseException) -> str:
    """Return what the server said in a few words, without anything that a terminal would obey."""
    said = str(fault).strip()
    reason = re.search(r"(?:FATAL|ERROR|PANIC): *(.*)", said) or re.search(r".*failed: (.*)", said)
    told = reason[1] if reason else said.partition("\n")[0]
    return clean(told.strip().rstrip(".") or type(fault).__name__, multiline=False, limit=160)
