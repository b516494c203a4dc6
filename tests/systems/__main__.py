"""The command behind `python3 dev.py systems`."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable
from functools import partial

from cockpit.errors import CockpitError
from tests.systems.cache import cache_root, install, is_installed
from tests.systems.catalogue import NAMES, entry, install_all
from tests.systems.clients import CLIENTS
from tests.systems.processes import resident
from tests.systems.staging import NAME as STAGING
from tests.systems.staging import bring_up as bring_up_staging
from tests.systems.staging import show as show_staging
from tests.systems.state import down, load, up

MEGABYTE = 1_000_000
HELD = (STAGING, *NAMES)
"""What can be up: systems, and the stand-ins between those of staging."""


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    made = argparse.ArgumentParser(prog="dev.py systems", description=f"Real systems: {', '.join(NAMES)}.")
    verbs = made.add_subparsers(dest="verb", required=True)
    for verb, help_text, count in (
        ("up", "start systems, installing them first, and leave them running", "+"),
        ("down", "end systems; all of them when none is named", "*"),
        ("status", "what is installed and what runs", "*"),
        ("install", "install systems without starting them; everything that tests use when none is named", "*"),
    ):
        verbs.add_parser(verb, help=help_text).add_argument("names", nargs=count, metavar="NAME")
    staging = verbs.add_parser(
        "staging", help="LiteLLM, Phoenix and Unleash, furnished for a drill, with a cockpit.toml"
    )
    staging.add_argument("--port", type=int, default=0, help="the first of four ports for the stand-ins")
    return made


def bring_up(name: str) -> None:
    """Start a system and say where it is."""
    state = up(name)
    print(f"{name}  {state.url}  (ready after {state.took} s; log: {state.log})")
    for role, token in state.tokens.items():
        print(f"  {role}: {token}")


def take_down(name: str) -> None:
    """End a system and say so when it was up."""
    if down(name):
        print(f"{name} is down")


def install_one(name: str) -> None:
    """Install a system and say where it is."""
    for folder in install_all(name):
        print(f"{name}: {folder}")


def show(name: str) -> None:
    """Say whether a system is installed and where it runs."""
    state = load(name)
    if state and state.alive:
        memory = sum(resident(pid) for one in state.processes for pid in one.kept.pids)
        print(f"{name:<12} up          {state.url}  {memory / MEGABYTE:.0f} MB")
    else:
        print(f"{name:<12} {'ended' if state else installed(name)}")


def installed(name: str) -> str:
    """Say in words whether a system is installed."""
    try:
        recipes = () if name == STAGING else entry(name).recipes()
        return "installed" if all(map(is_installed, recipes)) else "not installed"
    except CockpitError as error:
        return f"not installable: {error}"


def install_everything() -> int:
    """Install all that tests use, whatever fails among it; return 1 when something did."""
    works = [partial(install_all, name) for name in NAMES] + [partial(install, client) for client in CLIENTS]
    return max(map(succeeds, works))


def succeeds(work: Callable[[], object]) -> int:
    """Do a piece of work and return the exit code; say what went wrong."""
    try:
        work()
    except CockpitError as error:
        print(told(error), file=sys.stderr)
        return error.exit_code
    return 0


def told(error: CockpitError) -> str:
    """Return an error in words."""
    return f"{error.title}: {error}\n{error.hint}".rstrip()


DOES = {"up": bring_up, "down": take_down, "status": show, "install": install_one}


def main(arguments: list[str]) -> int:
    """Do what the command line asks for and return the exit code."""
    asked = parser().parse_args(arguments)
    try:
        if asked.verb == "staging":
            show_staging(bring_up_staging(asked.port))
            return 0
        if asked.verb == "install" and not asked.names:
            return install_everything()
        held = HELD if asked.verb in ("down", "status") else NAMES
        for name in asked.names:
            name in held or entry(name)
        for name in asked.names or held:
            DOES[asked.verb](name)
    except CockpitError as error:
        print(told(error), file=sys.stderr)
        return error.exit_code
    if asked.verb == "status":
        print(f"folder: {cache_root()}")
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # so that `| head` ends it without a word
    raise SystemExit(main(sys.argv[1:]))
