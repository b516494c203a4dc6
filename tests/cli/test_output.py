"""Readers that go away, disks that are full, and terminals that speak little."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

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


@pytest.mark.parametrize("words", [LONG, SHORT, ("--help",), ("scenario", "schema")])
@pytest.mark.parametrize("reader", ["head -1", "true", "(exec <&-; sleep 0.1)"])
def test_a_reader_that_goes_away(words: tuple[str, ...], reader: str) -> None:
    ended = shell(f'"$@" | {reader}', *words)
    assert ended.stderr == ""
    assert ended.returncode in (0, 141)


def test_a_log_whose_reader_goes_away(night: Path) -> None:
    ended = shell('"$@" | head -1', "log", "show", "INC-0001", "--data", str(night))
    assert ended.stderr == ""
    assert ended.returncode in (0, 141), "1 would say that the journal does not hold"


@pytest.mark.parametrize("words", [LONG, ("scenario", "list")])
def test_a_full_disk_under_the_output(words: tuple[str, ...]) -> None:
    ended = shell('"$@" > /dev/full', *words)
    assert ended.returncode == 1
    assert ended.stderr == "cockpit: the output can't be written: No space left on device\n"


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&-", "<&- >&- 2>&-"])
def test_closed_streams(closed: str, tmp_path: Path) -> None:
    at = ("--data", str(tmp_path))
    for words in ((*LONG, *at), ("status", "INC-0001", *at), ("bogus",)):
        ended = shell(f'"$@" {closed}', *words)
        assert ended.returncode == (0 if words[:2] == LONG else 2)
        assert "Traceback" not in ended.stderr
        assert "Exception" not in ended.stderr


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_terminals_that_speak_little(encoding: str, night: Path) -> None:
    for words in (("log", "show", "INC-0001"), ("scenario", "show", "injection-leak")):
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
