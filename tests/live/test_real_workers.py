"""Two workers of LiteLLM that learn of a change in their own time: stored is not observed."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.live.real import Callers, open_and_join, pulled, undone, until

if TYPE_CHECKING:
    from tests.systems import RunningSystem

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

RELOAD_S = 30.0
"""PROXY_CONFIG_RELOAD_INTERVAL_SECONDS where nobody has set it."""
BUSY_S = 60.0
"""So much later a busy machine may be."""
SOON_S = 30.0
"""So soon after the last old answer the proof is there; a run of good answers that was broken has to be longer."""
SENT = timedelta(seconds=2)
"""So long after a pull the worker that took it answers anew; whoever answers as before is the other one."""
TRIES = 4
"""The second worker may reload by chance just after the pull; then nothing is shown, and it is pulled again."""

SETTINGS = """
[systems.gateway]
adapter = "litellm"
url = "{url}"
token = "file:{token}"
workers = 2
reload_s = 30.0
deadline_s = 10.0

[levers.fallback_model]
system = "gateway"
control = "alias:support"
target = "support-v1"

[probes.chat]
url = "{url}/v1/chat/completions"
token = "file:{token}"
body = {{ model = "support", messages = [{{ role = "user", content = "hello" }}] }}
"""


def enough(answers: list[tuple[datetime, str]]) -> list[tuple[datetime, str]]:
    """Return the answers when both workers must be among those who gave them."""
    return answers if len(answers) >= 40 else []


@pytest.fixture
def settings(litellm_db_two_workers: RunningSystem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunningSystem:
    """Write a cockpit.toml for two workers that nobody has tuned."""
    proxy, token = litellm_db_two_workers, tmp_path / "token"
    with os.fdopen(os.open(token, os.O_WRONLY | os.O_CREAT, 0o600), "w") as out:
        out.write(proxy.tokens["master"])
    file = tmp_path / "cockpit" / "cockpit.toml"
    file.parent.mkdir()
    file.write_text(SETTINGS.format(url=proxy.url, token=token), "utf-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return proxy


def test_no_proof_is_announced_while_the_second_worker_serves_the_old_one(
    settings: RunningSystem, tmp_path: Path
) -> None:
    url = f"{settings.url}/v1/chat/completions"
    with closing(open_and_join(tmp_path / "data")) as runner, Callers(url, settings.tokens["master"]) as callers:
        for _ in range(TRIES):
            pull = pulled(runner, "fallback_model", RELOAD_S + BUSY_S)
            stale = [one for one in callers.since(pull.pulled_at + SENT, pull.proven_at) if one[1] == "cfg-support"]
            if stale:
                break
            undone(runner, "fallback_model", RELOAD_S + BUSY_S)
        assert stale, "the second worker never served the old route, so nothing was shown"
        assert pull.applied_at
        assert pull.proven_at
        wait = until(lambda: enough(callers.since(pull.proven_at)), 60)
        told = [(at - pull.pulled_at).total_seconds() for at in (pull.applied_at, stale[-1][0], pull.proven_at)]
        print("stored after {:.1f} s, last old answer asked for at {:.1f} s, observed after {:.1f} s".format(*told))
        print(f"{len(stale)} old answers in between, {len(wait)} answers since")
        assert timedelta(0) < pull.proven_at - stale[-1][0] < timedelta(seconds=SOON_S)
        assert {served for _, served in wait} == {"cfg-support-v1"}
        undone(runner, "fallback_model", RELOAD_S + BUSY_S)
