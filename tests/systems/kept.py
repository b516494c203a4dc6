"""A program that a keeper runs, seen from whoever wanted it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.systems.keeper import Terms
from tests.systems.processes import born, descendants

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 15.0
"""Seconds that a keeper has to end its program; longer than the grace it gives."""
PASSED = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR")
"""What a system learns of the environment around it: nothing of this machine's keys, proxies and settings."""


@dataclass(slots=True)
class Kept:
    """A keeper's process: its number, and a mark that tells it from a later process with the same number."""

    pid: int
    born: str
    _keeper: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def alive(self) -> bool:
        """Tell whether the keeper, and with it the program, runs."""
        if self._keeper is not None:
            return self._keeper.poll() is None
        return bool(self.born) and born(self.pid) == self.born

    @property
    def pids(self) -> tuple[int, ...]:
        """Return the keeper and everything below it."""
        return (self.pid, *descendants(self.pid)) if self.alive else ()

    def end(self, seconds: float = PATIENCE) -> None:
        """End the program with all it started; returns when nothing of it is left."""
        below = self.pids
        if self.alive:
            os.kill(self.pid, signal.SIGTERM)
        deadline = time.monotonic() + seconds
        while self.alive and time.monotonic() < deadline:
            time.sleep(0.02)
        if self.alive:  # a stuck keeper: its program dies with it, the others are ended by number
            for pid in below:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        if self._keeper is not None:
            self._keeper.wait()
            if self._keeper.stdin:
                self._keeper.stdin.close()


def surroundings(folder: Path, env: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a system: what it needs of ours, a home in its folder, telemetry off."""
    passed = {name: os.environ[name] for name in PASSED if name in os.environ}
    return {**passed, "HOME": str(folder), "DO_NOT_TRACK": "1", "PYTHONUNBUFFERED": "1", **env}


def keep(command: Sequence[str], terms: Terms, *, log: Path, env: Mapping[str, str]) -> Kept:
    """Run a program under a keeper.

    Args:
        command: the program.
        terms: where and as whom it runs, and how it ends.
        log: where its output goes; appended to. Its folder is the program's home.
        env: what is added to the little it learns of our environment.
    """
    with log.open("ab") as out:
        started = subprocess.Popen(
            [sys.executable, "-m", "tests.systems.keeper", json.dumps(asdict(terms)), *command],
            cwd=ROOT,
            env=surroundings(log.parent, env),
            stdin=subprocess.DEVNULL if terms.stay else subprocess.PIPE,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Kept(started.pid, born(started.pid), started)
