"""The built wheel is whole: installed elsewhere and run from elsewhere, it finds its scenarios and its adapter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = {"injection-leak", "cost-runaway", "silent-model-update"}

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]


@dataclass(frozen=True, slots=True)
class Installed:
    """A cockpit installed from its wheel, run from a folder that has nothing to do with the checkout."""

    python: Path
    elsewhere: Path

    def run(self, *command: str) -> str:
        """Run a command of that environment and return what it printed."""
        return run([str(self.python), *command], self.elsewhere)


def run(command: Sequence[str], folder: Path) -> str:
    """Run a command with nothing of this checkout in its way; a failure shows all it said."""
    outside = {key: value for key, value in os.environ.items() if not key.startswith(("COCKPIT_", "PYTHON"))}
    done = subprocess.run(command, cwd=folder, env=outside, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Build the wheel and install it into an environment of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    wheels, venv = folder / "wheels", folder / "venv"
    run([sys.executable, "-m", "venv", str(venv)], folder)
    python = venv / "bin" / "python"
    run([str(python), "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(wheels), str(ROOT)], folder)
    (wheel,) = wheels.glob("*.whl")
    run([str(python), "-m", "pip", "install", "-q", str(wheel), "-c", str(ROOT / "constraints.txt")], folder)
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    return Installed(python, elsewhere)


def test_it_lists_the_three_scenarios(installed: Installed) -> None:
    listed = json.loads(installed.run("-m", "cockpit", "scenario", "list", "--json"))
    assert {one["name"] for one in listed} >= SHIPPED


def test_it_plays_a_drill(installed: Installed) -> None:
    data = str(installed.elsewhere / "data")
    command = ("-m", "cockpit", "drill", "injection-leak", "--headless", "--policy", "nothing", "--json")
    score = json.loads(installed.run(*command, "--data", data))
    assert score["format"] == "cockpit.score/1"
    assert score["parts"]["outcome"] == 0


def test_it_brings_its_command(installed: Installed) -> None:
    assert run([str(installed.python.with_name("cockpit")), "--version"], installed.elsewhere).startswith("cockpit ")


def test_its_adapter_is_announced(installed: Installed) -> None:
    told = installed.run(
        "-c",
        "from cockpit.world import registry as r; from importlib.metadata import entry_points as e;"
        "print(sorted(x.name for x in e(group=r.GROUP)) == sorted(r.BUILT_IN) == sorted(r.adapter_names()));"
        "print(all(r.load_adapter(name).name == name for name in r.BUILT_IN))",
    )
    assert told.split() == ["True", "True"]


def test_its_style_sheets_and_playbooks_came_along(installed: Installed) -> None:
    missing = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "cockpit").rglob("*")
        if path.suffix in (".tcss", ".yaml", ".typed")
        and not (installed_folder(installed) / path.relative_to(ROOT / "cockpit")).is_file()
    ]
    assert missing == []


def installed_folder(installed: Installed) -> Path:
    """Return where the package lies."""
    return Path(installed.run("-c", "import cockpit; print(cockpit.__path__[0])").strip())
