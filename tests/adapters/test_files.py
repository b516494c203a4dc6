"""Adapters that work on files: what is missing, broken or closed to them is told, and nothing is half written."""

from __future__ import annotations

import os
import pickle
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from cockpit.domain.levers import Stage
from cockpit.errors import CockpitError, WorldError
from cockpit.world.contract import Deadline, Verdict
from cockpit.world.saga import carry_out, same
from cockpit.world.specimen import Specimen
from tests.adapters.subjects import FILED, Trial, name_of, order, trial

NOBODY = 65_534


@pytest.fixture(params=FILED, ids=name_of)
def specimen(request: pytest.FixtureRequest) -> Specimen:
    found: Specimen = request.param
    return found


def files(folder: Path) -> list[Path]:
    """Return the files that people would edit there."""
    return [path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts]


def garbage(path: Path) -> None:
    """Overwrite a file with what is neither text nor a document."""
    path.write_bytes(b"\x00\xff\xfe{{{: [\n\t- ]" * 9)


def emptied(path: Path) -> None:
    """Leave nothing in a file."""
    path.write_bytes(b"")


def missing(path: Path) -> None:
    """Remove a file."""
    path.unlink()


def folder_instead(path: Path) -> None:
    """Put a folder where the file was: not even root reads that."""
    path.unlink()
    path.mkdir()


DAMAGES: tuple[Callable[[Path], None], ...] = (garbage, emptied, missing, folder_instead)


def contents(folder: Path) -> dict[str, bytes]:
    """Return what lies in the files."""
    return {str(path): path.read_bytes() for path in files(folder)}


def value_now(tried: Trial) -> Any:
    """Return the value, or the error that stands in its place."""
    try:
        return tried.direct.read(tried.specimen.address, Deadline(5)).value
    except WorldError as problem:
        return problem


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda one: one.__name__)
def test_what_is_damaged_is_told_of_and_left_alone(
    specimen: Specimen, damage: Callable[[Path], None], tmp_path: Path
) -> None:
    with trial(specimen, tmp_path) as tried:
        plan = tried.planned()
        for path in files(tmp_path):
            damage(path)
        left = contents(tmp_path)
        result = carry_out(tried.system, plan, 3.0)
        now = value_now(tried)
        if result.stage is Stage.APPLIED:
            assert same(now, specimen.want), "called applied, and it is not there"
        else:
            assert result.stage is Stage.REFUSED, result
            assert result.reason
            assert contents(tmp_path) == left
        with suppress(WorldError):
            findings = tried.system.check(Deadline(5))
            told = [one for one in findings if one.verdict is not Verdict.FINE]
            assert told or not isinstance(now, WorldError), "the doctor saw nothing"


def test_changes_leave_no_litter(specimen: Specimen, tmp_path: Path) -> None:
    with trial(specimen, tmp_path) as tried:
        assert carry_out(tried.system, tried.planned(), 5.0).stage is Stage.APPLIED
        after_one = set(contents(tmp_path))
        for number, value in enumerate((specimen.first, specimen.want, specimen.first)):
            plan = order(tried.system, specimen, value, f"L{number + 2}")
            assert carry_out(tried.system, plan, 5.0).stage is Stage.APPLIED
        assert set(contents(tmp_path)) <= after_one


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Give a folder that other users can walk into."""
    folder = Path(tempfile.mkdtemp(prefix="cockpit-specimen-"))
    folder.chmod(0o755)
    yield folder
    for path in (folder, *folder.rglob("*")):
        if path.is_dir():
            path.chmod(0o755)
    shutil.rmtree(folder)


def as_nobody(work: Callable[[], Any]) -> Any:
    """Return what work returns for a user to whom modes apply; root gives up being root in a process of its own."""
    if os.geteuid() != 0:
        return work()
    reader, writer = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            os.environ["HOME"] = "/nonexistent"
            os.write(writer, pickle.dumps(work()))
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as answer:
        content = answer.read()
    os.waitpid(pid, 0)
    return pickle.loads(content)


def test_in_a_folder_that_is_read_only_nothing_is_called_applied(specimen: Specimen, open_folder: Path) -> None:
    with trial(specimen, open_folder) as tried:
        plan, left = tried.planned(), contents(open_folder)
        for path in (open_folder, *open_folder.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)

        def pull() -> tuple[Stage, str]:
            result = carry_out(tried.system, plan, 2.0)
            return result.stage, result.reason

        stage, reason = as_nobody(pull)
        assert stage is Stage.REFUSED, reason
        assert reason
        assert contents(open_folder) == left


def test_a_file_that_may_not_be_read_is_told_of(specimen: Specimen, open_folder: Path) -> None:
    with trial(specimen, open_folder) as tried:
        closed = files(open_folder)
        for path in closed:
            path.chmod(0)
        kept_elsewhere = not closed or any(open_folder.rglob(".git"))

        def look() -> str:
            try:
                return repr(tried.system.read(specimen.address, Deadline(5)))
            except CockpitError as problem:
                return f"told: {problem.message}"

        assert as_nobody(look).startswith("told: ") or kept_elsewhere
