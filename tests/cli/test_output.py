"""Readers that go away, disks that are full, and terminals that speak little."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cockpit.cli import run
from cockpit.errors import Stumbled
from tests.cli.command import ROOT

COCKPIT = (sys.executable, "-m", "cockpit")
LONG = ("actions", "--json")
SHORT = ("--version",)


def shell(line: str, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a line of bash in which "$@" is a cockpit command."""
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {line}", "-", *COCKPIT, *words],
        capture_output=True,
        text=True,
        errors="replace",
        cwd=ROOT,
        env={**os.environ, **env},
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(("reader", "words"), [("head -1", LONG), ("true", SHORT)])
def test_a_reader_that_goes_away(words: tuple[str, ...], reader: str) -> None:
    check_reader(words, reader)


@pytest.mark.integration
@pytest.mark.parametrize("words", [LONG, SHORT, ("--help",), ("scenario", "schema")])
@pytest.mark.parametrize("reader", ["head -1", "true", "(exec <&-; sleep 0.1)"])
def test_any_reader_that_goes_away(words: tuple[str, ...], reader: str) -> None:
    check_reader(words, reader)


def check_reader(words: tuple[str, ...], reader: str) -> None:
    ended = shell(f'"$@" | {reader}', *words)
    assert ended.stderr == ""
    assert ended.returncode in (0, 141)


def test_a_log_whose_reader_goes_away(night: Path) -> None:
    ended = shell('"$@" | head -1', "log", "show", "INC-0001", "--data", str(night))
    assert ended.stderr == ""
    assert ended.returncode in (0, 141), "1 would say that the journal does not hold"


@pytest.mark.parametrize("words", [LONG, pytest.param(("scenario", "list"), marks=pytest.mark.integration)])
def test_a_full_disk_under_the_output(words: tuple[str, ...]) -> None:
    ended = shell('"$@" > /dev/full', *words)
    assert ended.returncode == 1
    assert ended.stderr == "cockpit: the output can't be written: No space left on device\n"


def test_all_streams_closed(tmp_path: Path) -> None:
    check_closed("<&- >&- 2>&-", LONG, tmp_path)


@pytest.mark.integration
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&-", "<&- >&- 2>&-"])
def test_any_streams_closed(closed: str, tmp_path: Path) -> None:
    check_closed(closed, LONG, tmp_path)
    check_closed(closed, ("status", "INC-0001"), tmp_path)
    ended = shell(f'"$@" {closed}', "bogus")
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr


def check_closed(closed: str, words: tuple[str, ...], folder: Path) -> None:
    ended = shell(f'"$@" {closed}', *words, "--data", str(folder))
    assert ended.returncode == (0 if words == LONG else 2)
    assert "Traceback" not in ended.stderr
    assert "Exception" not in ended.stderr


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("ascii", ("log", "show", "INC-0001")),
        pytest.param("latin-1", ("log", "show", "INC-0001"), marks=pytest.mark.integration),
        pytest.param("ascii", ("scenario", "show", "injection-leak"), marks=pytest.mark.integration),
        pytest.param("latin-1", ("scenario", "show", "injection-leak"), marks=pytest.mark.integration),
    ],
)
def test_terminals_that_speak_little(encoding: str, words: tuple[str, ...], night: Path) -> None:
    ended = shell('"$@"', *words, "--data", str(night), PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert ended.returncode == 0
    assert ended.stderr == ""


@pytest.mark.integration
def test_interrupted_at_the_keyboard(tmp_path: Path) -> None:
    ended = shell(
        'timeout -s INT -k 5 0.9 "$@"', "drill", "silent-model-update", "--headless", "--policy", "reference",
        "--data", str(tmp_path),
    )  # fmt: skip
    assert "Traceback" not in ended.stderr
    assert ended.returncode in (0, 124, 130)


@pytest.mark.parametrize("problem", [KeyError("Ada's own words"), Stumbled(KeyError("Ada's own words"))])
def test_what_nobody_foresaw_is_told_in_one_message_and_where_it_happened_is_kept(
    problem: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def show(given: object) -> int:
        raise problem

    monkeypatch.setattr("cockpit.cli.registry.show", show)
    assert run(["actions", "--data", str(tmp_path)]) == 1
    told = capsys.readouterr().err
    assert "An error of its own: KeyError" in told
    kept = Path(told.strip().rpartition("written in ")[2].rstrip("."))
    assert "KeyError" in kept.read_text("utf-8")
