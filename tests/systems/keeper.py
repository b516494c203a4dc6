"""Keeps one program: runs it, and ends it with all it started when told to, or when whoever wanted it is gone.

usage: python -m tests.systems.keeper TERMS COMMAND…

TERMS is the JSON of `Terms`. The end of the keeper's input is the sign that nobody wants the program any more,
whatever has ended them.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

from tests.systems.processes import descendants

DEATH_SIGNAL, SUBREAPER = 1, 36
"""Numbers of prctl(2): what a child gets when its parent dies; who inherits the children of the dead."""


def prctl(option: int, value: int) -> None:
    """Ask Linux for something about this process; nothing happens elsewhere."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed about a program.

    Attributes:
        folder: where it runs.
        ask: the name of the signal that asks it to end.
        grace: seconds that it has to end by itself before it is made to.
        user: whom it runs as; empty: as we are.
        stay: whether it goes on when nobody is there any more who wanted it.
        scratch: a folder that is thrown away after it; empty: none.
    """

    folder: str
    ask: str = "SIGTERM"
    grace: float = 8.0
    user: str = ""
    stay: bool = False
    scratch: str = ""


def begin(terms: Terms, command: list[str]) -> subprocess.Popen[bytes]:
    """Start the program in a session of its own."""
    account: dict[str, Any] = {"user": terms.user, "group": terms.user, "extra_groups": []} if terms.user else {}
    return subprocess.Popen(
        command,
        cwd=terms.folder,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=lambda: prctl(DEATH_SIGNAL, signal.SIGKILL),
        **account,
    )


def collect(kept: subprocess.Popen[bytes]) -> None:
    """Take note of every child that has ended, the inherited ones too."""
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            if ended[0] == kept.pid:
                kept.returncode = os.waitstatus_to_exitcode(ended[1])


def watch(kept: subprocess.Popen[bytes], wanted: list[int], news: socket.socket) -> None:
    """Wait until the program has ended, a signal asks for the end, or nobody wants it any more."""
    ends = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
    while kept.returncode is None:
        ready, _, _ = select.select([*wanted, news.fileno()], [], [])
        told = set(news.recv(64)) if news.fileno() in ready else set()
        collect(kept)
        if told & ends or set(ready) & set(wanted):
            return


def send(pid: int, number: int) -> None:
    """Signal a process that may be gone."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def left_over(kept: subprocess.Popen[bytes]) -> tuple[int, ...]:
    """Return what still runs of the program."""
    collect(kept)
    return descendants(os.getpid()) or ((kept.pid,) if kept.returncode is None else ())


def end(kept: subprocess.Popen[bytes], number: int, grace: float) -> None:
    """Ask the program to end, and after a while make everything end that is still there."""
    if kept.returncode is None:
        send(kept.pid, number)
    deadline = time.monotonic() + (grace if kept.returncode is None else min(grace, 1.0))
    while (left := left_over(kept)) and time.monotonic() < deadline:
        time.sleep(0.02)
    while left:
        for pid in left:
            send(pid, signal.SIGKILL)
        time.sleep(0.02)
        left = left_over(kept)


def main(agreed: str, *command: str) -> int:
    """Keep the program and return its exit code."""
    terms = Terms(**json.loads(agreed))
    prctl(SUBREAPER, 1)
    news, bell = socket.socketpair()
    bell.setblocking(False)
    signal.set_wakeup_fd(bell.fileno())
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, lambda *_: None)
    kept = begin(terms, list(command))
    watch(kept, [] if terms.stay else [sys.stdin.fileno()], news)
    crashed = kept.returncode is not None
    end(kept, signal.Signals[terms.ask], terms.grace)
    if terms.scratch:
        shutil.rmtree(terms.scratch, ignore_errors=True)
    return max(1, abs(kept.returncode or 0)) if crashed else 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
