"""A range on toy systems: a gateway in a few lines, a flag and a prompt in a file."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cockpit.domain.clock import WallClock
from cockpit.journal.log import Journal
from cockpit.journal.traces.store import TraceStore
from cockpit.live.open import Surroundings
from cockpit.playbooks.loader import load_playbook, profile_text
from cockpit.range.open import RangeSetup, open_range
from cockpit.range.runner import RangeRunner
from cockpit.simulator.loader import load_scenario
from cockpit.world import registry
from cockpit.world.options import LiveOptions
from tests.live.brisk import _brisk as _brisk
from tests.live.toys import make_system
from tests.range.gateway import Gateway

if TYPE_CHECKING:
    from tests.systems import RunningSystem
    from tests.systems.staging import Staging


@dataclass(frozen=True)
class Staged:
    """Furnished staging systems, all real, by their names."""

    staging: Staging
    systems: dict[str, RunningSystem]


@pytest.fixture(scope="session")
def staged_systems(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staged]:
    """LiteLLM with two workers, Phoenix and Unleash, as `dev.py systems staging` has them."""
    from tests.systems import SystemMissing
    from tests.systems.staging import staged

    with ExitStack() as stack:
        try:
            found = stack.enter_context(staged(tmp_path_factory.mktemp("staging")))
        except SystemMissing as error:
            pytest.skip(f"{error} {error.hint}")
        yield Staged(*found)


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Field:
    """Everything a range needs, with the systems marked as staging."""

    def __init__(self, folder: Path, stack: ExitStack, *, fresh: bool = True) -> None:
        self.folder = folder
        self.stack = stack
        self.upstream, self.front = (f"127.0.0.1:{free_port()}" for _ in range(2))
        self.gateway = Gateway(self.upstream)
        stack.callback(self.gateway.close)
        self.file = folder / "toy.json"
        if fresh:
            make_system(self.file, flag_answers=True, prompt_support="v3", share_answers=100.0)
        toy = {"adapter": "toy", "file": str(self.file), "staging": True}
        self.table: dict[str, Any] = {
            "systems": {"toy": toy, "gate": {**toy, "url": self.gateway.url}},
            "levers": {
                "kill_switch": _lever("flag:answers", "x-flag"),
                "revert_prompt": _lever("prompt:support", "x-prompt-version"),
            },
            "probes": {"front": {"url": f"http://{self.front}"}},
            "canary": {"system": "toy", "control": "share:answers"},
            "range": {"upstream": self.upstream, "front": self.front, "prompts": {"v3": "v41", "v2": "v40"}},
        }

    def begin(self, scenario: str = "injection-leak", speed: float = 20.0, gateway: str = "gate") -> RangeRunner:
        """Begin a range."""
        journal = Journal.open(self.folder / "journal.db", clock=WallClock())
        self.stack.callback(journal.close)
        live = LiveOptions.model_validate(self.table)
        setup = RangeSetup(
            load_scenario(scenario), gateway, "ada", load_playbook(), profile_text(), seed=1, speed=speed
        )
        around = Surroundings(live, lambda _: "", WallClock(), self.folder, {})
        store = lambda incident: TraceStore.open(self.folder / f"{incident}.db")  # noqa: E731
        runner = open_range(journal, store, setup, around, lambda incident: self.folder / f"{incident}.driver")
        self.stack.callback(runner.close)
        return runner


def _lever(control: str, header: str) -> dict[str, Any]:
    proof = {"carrier": f"header:{header}", "expect": ["{shown}"]}
    return {"system": "toy", "control": control, "proof": proof}


@pytest.fixture
def field(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Field]:
    """Toy systems and a gateway."""
    monkeypatch.setitem(registry.BUILT_IN, "toy", "tests.live.toys:ToyAdapter")
    with ExitStack() as stack:
        yield Field(tmp_path, stack)
