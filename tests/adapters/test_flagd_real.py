"""The real OpenFeature provider watches the file: kill, undo and a canary of 5 %, until it notices."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest
from cockpit_adapters.flagd.specimen import FLAGS

from tests.adapters.test_flagd import connected, pull, with_targeting
from tests.systems.cache import install
from tests.systems.clients import FLAGD

pytestmark = pytest.mark.integration

LATEST_S = 5.0
"""The provider looks every 0.5 s; a busy machine gets ten times that."""

EVALUATE = """
import sys, logging
from openfeature import api
from openfeature.evaluation_context import EvaluationContext
from openfeature.contrib.provider.flagd import FlagdProvider
from openfeature.contrib.provider.flagd.config import ResolverType
logging.disable(logging.CRITICAL)
api.set_provider(FlagdProvider(resolver_type=ResolverType.FILE, offline_flag_source_path=sys.argv[1]))
client = api.get_client()
for line in sys.stdin:
    users = int(line)
    print(sum(client.get_boolean_value("answers", True, EvaluationContext(targeting_key=f"user-{number}",
          attributes={"tier": "internal"})) for number in range(users)), flush=True)
"""


@dataclass(slots=True)
class Application:
    """A process that asks the provider."""

    asked: IO[str]
    said: IO[str]

    def let_in(self, users: int) -> int:
        """Return how many users get the feature."""
        self.asked.write(f"{users}\n")
        self.asked.flush()
        return int(self.said.readline())

    def wait(self, users: int, wanted: range) -> float:
        """Wait until so many users get it; return the seconds."""
        begun = time.monotonic()
        while time.monotonic() - begun < LATEST_S:
            if self.let_in(users) in wanted:
                return time.monotonic() - begun
            time.sleep(0.01)
        raise AssertionError(f"{self.let_in(users)} of {users} users are let in, not {wanted}, after {LATEST_S} s")


@pytest.fixture
def application(tmp_path: Path) -> Iterator[Application]:
    """The file, and an application that watches it."""
    (tmp_path / "flags.json").write_text(FLAGS, "utf-8")
    command = [str(install(FLAGD) / "venv" / "bin" / "python"), "-c", EVALUATE, str(tmp_path / "flags.json")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield Application(process.stdin, process.stdout)
        process.kill()


def test_a_kill_holds_against_targeting_and_code_defaults(application: Application, tmp_path: Path) -> None:
    system = connected(tmp_path, with_targeting())
    assert application.let_in(10) == 10
    before = pull(system, "flag:answers", False)
    killed = application.wait(10, range(1))
    pull(system, "flag:answers", before)
    undone = application.wait(10, range(10, 11))
    print(json.dumps({"kill seen after s": round(killed, 2), "undo": round(undone, 2)}))


def test_a_canary_lets_in_its_share(application: Application, tmp_path: Path) -> None:
    system = connected(tmp_path)
    pull(system, "share:answers", 0)
    application.wait(10, range(1))
    pull(system, "share:answers", 5)
    seen = application.wait(10_000, range(430, 571))
    print(json.dumps({"canary seen after s": round(seen, 2), "of 10000": application.let_in(10_000)}))
    pull(system, "share:answers", 0)
    application.wait(1_000, range(1))
