"""A system that runs: where it answers, what opens it, how it is ended; and how one is brought up."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGTERM, Signals
from types import TracebackType

from tests.systems.failures import not_started
from tests.systems.keeper import Terms
from tests.systems.kept import Kept, keep
from tests.systems.loopback import exposed
from tests.systems.processes import resident

POLL = 0.1


@dataclass(slots=True)
class RunningSystem:
    """A system in processes of its own; use it with `with`, or call `stop`.

    Attributes:
        name: which system.
        url: where it answers.
        folder: where its data, its configuration and its log are.
        log: the file of what it printed.
        kept: its processes.
        tokens: what opens it, by role; made for this start, worth nothing elsewhere.
        needs: systems that were started for it and end with it.
        took: seconds from the start to the first good answer.
    """

    name: str
    url: str
    folder: Path
    log: Path
    kept: Kept
    tokens: Mapping[str, str] = field(default_factory=dict, repr=False)
    needs: tuple[RunningSystem, ...] = ()
    took: float = 0.0

    @property
    def pids(self) -> tuple[int, ...]:
        """Return its processes, without those of the systems it needs; empty when it is down."""
        return self.kept.pids

    @property
    def memory(self) -> int:
        """Return the bytes of memory its processes hold, each counted in full."""
        return sum(map(resident, self.pids))

    def stop(self) -> None:
        """End it and what was started for it; returns when no process is left."""
        self.kept.end()
        for needed in reversed(self.needs):
            needed.stop()

    def __enter__(self) -> RunningSystem:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.stop()


@dataclass(frozen=True, slots=True)
class Launch:
    """How a system is started.

    Attributes:
        name: which system.
        url: where it will answer.
        command: the program.
        folder: where its log goes, and where it runs when no `cwd` is given.
        ready: tells whether it answers; an OSError means not yet.
        env: its environment beside the little it gets of ours.
        ceiling: seconds until it has to answer.
        ask: the signal that asks it to end.
        user: whom it runs as; empty: as we are.
        stay: whether it goes on when this process ends.
        cwd: where it runs.
        scratch: a folder outside of its own that is thrown away after it.
    """

    name: str
    url: str
    command: Sequence[str]
    folder: Path
    ready: Callable[[], bool]
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    ceiling: float = 60.0
    ask: Signals = SIGTERM
    user: str = ""
    stay: bool = False
    cwd: Path | None = None
    scratch: Path | None = None

    @property
    def terms(self) -> Terms:
        """Return what its keeper has to know."""
        scratch = str(self.scratch) if self.scratch else ""
        return Terms(str(self.cwd or self.folder), self.ask.name, user=self.user, stay=self.stay, scratch=scratch)


def launch(
    how: Launch, tokens: Mapping[str, str] | None = None, needs: tuple[RunningSystem, ...] = ()
) -> RunningSystem:
    """Start a system and return it when it answers, on this machine's own address only.

    Raises:
        StartFailed: it ended, took too long, or listens where others could reach it; nothing of it is left then, nor
            of what was started for it.
    """
    log = how.folder / f"{how.name}.log"
    begun = time.monotonic()
    kept = keep(how.command, how.terms, log=log, env=how.env)
    system = RunningSystem(how.name, how.url, how.folder, log, kept, tokens or {}, needs)
    try:
        wait_until_ready(how, system)
        refuse_exposed(system)
    except BaseException:
        system.stop()
        raise
    system.took = round(time.monotonic() - begun, 2)
    return system


def wait_until_ready(how: Launch, system: RunningSystem) -> None:
    """Ask again and again until the system answers."""
    deadline = time.monotonic() + how.ceiling
    while not answers(how.ready):
        if not system.kept.alive:
            raise not_started(how.name, "it ended by itself.", system.log)
        if time.monotonic() > deadline:
            raise not_started(how.name, f"it did not answer within {how.ceiling:.0f} s.", system.log)
        time.sleep(POLL)


def refuse_exposed(system: RunningSystem) -> None:
    """Fail when other machines could reach the system."""
    if open_to_others := exposed(system.pids):
        shown = ", ".join(map(str, open_to_others))
        raise not_started(system.name, f"it listens on {shown}, not on 127.0.0.1 alone.", system.log)


def answers(ready: Callable[[], bool]) -> bool:
    """Ask whether a system is ready; one that can't be reached is not."""
    try:
        return ready()
    except OSError:
        return False


def http_ok(url: str, headers: Mapping[str, str] | None = None) -> bool:
    """Tell whether a page answers with success within five seconds."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(urllib.request.Request(url, headers=dict(headers or {})), timeout=5) as answer:
            return bool(200 <= answer.status < 300)
    except urllib.error.HTTPError:
        return False
