"""A program that a keeper runs, seen from whoever wanted it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.systems.processes import born, descendants

ROOT = Path(__file__).resolve().parents[2]
GRACE = 8.0
"""Seconds that a program has to end by itself before it is made to."""
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

    def end(self, seconds: float = GRACE + 4) -> None:
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


def keep(
    command: Sequence[str],
    *,
    folder: Path,
    log: Path,
    env: Mapping[str, str],
    ask: signal.Signals = signal.SIGTERM,
    user: str = "",
    grace: float = GRACE,
    stay: bool = False,
) -> Kept:
    """Run a program under a keeper; what it says goes to the log.

    Args:
        command: the program.
        folder: where it runs, and its home.
        log: where its output goes; appended to.
        env: what is added to the little it learns of our environment.
        ask: the signal that asks it to end.
        user: whom it runs as; empty: as we are.
        grace: seconds that it has to end by itself.
        stay: whether it goes on when this process ends.
    """
    terms = [str(folder), ask.name, str(grace), user or "-", "stay" if stay else "-"]
    with log.open("ab") as out:
        started = subprocess.Popen(
            [sys.executable, "-m", "tests.systems.keeper", *terms, *command],
            cwd=ROOT,
            env=surroundings(folder, env),
            stdin=subprocess.DEVNULL if stay else subprocess.PIPE,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Kept(started.pid, born(started.pid), started)
