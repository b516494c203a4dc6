"""Systems that developers keep running: what is written down about each, for later commands to find and end it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.systems.cache import cache_root, locked
from tests.systems.catalogue import entry
from tests.systems.kept import Kept
from tests.systems.running import RunningSystem

STATE = "state.json"


@dataclass(frozen=True, slots=True)
class Process:
    """A keeper's process, as it is written down."""

    name: str
    pid: int
    born: str

    @property
    def kept(self) -> Kept:
        """Return the process itself."""
        return Kept(self.pid, self.born)


@dataclass(frozen=True, slots=True)
class State:
    """A system that was brought up, its processes in the order in which they are ended."""

    name: str
    url: str
    log: str
    tokens: dict[str, str]
    processes: tuple[Process, ...]
    took: float

    @property
    def alive(self) -> bool:
        """Tell whether all of it runs."""
        return all(one.kept.alive for one in self.processes)


def run_folder(name: str) -> Path:
    """Return where a system that is kept running writes."""
    return cache_root() / "run" / name


def load(name: str) -> State | None:
    """Return what is known of a system, or None when it was never up or is down again."""
    try:
        content = json.loads((run_folder(name) / STATE).read_text("utf-8"))
        processes = tuple(Process(**one) for one in content.pop("processes"))
        return State(processes=processes, **content)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def save(state: State) -> None:
    """Write a system's state down; only we may read its tokens."""
    file = run_folder(state.name) / STATE
    fresh = file.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        json.dump(asdict(state), out, indent=2)
    fresh.replace(file)


def parts(system: RunningSystem) -> Iterator[Process]:
    """Return a system's own process and those of what it needs."""
    yield Process(system.name, system.kept.pid, system.kept.born)
    for needed in reversed(system.needs):
        yield from parts(needed)


def up(name: str, **options: Any) -> State:
    """Bring a system up to stay; one that is up already stays as it is."""
    with locked(cache_root() / f"run-{name}.lock"):
        known = load(name)
        if known and known.alive:
            return known
        end(name, known)
        folder = run_folder(name)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        system = entry(name).start(folder, stay=True, **options)
        made = State(name, system.url, str(system.log), dict(system.tokens), tuple(parts(system)), system.took)
        save(made)
        return made


def down(name: str) -> bool:
    """End a system with all it started, leaving its log; False when it was not up."""
    with locked(cache_root() / f"run-{name}.lock"):
        known = load(name)
        end(name, known)
        return known is not None


def end(name: str, known: State | None) -> None:
    """End what is left of a system."""
    for process in known.processes if known else ():
        process.kept.end()
    (run_folder(name) / STATE).unlink(missing_ok=True)
