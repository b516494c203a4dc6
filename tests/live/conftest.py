"""A live incident on a toy system: settings, surroundings, runners."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from cockpit.domain.clock import WallClock
from cockpit.domain.playbook import Playbook
from cockpit.journal.log import Journal
from cockpit.journal.traces.store import TraceStore
from cockpit.live.open import Opening, Surroundings, join, opening
from cockpit.live.runner import LiveRunner
from cockpit.playbooks.loader import load_playbook, profile_text
from cockpit.world import registry
from cockpit.world.options import LiveOptions
from tests.live.brisk import _brisk as _brisk
from tests.live.toys import make_system, serving


@pytest.fixture(autouse=True)
def _toy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.BUILT_IN, "toy", "tests.live.toys:ToyAdapter")


class Stage:
    """A toy system, the service in front of it, and as many terminals on one incident as a test wants."""

    def __init__(self, folder: Path, stack: ExitStack, *, fresh: bool = True, url: str = "") -> None:
        self.folder = folder
        self.file = folder / "toy.json"
        if fresh:
            make_system(self.file, flag_answers=True, prompt_support="v3", share_answers=100.0)
        self._stack = stack
        self.url = url or stack.enter_context(serving(self.file))
        self.playbook: Playbook = load_playbook()
        self.table: dict[str, Any] = {"adapter": "toy", "file": str(self.file)}
        self.extra: dict[str, Any] = {}

    def live(self) -> LiveOptions:
        """Return what cockpit.toml would say."""
        return LiveOptions.model_validate({
            "service": {"name": "support"},
            "systems": {"toy": self.table},
            "levers": {
                "kill_switch": {"system": "toy", "control": "flag:answers"},
                "revert_prompt": {"system": "toy", "control": "prompt:support"},
            },
            "probes": {"chat": {"url": self.url}},
            "signals": {
                "error_pct": {"system": "toy", "measure": "bad", "threshold": 5, "harm": True, "baseline": 1}
            },
            "canary": {"system": "toy", "control": "share:answers"},
            **self.extra,
        })  # fmt: skip

    def journal(self) -> Journal:
        """Open the journal once more."""
        journal = Journal.open(self.folder / "journal.db", clock=WallClock())
        self._stack.callback(journal.close)
        return journal

    def open(self) -> str:
        """Open an incident."""
        told = Opening("answers are wrong", "ada")
        first = opening(told, self.live(), WallClock(), profile_text(), self.playbook)
        return self.journal().open_incident([first])

    def join(self, incident: str, actor: str = "ada") -> LiveRunner:
        """Sit down at one more terminal."""
        around = Surroundings(self.live(), lambda _: "", WallClock(), self.folder / f"{incident}.driver", {})
        store = TraceStore.open(self.folder / f"{incident}-{actor}.db")
        runner = join(self.journal(), store, incident, actor, around)
        self._stack.callback(runner.close)
        return runner


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A toy system with a service in front."""
    with ExitStack() as stack:
        yield Stage(tmp_path, stack)


def until(holds: Callable[[], Any], seconds: float = 60.0) -> Any:
    """Wait until something holds, and return it."""
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.02)
    return found
