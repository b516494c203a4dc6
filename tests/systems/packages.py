"""The package managers systems come from: pip (or uv, where it is there and works), npm, and Debian's PostgreSQL."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.systems.cache import Recipe, install, say
from tests.systems.failures import InstallFailed, SystemMissing

CEILING = 900.0
"""Seconds that one call of a package manager may take."""

PAUSES_S = (5.0, 20.0)
"""How long to wait before a download that failed is tried again, each time."""
NODE_VERSION = "22.23.3"


def run(
    command: Sequence[str], *, folder: Path, env: Mapping[str, str] | None = None, ceiling: float = CEILING
) -> str:
    """Run one step of an install and return what it printed.

    Raises:
        InstallFailed: it failed or took too long; its last words are in the message.
    """
    try:
        done = subprocess.run(
            command, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=ceiling,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise InstallFailed(f"{' '.join(command)} took more than {ceiling:.0f} s.") from error
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).splitlines()[-20:])
        raise InstallFailed(
            f"{' '.join(command)} failed in {folder}:\n{said}",
            hint="Check the network and the package manager's configuration, then try again.",
        )
    return done.stdout


def fetch(command: Sequence[str], *, folder: Path, env: Mapping[str, str] | None = None) -> str:
    """Run a step that downloads; where it fails it is tried again, since networks and registries have bad moments.

    Raises:
        InstallFailed: it failed each time.
    """
    for pause in PAUSES_S:
        try:
            return run(command, folder=folder, env=env)
        except InstallFailed as problem:
            say(f"{problem}\nIt is tried again in {pause:.0f} s …")
            time.sleep(pause)
    return run(command, folder=folder, env=env)


def found(program: str, debian: str) -> str:
    """Return the path of a program of this machine.

    Raises:
        SystemMissing: it is not there; the hint names Debian's package.
    """
    if path := shutil.which(program):
        return path
    raise SystemMissing(f"There is no {program} here.", hint=f"Debian, Ubuntu: apt install {debian}")


def python_environment(folder: Path, *requirements: str) -> None:
    """Make a virtual environment in a folder's `venv` with some packages in it."""
    venv = folder / "venv"
    uv = shutil.which("uv")
    if uv and by_uv(uv, venv, requirements):
        return
    run([sys.executable, "-m", "venv", "--clear", str(venv)], folder=folder)
    fetch([str(venv / "bin" / "python"), "-m", "pip", "install", "-q", *requirements], folder=folder)


def by_uv(uv: str, venv: Path, requirements: Sequence[str]) -> bool:
    """Make the environment with uv, which is several times faster; False where uv can't do it here."""
    python = str(venv / "bin" / "python")
    try:
        run([uv, "venv", "-q", "--python", sys.executable, str(venv)], folder=venv.parent)
        run([uv, "pip", "install", "-q", "--python", python, *requirements], folder=venv.parent)
    except InstallFailed:
        return False
    return True


def node_modules(folder: Path, *packages: str, scripts: bool = True) -> None:
    """Install npm packages into a folder's `node_modules`."""
    npm = found("npm", "nodejs npm")
    (folder / "package.json").write_text('{"private": true}\n', "utf-8")
    quiet = ["--silent", "--no-audit", "--no-fund", *([] if scripts else ["--ignore-scripts"])]
    fetch([npm, "install", *quiet, *packages], folder=folder)


NODE = Recipe("node", NODE_VERSION, 5, lambda folder: node_modules(folder, f"node@{NODE_VERSION}"))


def node() -> str:
    """Return the path of the pinned Node, installing it first where it is not there."""
    return str(install(NODE) / "node_modules" / "node" / "bin" / "node")
