"""What can go wrong while a real system is installed or started."""

from __future__ import annotations

from pathlib import Path

from cockpit.errors import CockpitError

TAIL = 20
"""How many lines of a log are shown with a failure."""


class SystemMissing(CockpitError):
    """Something this machine has to have first; tests that need it are skipped with this reason."""

    title = "Something is not installed here"


class InstallFailed(CockpitError):
    """A package manager could not install a system."""

    title = "A system could not be installed"


class StartFailed(CockpitError):
    """A system did not come up, or not as it has to."""

    title = "A system could not be started"


def last_lines(log: Path, count: int = TAIL) -> str:
    """Return the end of a log, or a word that there is none."""
    try:
        lines = log.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    return "\n".join(lines[-count:]) or "(the log is empty)"


def not_started(name: str, why: str, log: Path) -> StartFailed:
    """Say why a system is not up, with the last words it wrote and where the rest is."""
    return StartFailed(
        f"{name} could not be started: {why}\n{last_lines(log)}",
        hint=f"The whole log is {log}.",
    )
