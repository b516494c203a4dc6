"""Folders and disks that can't be written: one message, the right exit code, and what was recorded stays readable."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import NOTHING, REFERENCE, ROOT, Answer, Cli, check_fit

NOBODY = 65534

AS_NOBODY = f"""
import contextlib, io, os, sys, tempfile
from cockpit.cli import run
# Imported while that is still allowed: the interpreter may lie where only its owner can read.
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    with tempfile.TemporaryDirectory() as warm:
        run([*{NOTHING!r}, "--data", warm])
        for words in (["status"], ["log", "verify", "INC-0001"], ["score", "INC-0001"], ["status", "INC-0009"]):
            run([*words, "--data", warm])
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid({NOBODY})
    os.setuid({NOBODY})
sys.exit(run(sys.argv[1:]))
"""

ON_A_FULL_DISK = """
import resource, signal, sys
from cockpit.cli import run
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
sys.exit(run(sys.argv[2:]))
"""


def answered(program: str, *arguments: str) -> Answer:
    """Run a program in a process of its own."""
    command = [sys.executable, "-c", program, *arguments]
    env = {**os.environ, "XDG_CONFIG_HOME": "/nowhere"}
    ended = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=env, check=False, timeout=60)
    return check_fit(Answer(ended.returncode, ended.stdout, ended.stderr))


@pytest.fixture
def locked(night: Path) -> Iterator[Path]:
    """A folder of nobody's with the Acme night in it; not under tmp_path, which other users can't even enter."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    data = folder / "data"
    shutil.copytree(night, data)
    if os.geteuid() == 0:
        for path in (data, *data.iterdir()):
            os.chown(path, NOBODY, NOBODY)
    yield data
    data.chmod(0o700)
    shutil.rmtree(folder)


@pytest.mark.integration
def test_a_read_only_folder_is_read_and_never_written(locked: Path) -> None:
    locked.chmod(0o500)
    at = ("--data", str(locked))
    assert answered(AS_NOBODY, "score", "INC-0001", "--json", *at).json["parts"]["outcome"] > 0.9
    refused = answered(AS_NOBODY, *NOTHING, *at)
    assert (refused.code, refused.out) == (1, "")
    assert "read-only" in refused.err
    assert str(locked) in refused.err


@pytest.mark.integration
def test_a_folder_that_may_not_be_entered(locked: Path) -> None:
    locked.chmod(0o000)
    for command in (("status",), NOTHING):
        answer = answered(AS_NOBODY, *command, "--data", str(locked))
        assert answer.code == 2
        assert str(locked) in answer.err


@pytest.mark.integration
def test_a_folder_that_can_not_be_made(locked: Path) -> None:
    locked.chmod(0o500)
    answer = answered(AS_NOBODY, *NOTHING, "--data", str(locked / "new" / "folder"))
    assert (answer.code, answer.out) == (1, "")
    assert "Permission denied" in answer.err


@pytest.mark.integration
@pytest.mark.parametrize("limit", [0, 4096, 30_000, 62_000, 75_000])
def test_a_full_disk_leaves_what_was_recorded(played: Cli, limit: int) -> None:
    lines = played("log", "show", "INC-0001", "--json").out
    answer = answered(ON_A_FULL_DISK, str(limit), *REFERENCE, "--data", str(played.data))
    assert (answer.code, answer.out) == (1, "")
    assert "The journal can't be written" in answer.err
    assert len(answer.err.splitlines()) == 2
    assert played("log", "verify", "INC-0001").code == 0
    assert played("log", "show", "INC-0001", "--json").out == lines
    assert played(*NOTHING).code == 0, "once there is room again, it goes on"


def test_a_full_disk_from_the_first_byte(cli: Cli) -> None:
    answer = answered(ON_A_FULL_DISK, "0", *NOTHING, "--data", str(cli.data))
    assert (answer.code, answer.out) == (1, "")
    assert cli("status").code == 0
    assert cli(*NOTHING).code == 0


@pytest.mark.parametrize("place", ["file", "file/below", "file/below/more"])
def test_a_file_where_the_folder_should_be(cli: Cli, tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("mine")
    for command in (("status",), ("log", "verify", "INC-0001"), ("score", "INC-0001"), NOTHING):
        answer = cli.plain(*command, "--data", str(tmp_path / place))
        assert answer.code == 2
        assert str(tmp_path / place) in answer.err
    assert (tmp_path / "file").read_text() == "mine"


def test_a_missing_folder_is_made_only_to_play(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there" / "yet"
    assert cli.plain("status", "--data", str(folder)).code == 0
    assert not folder.exists()
    assert cli.plain(*NOTHING, "--data", str(folder)).code == 0
    assert folder.stat().st_mode & 0o777 == 0o700
