"""What the tests of the golden set share: an endpoint that fails and then does not, a command line, a set."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.golden.files import write_case
from tests.cli.command import Cli
from tests.cli.conftest import clean_environment as clean_environment
from tests.golden.endpoint import Model
from tests.golden.making import leak_case


@pytest.fixture(scope="session")
def _model() -> Iterator[Model]:
    with Model() as model:
        yield model


@pytest.fixture
def model(_model: Model) -> Model:
    """The endpoint, well again."""
    _model.failures_left = 0
    _model.asked.clear()
    _model.keys.clear()
    return _model


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command line in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return Cli(capsys, tmp_path / "data")


@pytest.fixture
def golden(tmp_path: Path) -> Path:
    """A golden set with one case in it."""
    folder = tmp_path / "golden"
    write_case(folder, leak_case())
    return folder
