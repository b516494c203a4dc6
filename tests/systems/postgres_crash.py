"""A PostgreSQL server that can be killed and started again, behind a relay that keeps its address."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

from tests.systems import postgres
from tests.systems.relay import HOST, Relay
from tests.systems.running import RunningSystem


class CrashingPostgres:
    """One server and the relay in front of it."""

    def __init__(self) -> None:
        # Where the server's account gets in, so that the data outlives a kill.
        self._folder = Path(tempfile.mkdtemp(prefix="cockpit-crashing-"))
        self._folder.chmod(0o711)
        self.system: RunningSystem = postgres.start(self._folder)
        self.relay = Relay(self.port)

    @property
    def port(self) -> int:
        """The port that the server itself listens on."""
        return urlsplit(self.system.url).port or 0

    @property
    def url(self) -> str:
        """The address of the database behind the relay."""
        return f"postgresql://{postgres.ACCOUNT}:hunter2@{HOST}:{self.relay.port}/postgres"

    def database(self, name: str) -> str:
        """Make a database and return its address behind the relay."""
        postgres.make_database(self.system, name)
        return f"{self.url.rpartition('/')[0]}/{name}"

    def sql(self, statement: str, database: str = postgres.ACCOUNT) -> str:
        """Run a statement on the server itself."""
        return postgres.sql(self.system, statement, database)

    def kill(self) -> None:
        """End the server as a crash would."""
        pid = int((self._folder / "data" / "postmaster.pid").read_text("ascii").split()[0])
        os.kill(pid, signal.SIGQUIT)
        self.system.stop()

    def start(self) -> None:
        """Start it again on what was left."""
        (self._folder / "data" / "postmaster.pid").unlink(missing_ok=True)
        self.system = postgres.start(self._folder)
        self.relay.target = self.port

    def restart(self, away_s: float) -> None:
        """Kill it, leave it away for a while, and start it again."""
        self.kill()
        threading.Event().wait(away_s)
        self.start()

    def __enter__(self) -> CrashingPostgres:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None
    ) -> None:
        self.relay.__exit__(None, None, None)
        self.system.stop()
        shutil.rmtree(self._folder, ignore_errors=True)
