"""Every system by its name: how it is installed, and how it is started."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cockpit.errors import BadInput
from tests.systems import alertmanager, litellm, litellm_db, mlflow, phoenix, portkey, postgres, unleash
from tests.systems.cache import Recipe, install
from tests.systems.packages import NODE
from tests.systems.running import RunningSystem


@dataclass(frozen=True, slots=True)
class Entry:
    """A system: how it is started, and what has to be installed for it, in order."""

    start: Callable[..., RunningSystem]
    recipes: Callable[[], tuple[Recipe, ...]]


CATALOGUE = {
    "postgres": Entry(postgres.start, lambda: (postgres.recipe(),)),
    "unleash": Entry(unleash.start, lambda: (postgres.recipe(), NODE, unleash.RECIPE)),
    "litellm": Entry(litellm.start, lambda: (litellm.RECIPE,)),
    "litellm-db": Entry(litellm_db.start, lambda: (litellm.RECIPE, postgres.recipe(), litellm_db.recipe())),
    "portkey": Entry(portkey.start, lambda: (NODE, portkey.RECIPE)),
    "phoenix": Entry(phoenix.start, lambda: (phoenix.RECIPE,)),
    "mlflow": Entry(mlflow.start, lambda: (mlflow.RECIPE,)),
    "alertmanager": Entry(alertmanager.start, lambda: (alertmanager.recipe(),)),
}
NAMES = tuple(CATALOGUE)


def entry(name: str) -> Entry:
    """Return a system's entry.

    Raises:
        BadInput: there is no system of that name.
    """
    if name not in CATALOGUE:
        raise BadInput(f"There is no system {name!r}.", hint=f"Choose from: {', '.join(NAMES)}.")
    return CATALOGUE[name]


def start(name: str, *, folder: Path, **options: Any) -> RunningSystem:
    """Start a system, installing it first where it is not; end it with `with` or `stop()`.

    Nothing of it outlives this process, whatever ends it. Every port it opens is on 127.0.0.1.

    Args:
        name: one of `NAMES`.
        folder: where it writes all it writes; made where it is not.
        options: of the system itself; see the `start` of its module.

    Raises:
        SystemMissing: this machine lacks something that has to come from the operating system.
        InstallFailed: it could not be installed.
        StartFailed: it did not come up.
    """
    chosen = entry(name)
    folder.mkdir(parents=True, exist_ok=True)
    return chosen.start(folder.resolve(), **options)


def install_all(name: str) -> list[Path]:
    """Install a system and what it needs; return their folders."""
    return [install(recipe) for recipe in entry(name).recipes()]
