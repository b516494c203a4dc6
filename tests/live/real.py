"""A live incident on a real gateway: its cockpit.toml, its terminal, and callers who note what answered them."""

from __future__ import annotations

import threading
import time
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from cockpit.cli.live import attach_live, begin
from cockpit.domain.levers import LeverPull, Stage
from cockpit.live.runner import LiveRunner
from cockpit.playbooks.loader import profile_text

WINDOW_S = 20
"""Containment is judged over so many seconds here; two minutes would only make the test longer."""
CALLERS = 4
CALL_S = 20.0
PAUSE_S = 0.1


@dataclass
class Callers:
    """People who ask a route again and again, each time on a fresh connection, and note which deployment answered."""

    url: str
    key: str
    answers: list[tuple[datetime, str]] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> Callers:
        self._threads = [threading.Thread(target=self._keep_asking, daemon=True) for _ in range(CALLERS)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(CALL_S)

    def since(self, moment: datetime | None, until: datetime | None = None) -> list[tuple[datetime, str]]:
        """Return the answers to what was asked after a moment."""
        assert moment is not None
        return [one for one in self.answers if one[0] > moment and (until is None or one[0] <= until)]

    def _keep_asking(self) -> None:
        body = {"model": "support", "messages": [{"role": "user", "content": "hello"}]}
        headers = {"authorization": f"Bearer {self.key}"}
        while not self._stop.wait(PAUSE_S):
            asked = datetime.now(UTC)
            answer = httpx.post(self.url, json=body, headers=headers, trust_env=False, timeout=CALL_S)
            self.answers.append((asked, answer.headers.get("x-litellm-model-id", str(answer.status_code))))


def open_and_join(data: Path) -> LiveRunner:
    """Open an incident by the settings of XDG_CONFIG_HOME and sit down at it."""
    profile = data / "short.yaml"
    profile.parent.mkdir(parents=True, exist_ok=True)
    profile.write_text(f"{profile_text()}\ncontain_window: {WINDOW_S}s\n", "utf-8")
    given = Namespace(data=str(data), title="answers quote other customers", service="", responder="ada",
                      profile=str(profile))  # fmt: skip
    return attach_live(given, begin(given))


def pulled(runner: LiveRunner, lever: str, patience_s: float) -> LeverPull:
    """Pull a lever and wait until it is proven; while workers disagree about what is there, it is asked again."""
    end = time.monotonic() + patience_s
    while (done := runner.do("pull_lever", {"lever": lever}).result(60)).refused:
        assert time.monotonic() < end, done.refused
        time.sleep(2.0)
    op = str(done.events[0].get("op"))
    until(lambda: stage_of(runner, op) not in (Stage.PULLED, Stage.APPLIED, Stage.UNKNOWN), patience_s)
    pull = runner.session.state.pull(op)
    assert pull is not None
    assert pull.stage is Stage.PROVEN, (pull.stage, pull.reason)
    return pull


def undone(runner: LiveRunner, lever: str, patience_s: float) -> None:
    """Take a lever back and wait until that is proven too."""
    done = runner.do("undo_lever", {"lever": lever}).result(60)
    assert done.refused == ""
    op = str(done.events[0].get("op"))
    until(lambda: stage_of(runner, op) is Stage.PROVEN, patience_s)


def stage_of(runner: LiveRunner, op: str) -> Stage | None:
    """Return how far a change is."""
    pull = runner.session.state.pull(op)
    return pull.stage if pull else None


def until(look: Callable[[], Any], patience_s: float) -> Any:
    """Wait for something to be so."""
    end = time.monotonic() + patience_s
    while not (found := look()):
        assert time.monotonic() < end, f"it was not so within {patience_s:.0f} s"
        time.sleep(0.05)
    return found
