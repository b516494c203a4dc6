"""What the tests of the command line share: a clean environment, and one night that has been played."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from cockpit.cli import run
from cockpit.drill.score import whatif
from cockpit.world import registry
from tests.cli.command import BY_SCRIPT, Cli
from tests.cli.toy_team import Team
from tests.live.brisk import _brisk as _brisk
from tests.live.toys import make_system, serving


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take away what the machine's user has set."""
    for name in [name for name in os.environ if name.startswith("COCKPIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg-data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "xdg-state"))


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Cli:
    """The command line on an empty data folder."""
    return Cli(capsys, tmp_path / "data")


@pytest.fixture(scope="session")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the Acme night in it as INC-0001; not to be written to."""
    folder = tmp_path_factory.mktemp("night")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        assert run([*BY_SCRIPT, "--data", str(folder / "data")]) == 0
    return folder / "data"


@pytest.fixture
def played(capsys: pytest.CaptureFixture[str], tmp_path: Path, night: Path) -> Cli:
    """The command line on a copy of the Acme night."""
    return Cli(capsys, Path(shutil.copytree(night, tmp_path / "played")))


@pytest.fixture
def few_what_ifs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let debriefs try levers every fifteen minutes only, where nobody asks what would have been better."""
    monkeypatch.setattr(whatif, "STEP", timedelta(minutes=15))


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Team]:
    """A team whose systems are all well, with a service in front that carries what is stored."""
    monkeypatch.setitem(registry.BUILT_IN, "toy", "tests.live.toys:ToyAdapter")
    file = make_system(tmp_path / "toy.json", flag_answers=True, prompt_support="v3", share_answers=100.0)
    with ExitStack() as stack:
        yield Team(file, stack.enter_context(serving(file)))
