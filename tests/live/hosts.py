"""A live incident whose terminals are on hosts of their own, with one database behind a relay."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from cockpit.domain.clock import WallClock
from cockpit.journal.log import Journal
from cockpit.live.runner import LiveRunner
from tests.live.conftest import Stage
from tests.systems.postgres_crash import CrashingPostgres


class Hosts(Stage):
    """A stage on which every terminal is on a host of its own, and all share a database behind a relay."""

    def __init__(self, folder: Path, stack: ExitStack, url: str) -> None:
        super().__init__(folder, stack)
        self.database = url
        self.direct = url
        self._hosts = 0

    @contextmanager
    def past_the_relay(self) -> Iterator[None]:
        """Let hosts that come now reach the database on a way of their own."""
        through, self.database = self.database, self.direct
        yield
        self.database = through

    def journal(self) -> Journal:
        """Open the journal on one more host."""
        self._hosts += 1
        journal = Journal.connect(self.database, self.folder / f"host-{self._hosts}", clock=WallClock())
        self._stack.callback(journal.close)
        return journal

    def join(self, incident: str, actor: str = "ada") -> LiveRunner:
        """Sit down on a host of its own."""
        whole, self.folder = self.folder, self.folder / actor
        self.folder.mkdir(exist_ok=True)
        try:
            return super().join(incident, actor)
        finally:
            self.folder = whole


@pytest.fixture
def hosts(server: CrashingPostgres, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Hosts]:
    """A toy system, and a database of its own."""
    with ExitStack() as stack:
        made = Hosts(tmp_path, stack, server.database(f"c{abs(hash(request.node.nodeid)) % 10**12}"))
        made.direct = made.database.replace(f":{server.relay.port}/", f":{server.port}/")
        yield made
    server.relay.heal()
