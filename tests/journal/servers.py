"""Journals in PostgreSQL for the tests, each as if on a host of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from cockpit.domain.clock import WallClock
from cockpit.journal.log import Journal
from tests.systems.postgres_crash import CrashingPostgres


class Hosts:
    """A database of its own, and as many hosts as a test wants."""

    def __init__(self, server: CrashingPostgres, name: str, folder: Path, stack: ExitStack) -> None:
        self.server = server
        self.name = name
        self.url = server.database(name)
        self.folder = folder
        self._stack = stack
        self._count = 0

    def journal(self, url: str = "", *, read_only: bool = False) -> Journal:
        """Open the journal on one more host."""
        self._count += 1
        folder = self.folder / f"host-{self._count}"
        journal = Journal.connect(url or self.url, folder, clock=WallClock(), read_only=read_only)
        self._stack.callback(journal.close)
        return journal

    def sql(self, statement: str) -> str:
        """Do something behind the journal's back, as the server's master."""
        return self.server.sql(statement, self.name)


@pytest.fixture(scope="module")
def server() -> Iterator[CrashingPostgres]:
    """A server that may be killed."""
    from tests.systems import SystemMissing

    try:
        made = CrashingPostgres()
    except SystemMissing as problem:
        pytest.skip(f"{problem} {problem.hint}")
    with made:
        yield made


@pytest.fixture
def hosts(server: CrashingPostgres, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Hosts]:
    """An empty database."""
    name = f"t{abs(hash(request.node.nodeid)) % 10**12}"
    with ExitStack() as stack:
        yield Hosts(server, name, tmp_path, stack)
    server.relay.heal()
