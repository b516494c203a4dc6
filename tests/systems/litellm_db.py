"""The LiteLLM proxy with PostgreSQL, so that its admin interface works.

LiteLLM reaches its database through Prisma, whose engine is a download of its own. Where that fails, a stand-in
engine from COCKPIT_LITELLM_DB_FIXTURE takes its place: a script for Node that runs Prisma's WebAssembly build. It
fakes transactions, which is good enough for tests and for nothing else.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.systems import litellm, postgres
from tests.systems.cache import Recipe, install, locked, say
from tests.systems.failures import InstallFailed, SystemMissing
from tests.systems.kept import ROOT
from tests.systems.packages import found, node_modules, run
from tests.systems.running import RunningSystem

CLIENT = "5.17.0"
"""The version of Prisma that the pinned Python client speaks to."""
ENGINE_COMMIT = "393aa359c9ad4a4bb28630fb5613f9c281cde053"
PACKAGES = (f"@prisma/client@{CLIENT}", f"@prisma/adapter-pg@{CLIENT}", "pg@8")
DATABASE = "litellm"
NAME_TYPES = {
    "    case ArrayColumnType.TEXT_ARRAY:": "    case 1003:\n",
    "    case ScalarColumnType.TEXT:": "    case 19:\n",
}
"""PostgreSQL's types `name[]` and `name`, which the adapter does not know and LiteLLM's views return."""
PARSERS = "var customParsers = {\n"


def stand_in() -> Path:
    """Return the folder of the stand-in engine.

    Raises:
        SystemMissing: there is none.
    """
    named = os.environ.get("COCKPIT_LITELLM_DB_FIXTURE")
    folder = Path(named) if named else ROOT.parent / "shared" / "tools" / "litellm-db"
    if (folder / "query-engine.js").is_file():
        return folder
    raise SystemMissing(
        "Prisma's engine could not be downloaded, and there is no stand-in for it here.",
        hint="Let COCKPIT_LITELLM_DB_FIXTURE name the folder that holds query-engine.js, or allow the download.",
    )


def recipe() -> Recipe:
    """Return how the engine is installed and a database with LiteLLM's tables is made."""
    return Recipe("litellm-db", f"{litellm.VERSION}-pg{postgres.major()}", 25, make)


def make(folder: Path) -> None:
    """Install an engine, generate the client, and fill a database to copy from."""
    python = litellm_python()
    package = Path(run([python, "-c", "import litellm; print(litellm.__path__[0])"], folder=folder).strip())
    schema = folder / "schema.prisma"
    text = (package / "proxy" / "schema.prisma").read_text("utf-8")
    schema.write_text(re.sub(r"binaryTargets = .*", 'binaryTargets = ["native"]', text), "utf-8")
    try:
        generate(folder)
    except InstallFailed:
        say("  Prisma's engine can't be downloaded here; the stand-in takes its place")
        install_stand_in(folder)
        generate(folder)
    make_template(folder, package.parent / "litellm_proxy_extras" / "migrations")


def litellm_python() -> str:
    """Return the Python that has LiteLLM, installing it first where it is not there."""
    return str(install(litellm.RECIPE) / "venv" / "bin" / "python")


def install_stand_in(folder: Path) -> None:
    """Put the stand-in and what it runs on into the folder `engine`."""
    engine = folder / "engine"
    engine.mkdir()
    node_modules(engine, *PACKAGES, scripts=False)
    teach_adapter(engine / "node_modules" / "@prisma" / "adapter-pg" / "dist" / "index.js")
    shutil.copyfile(stand_in() / "query-engine.js", engine / "query-engine")
    (engine / "schema-engine").write_text(f'#!/bin/sh\necho "schema-engine-cli {ENGINE_COMMIT}"\n', "utf-8")
    for program in ("query-engine", "schema-engine"):
        (engine / program).chmod(0o755)


def teach_adapter(source: Path) -> None:
    """Teach Prisma's adapter the types that LiteLLM's views return.

    Raises:
        InstallFailed: the adapter is written in another way than the known one.
    """
    text = source.read_text("utf-8")
    if not all(known in text for known in (*NAME_TYPES, PARSERS)):
        raise InstallFailed(f"{source} is not the adapter of Prisma {CLIENT} that is known here.")
    for line, case in NAME_TYPES.items():
        text = text.replace(line, case + line, 1)
    text = text.replace(PARSERS, f"{PARSERS}  1003: getTypeParser(ArrayColumnType.TEXT_ARRAY),\n", 1)
    source.write_text(text, "utf-8")


def engine_env(folder: Path) -> dict[str, str]:
    """Return where Prisma finds its parts."""
    own = {"PRISMA_HOME_DIR": str(folder / "prisma")}
    engine = folder / "engine"
    if not engine.is_dir():
        return own
    return {
        **own,
        "PRISMA_QUERY_ENGINE_BINARY": str(engine / "query-engine"),
        "PRISMA_QUERY_ENGINE_LIBRARY": str(engine / "query-engine"),
        "PRISMA_SCHEMA_ENGINE_BINARY": str(engine / "schema-engine"),
        "QE_FAKE_TX": "1",
    }


def search_path() -> str:
    """Return a PATH on which Prisma finds its generator first."""
    return os.pathsep.join((str(Path(litellm_python()).parent), os.environ.get("PATH", os.defpath)))


def generate(folder: Path) -> None:
    """Generate Prisma's client into LiteLLM's environment; fetches the engine where no stand-in is."""
    found("node", "nodejs npm")
    env = {**os.environ, **engine_env(folder), "PATH": search_path()}
    run(
        [litellm_python(), "-m", "prisma", "generate", "--schema", "schema.prisma"],
        folder=folder,
        env=env,
        ceiling=180,
    )


def ensure_client(folder: Path) -> None:
    """Generate Prisma's client again where LiteLLM's environment has been made anew since."""
    with locked(folder.with_name(f"{folder.name}.client.lock")):
        probe = "from importlib.util import find_spec as f; raise SystemExit(not f('prisma.client'))"
        if subprocess.run([litellm_python(), "-c", probe], capture_output=True, check=False).returncode:
            generate(folder)


def make_template(folder: Path, migrations: Path) -> None:
    """Make LiteLLM's tables once, in a data folder that every start copies."""
    with tempfile.TemporaryDirectory(prefix="cockpit-template-") as scratch:
        Path(scratch).chmod(0o711)  # so that the server's account gets in, and the data stays when the server ends
        server = postgres.start(Path(scratch), database=DATABASE)
        try:
            failed = [
                file.parent.name for file in sorted(migrations.glob("*/migration.sql")) if not apply(server, file)
            ]
            tables = postgres.sql(server, "select count(*) from information_schema.tables", DATABASE)
        finally:
            server.stop()
        say(f"  LiteLLM's database: {tables.strip()} tables and views, {len(failed)} migrations that do not apply")
        shutil.copytree((Path(scratch) / "data").resolve(), folder / "data", symlinks=True)


def apply(server: RunningSystem, migration: Path) -> bool:
    """Run a migration as far as it goes; some of LiteLLM's repeat what an earlier one did."""
    psql = [postgres.program("psql"), "-q", "-X", "-v", "ON_ERROR_STOP=1", postgres.database_url(server, DATABASE)]
    try:
        run([*psql, "-f", str(migration)], folder=server.folder)
    except InstallFailed:
        return False
    return True


def start(
    folder: Path,
    *,
    config: str | Path | None = None,
    provider: str = "",
    workers: int = 1,
    env: Mapping[str, str] | None = None,
    hook: Sequence[Path] = (),
    stay: bool = False,
) -> RunningSystem:
    """Start the proxy on a database of its own; the options are those of `litellm.start`."""
    made = install(recipe())
    ensure_client(made)
    store = folder / "postgres"
    store.mkdir(exist_ok=True)
    database = postgres.start(store, template=made / "data", stay=stay)
    with_database = {
        "PATH": search_path(),
        **engine_env(made),
        "DATABASE_URL": postgres.database_url(database, DATABASE),
        "STORE_MODEL_IN_DB": "True",
        "DISABLE_SCHEMA_UPDATE": "true",
        "LITELLM_SALT_KEY": "sk-salt-of-a-test",
        **(env or {}),
    }
    return litellm.start_proxy(
        "litellm-db", Path(litellm_python()), folder,
        config=config, provider=provider, workers=workers, env=with_database, hook=hook, stay=stay, needs=(database,),
    )  # fmt: skip
