"""The folder of installed systems: each is installed once, by one process, and counts only when it is whole.

A finished install is marked by a stamp, written last. Environments of Python and Node know their own place, so they
are made where they will stay; what a broken-off install left behind is thrown away before the next one.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.systems.failures import InstallFailed

STAMP = "installed.json"
WAIT = 1200.0
"""Seconds to wait for another process that installs the same."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a system is installed.

    Attributes:
        name: the system.
        version: what it is pinned to, with everything else that makes two installs differ.
        seconds: how long it takes with nothing cached, roughly; shown to whoever waits.
        make: fills the folder it is given.
    """

    name: str
    version: str
    seconds: int
    make: Callable[[Path], None]

    @property
    def key(self) -> str:
        """Name the install's folder."""
        return f"{self.name}-{self.version}"


def cache_root() -> Path:
    """Return the folder of installs: COCKPIT_SYSTEMS_DIR, or one in the user's cache."""
    if chosen := os.environ.get("COCKPIT_SYSTEMS_DIR"):
        return Path(chosen).expanduser().resolve()
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "cockpit-systems"


def is_installed(recipe: Recipe) -> bool:
    """Tell whether a whole install is there."""
    return (cache_root() / recipe.key / STAMP).is_file()


def install(recipe: Recipe) -> Path:
    """Return the folder of an installed system, installing it first where it is not.

    Raises:
        InstallFailed: it could not be installed, or another process has been at it for too long.
    """
    folder = cache_root() / recipe.key
    if is_installed(recipe):
        return folder
    with locked(folder.with_name(f"{recipe.key}.lock")):
        if not is_installed(recipe):
            make(recipe, folder)
    return folder


def make(recipe: Recipe, folder: Path) -> None:
    """Install from nothing and put the stamp on it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    say(f"installing {recipe.name} {recipe.version}, about {recipe.seconds} s …")
    begun = time.monotonic()
    recipe.make(folder)
    took = round(time.monotonic() - begun, 1)
    unfinished = folder / f"{STAMP}.new"
    unfinished.write_text(json.dumps({"name": recipe.name, "version": recipe.version, "seconds": took}), "utf-8")
    unfinished.replace(folder / STAMP)
    say(f"installed {recipe.name} {recipe.version} in {took} s")


@contextmanager
def locked(path: Path, seconds: float = WAIT) -> Iterator[None]:
    """Hold a file's lock; the kernel lets go of it when the process ends, however that happens."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        deadline = time.monotonic() + seconds
        if not (free := try_lock(file.fileno())):
            say(f"waiting for another process, which is busy with {path.stem} …")
        while not (free or try_lock(file.fileno())):
            if time.monotonic() > deadline:
                raise InstallFailed(
                    f"Another process has held {path} for more than {seconds:.0f} s.",
                    hint="Wait until it is done, or end it, and try again.",
                )
            time.sleep(0.1)
        yield


def try_lock(descriptor: int) -> bool:
    """Take a lock if it is free."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def say(text: str) -> None:
    """Tell the person who waits."""
    print(text, file=sys.stderr, flush=True)
