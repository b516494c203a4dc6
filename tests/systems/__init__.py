"""Real systems for tests and developers: installed from ordinary packages, started on 127.0.0.1, ended without rest.

`start(name, folder=…)` is for tests, `python3 dev.py systems` for developers, the fixtures are in `fixtures.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.systems.catalogue import NAMES, start
    from tests.systems.failures import InstallFailed, StartFailed, SystemMissing
    from tests.systems.running import RunningSystem
    from tests.systems.upstream import Upstream

__all__ = ["NAMES", "InstallFailed", "RunningSystem", "StartFailed", "SystemMissing", "Upstream", "start"]

HOMES = {
    "NAMES": "catalogue",
    "start": "catalogue",
    "InstallFailed": "failures",
    "StartFailed": "failures",
    "SystemMissing": "failures",
    "RunningSystem": "running",
    "Upstream": "upstream",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for: a keeper of a program loads next to nothing."""
    from importlib import import_module

    if name not in HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"tests.systems.{HOMES[name]}"), name)
