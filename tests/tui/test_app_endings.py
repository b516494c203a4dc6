"""How the app ends: refused terminals, crashes without anybody's words, signals, and a stalled terminal."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cockpit.tui import crash
from cockpit.tui.app import CockpitApp
from cockpit.tui.launch import terminal_problem
from cockpit.tui.ports import TuiSettings
from tests.tui.driving import until
from tests.tui.fakes import FakeController

ROOT = Path(__file__).resolve().parents[2]

HOST = """
import sys
from cockpit.tui.app import CockpitApp
from cockpit.tui.launch import run
from tests.tui.fakes import FakeController
sys.exit(run(CockpitApp(lambda: FakeController())))
"""


@pytest.mark.parametrize(
    ("term", "encoding", "interactive", "said"),
    [
        ("xterm-256color", "utf-8", True, ""),
        ("xterm-256color", "UTF-8", True, ""),
        ("dumb", "utf-8", True, "TERM=dumb"),
        ("", "utf-8", True, "TERM=unset"),
        ("xterm", "latin-1", True, "UTF-8"),
        ("xterm", None, True, "UTF-8"),
        ("xterm", "no-such-codec", True, "UTF-8"),
        ("xterm", "utf-8", False, "pipe"),
    ],
)
def test_a_terminal_that_can_not_draw_is_told_the_way_out(
    term: str, encoding: str | None, interactive: bool, said: str
) -> None:
    problem = terminal_problem({"TERM": term}, encoding, interactive)
    assert said in problem
    assert bool(problem) == bool(said)
    assert "\n" not in problem
    assert not problem or "--headless" in problem


def test_a_pipe_is_refused_with_one_line_and_status_two() -> None:
    done = subprocess.run([sys.executable, "-c", HOST], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1


async def test_a_crash_keeps_a_private_report_without_anybody_s_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "state"
    secret = "sk-live-abcdefgh12345678"

    class Broken(FakeController):
        def snapshot(self) -> None:
            token = secret
            raise ValueError(f"could not reach mia@example.com with {token}")

    app = CockpitApp(lambda: Broken(), settings=TuiSettings(state_folder=folder))
    with pytest.raises(ValueError, match="could not reach"):
        async with app.run_test() as pilot:
            await until(pilot, lambda: app._exit)
    assert app.return_code == 1
    (report,) = folder.iterdir()
    assert report.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    text, printed = report.read_text(), capsys.readouterr().err
    assert "test_app_endings.py" in text
    for words in (secret, "mia@example.com"):
        assert words not in text
        assert words not in printed
    assert "ValueError" in printed
    assert "Traceback" not in printed


def test_reports_are_bounded_and_harmless() -> None:
    error = ValueError("\x1b]0;pwned\x07" + "x " * 10_000)
    assert "\x1b" not in crash.report(error)
    assert len(crash.report(error)) < 1000
    assert crash.keep(error, None) is None


def test_a_report_that_can_not_be_written_is_no_second_crash(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert crash.keep(ValueError("x"), tmp_path / "file" / "below") is None


@contextmanager
def on_a_terminal() -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run the app on a pseudo-terminal, with the drawing begun."""
    ours, theirs = pty.openpty()
    environ = {**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
    process = subprocess.Popen([sys.executable, "-c", HOST], cwd=ROOT, env=environ, stdin=theirs, stdout=theirs,
                               stderr=theirs, start_new_session=True)  # fmt: skip
    os.close(theirs)
    try:
        seen = b""
        end = time.monotonic() + 20
        while b"Next" not in seen and time.monotonic() < end:
            seen += os.read(ours, 65536)
        assert b"Next" in seen
        yield process, ours
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        os.close(ours)


def drain(terminal: int, process: subprocess.Popen[bytes], seconds: float) -> bytes:
    """Read what a program writes until it has ended."""
    seen, end = b"", time.monotonic() + seconds
    os.set_blocking(terminal, False)
    while time.monotonic() < end:
        try:
            seen += os.read(terminal, 65536)
        except BlockingIOError:
            if process.poll() is not None:
                break
            time.sleep(0.02)
        except OSError:
            break
    return seen


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_puts_the_terminal_back(number: signal.Signals) -> None:
    with on_a_terminal() as (process, terminal):
        process.send_signal(number)
        written = drain(terminal, process, 10)
        assert process.wait(5) == 128 + number, written.decode()[-600:]
    assert b"\x1b[?1049l" in written


@pytest.mark.integration
def test_a_stalled_terminal_can_not_keep_the_process_alive() -> None:
    with on_a_terminal() as (process, _):
        time.sleep(15)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(8) == 128 + signal.SIGTERM
        assert time.monotonic() - began < 5
