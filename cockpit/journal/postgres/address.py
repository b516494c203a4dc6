"""Where the database is, with and without what must not be told."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from cockpit.errors import SettingsError

EXAMPLE = "An address looks like postgresql://USER:PASSWORD@HOST:5432/DATABASE, or is named: env:NAME, file:PATH."
NEEDS_DRIVER = "pip install 'llm-cockpit[postgres]'"


@dataclass(frozen=True, slots=True)
class Address:
    """A database on a server.

    Attributes:
        url: the whole address; it may hold a password.
        label: host, port and database, for messages.
    """

    url: str = field(repr=False)
    label: str

    @property
    def fingerprint(self) -> str:
        """A short name that is the same for the same database, fit for a file's name."""
        return hashlib.sha256(self.label.encode()).hexdigest()[:12]


def address_of(url: str) -> Address:
    """Read an address.

    Raises:
        SettingsError: it is none, or the driver is not installed; the message never holds the address.
    """
    if not url.startswith(("postgresql://", "postgres://")):
        raise SettingsError("database_url is no address of a PostgreSQL database.", hint=EXAMPLE)
    try:
        from psycopg import ProgrammingError
        from psycopg.conninfo import conninfo_to_dict
    except ImportError:
        raise SettingsError("database_url needs the driver for PostgreSQL.", hint=NEEDS_DRIVER) from None
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError:
        raise SettingsError("database_url can't be read as an address.", hint=EXAMPLE) from None
    database = parts.get("dbname") or parts.get("user") or "postgres"
    return Address(url, f"{parts.get('host') or 'localhost'}:{parts.get('port') or 5432}/{database}")
