"""Real terminals push: one is killed while the tracker answers, several push at once; there is one ticket."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cockpit_adapters.github.fake import FakeGitHub

from cockpit.world.specimen import Asked, Said
from tests.adapters.served import Served
from tests.cli.test_action_push import INCIDENT, over

pytestmark = [pytest.mark.integration, pytest.mark.timeout(180)]


class Slow(FakeGitHub):
    """Makes an issue and then keeps whoever asked waiting, until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.holds = False
        self.made = threading.Event()

    def answer(self, asked: Asked) -> Said:
        """Answer one request."""
        said = super().answer(asked)
        if self.holds and asked.method == "POST":
            self.made.set()
            time.sleep(1.5)
        return said


@pytest.fixture
def github() -> Slow:
    """A repository."""
    return Slow()


@pytest.fixture
def env(github: Slow, tmp_path: Path) -> Iterator[dict[str, str]]:
    """A real incident and its tracker, for commands in processes of their own."""
    with Served(github) as served:
        told = {"url": served.url, "token": "env:T", "repository": "acme/ops", "deadline_s": 2.0}
        over(tmp_path / "data")
        mine = {"XDG_CONFIG_HOME": str(tmp_path), "COCKPIT_DATA_DIR": str(tmp_path / "data"), "T": "t0ken-of-it"}
        yield {**os.environ, **mine, "COCKPIT_SYSTEMS": json.dumps({"code": {"adapter": "github", **told}})}


def begin(env: dict[str, str], *more: str) -> subprocess.Popen[str]:
    """Start a push of one item."""
    command = [sys.executable, "-m", "cockpit", "action", "push", INCIDENT, "fixture", "--json", *more]
    return subprocess.Popen(command, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_a_killed_push_leaves_one_ticket_that_the_next_one_finds(github: Slow, env: dict[str, str]) -> None:
    github.holds = True
    first = begin(env)
    assert github.made.wait(60)
    first.kill()
    first.wait(10)
    first.communicate()
    github.holds = False
    out, err = begin(env).communicate(timeout=90)
    (row,) = json.loads(out)
    assert (row["state"], row["ticket"]) == ("made", "#1"), err
    assert github.applied == 1


def test_terminals_that_push_at_once_make_one_ticket(github: Slow, env: dict[str, str]) -> None:
    pushes = [begin(env, "--wait", "60") for _ in range(5)]
    rows = [json.loads(one.communicate(timeout=120)[0])[0] for one in pushes]
    assert {(row["state"], row["ticket"]) for row in rows} == {("made", "#1")}
    assert github.applied == 1


def retried(env: dict[str, str], line: int) -> subprocess.Popen[str]:
    """Have a terminal bring there what a push has left open."""
    command = [sys.executable, "-m", "cockpit", "channels", "retry", INCIDENT, str(line), "code: ticket fixture"]
    more = ["--wait", "40", "--json"]
    return subprocess.Popen([*command, *more], env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_a_terminal_that_is_killed_while_it_brings_a_ticket_leaves_one(github: Slow, env: dict[str, str]) -> None:
    github.said = Said(410, {"message": "Issues are disabled"})
    begin(env, "--wait", "0").communicate(timeout=60)
    github.said = None
    listed = [sys.executable, "-m", "cockpit", "channels", "sent", INCIDENT, "--json"]
    line = json.loads(subprocess.run(listed, env=env, capture_output=True, text=True, check=False).stdout)[0][
        "update"
    ]
    github.holds = True
    first = retried(env, line)
    assert github.made.wait(60)
    first.kill()
    first.communicate()
    github.holds = False
    out, err = begin(env, "--wait", "60").communicate(timeout=90)
    (row,) = json.loads(out)
    assert (row["state"], row["ticket"]) == ("made", "#1"), err
    assert github.applied == 1
