"""PostgreSQL from Debian's package, or any on PATH: a server of its own on 127.0.0.1, without passwords.

The server refuses to run as root; started by root, it runs as the account that Debian's package makes.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from signal import SIGINT
from typing import Any

from tests.systems.cache import Recipe, install
from tests.systems.failures import InstallFailed, SystemMissing
from tests.systems.loopback import HOST, free_port
from tests.systems.packages import run
from tests.systems.running import Launch, RunningSystem, launch

DEBIAN = Path("/usr/lib/postgresql")
ACCOUNT = "postgres"
"""Debian's account for the server, and the name of its superuser."""
FASTER = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB")
"""The data lives as long as a test; nothing is lost that is wanted later."""


def program(name: str) -> str:
    """Return the path of one of PostgreSQL's programs, the newest version's.

    Raises:
        SystemMissing: PostgreSQL is not installed.
    """
    newest = max(DEBIAN.glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]), default=None)
    path = newest or shutil.which(name)
    if path is None:
        raise SystemMissing("PostgreSQL is not installed here.", hint="Debian, Ubuntu: apt install postgresql")
    return str(path)


def major() -> str:
    """Return PostgreSQL's major version, which decides who can read a data folder."""
    said = subprocess.run([program("postgres"), "--version"], capture_output=True, text=True, check=True).stdout
    return str(re.findall(r"\d+", said)[0])


def account() -> str:
    """Return whom the server runs as; empty: as we are."""
    return ACCOUNT if os.geteuid() == 0 else ""


def reachable(folder: Path) -> bool:
    """Tell whether the server's account gets into a folder."""
    if not account():
        return True
    probe = ["test", "-x", str(folder)]
    return subprocess.run(probe, user=account(), group=account(), extra_groups=[], check=False).returncode == 0


def data_folder(folder: Path) -> Path:
    """Return where the server's data goes: in the folder, or beside it where its account can't get in.

    Temporary folders of root are closed to everyone else; then `data` is a link to a folder that only the account
    can read.
    """
    data = folder / "data"
    if data.is_symlink() and not data.exists():
        data.unlink()  # it led to what an earlier server here threw away when it ended
    if data.exists() or reachable(folder):
        return data.resolve()
    data.symlink_to(tempfile.mkdtemp(prefix="cockpit-postgres-"))
    return data.resolve()


def hand_over(folder: Path) -> None:
    """Give a folder and all in it to the server's account."""
    if account():
        for path in everything(folder):
            shutil.chown(path, account(), account())
    folder.chmod(0o700)


def everything(folder: Path) -> Iterator[str]:
    """Return a folder and all that is in it."""
    for place, _, names in os.walk(folder):
        yield place
        yield from (os.path.join(place, name) for name in names)


def make_template(folder: Path) -> None:
    """Make an empty data folder to copy from: a copy is quicker than `initdb`."""
    with tempfile.TemporaryDirectory(prefix="cockpit-initdb-") as fresh:
        hand_over(Path(fresh))
        initdb = [program("initdb"), "-D", fresh, "-A", "trust", "-U", ACCOUNT, "-E", "UTF8", "--locale=C", "-N"]
        as_account(initdb)
        shutil.copytree(fresh, folder / "data", symlinks=True)


def as_account(command: list[str]) -> None:
    """Run a command as the server's account."""
    owner: dict[str, Any] = {"user": account(), "group": account(), "extra_groups": []} if account() else {}
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False, **owner)
    if done.returncode:
        raise InstallFailed(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def recipe() -> Recipe:
    """Return how an empty data folder is made; nothing is downloaded."""
    return Recipe("postgres", major(), 2, make_template)


def start(folder: Path, *, template: Path | None = None, database: str = "", stay: bool = False) -> RunningSystem:
    """Start a server.

    Args:
        folder: where its log goes, and its data where that can be.
        template: a data folder to copy; an empty one by default.
        database: a database to make.
        stay: whether it goes on when this process ends.
    """
    data = data_folder(folder)
    if not (data / "PG_VERSION").exists():
        shutil.copytree(template or install(recipe()) / "data", data, symlinks=True, dirs_exist_ok=True)
        hand_over(data)
    port = free_port()
    url = f"postgresql://{ACCOUNT}@{HOST}:{port}"
    settings = (f"listen_addresses={HOST}", f"port={port}", "unix_socket_directories=", *FASTER)
    command = [program("postgres"), "-D", str(data), *(part for one in settings for part in ("-c", one))]
    ready = [program("pg_isready"), "-q", "-h", HOST, "-p", str(port)]
    system = launch(
        Launch(
            "postgres", f"{url}/{ACCOUNT}", command, folder, ask=SIGINT, user=account(), ceiling=30, stay=stay,
            cwd=data, scratch=None if data.parent == folder.resolve() else data,
            ready=lambda: subprocess.run(ready, check=False).returncode == 0,
        )
    )  # fmt: skip
    if database:
        make_database(system, database)
    return system


def make_database(system: RunningSystem, name: str) -> None:
    """Make a database that is not there yet."""
    there = sql(system, f"select count(*) from pg_database where datname = '{name}'")
    if there.strip() == "0":
        sql(system, f'create database "{name}"')


def database_url(system: RunningSystem, name: str, scheme: str = "postgresql") -> str:
    """Return the address of one of a server's databases."""
    address = system.url.partition("://")[2].rpartition("/")[0]
    return f"{scheme}://{address}/{name}"


def sql(system: RunningSystem, statement: str, database: str = ACCOUNT) -> str:
    """Run a statement and return what it answers, without decoration."""
    psql = [program("psql"), "-q", "-A", "-t", "-X", "-v", "ON_ERROR_STOP=1", database_url(system, database)]
    return run([*psql, "-c", statement], folder=system.folder)
