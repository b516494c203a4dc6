"""Somebody's cat on the keyboard: any keys in any order neither crash the app nor bend the incident."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from textual import _wait

from cockpit.domain.events import Kind
from cockpit.domain.incident import fold
from cockpit.domain.parts import ROLES
from cockpit.tui.actions import COMMANDS
from cockpit.tui.app import CockpitApp
from tests.tui.driving import SIZES, until
from tests.tui.fakes import FakeController

BATCH = 12
MOVES = (
    "enter", "escape", "up", "down", "left", "right", "pageup", "pagedown", "home", "end", "space", "backspace",
    "slash", "tab", "shift+tab", "ctrl+p", "ctrl+s", "ctrl+k", "d", "x", "h", "G", "j", "0", "9", "A", "[",
)  # fmt: skip
RARE = ("b", "q")
"""These end the drill or leave, and what follows would be less of a test."""
KEYS = [key for command in COMMANDS for key in command.keys if key not in RARE]


def key_stream(seed: int) -> Iterator[str]:
    """Press command keys and moving keys alike; escape often enough to come back from everywhere."""
    dice = random.Random(seed)
    while True:
        rare = dice.choice(RARE) if dice.random() < 0.1 else "escape" if dice.random() < 0.4 else "enter"
        yield dice.choice((dice.choice(KEYS), dice.choice(MOVES), rare))


def check(controller: FakeController) -> None:
    """Hold the incident against what must always be true."""
    state, log = controller.session.state, controller.session.log
    assert fold(log) == state
    assert [event.seq for event in log] == list(range(1, len(log) + 1))
    assert all(event.kind is not Kind.LEVER_PULLED for event in log), "a lever was pulled without its code"
    held = [hold.role for hold in state.command.holds if hold.until is None]
    assert len(held) == len(set(held))
    assert set(held) <= set(ROLES)


async def play(seed: int, steps: int) -> None:
    """Press keys, let time pass, change the size, and start the app again whenever it was left."""
    controller, keys, dice = FakeController(), key_stream(seed), random.Random(seed + 1)
    left = steps
    while left > 0:
        if controller.session.state.ended:
            controller = FakeController()
        app = CockpitApp(lambda controller=controller: controller)
        async with app.run_test(size=dice.choice(list(SIZES.values()))) as pilot:
            await until(pilot, lambda app=app: app.latest is not None)  # type: ignore[misc]
            while left > 0 and not app._exit:
                await pilot.press(*(next(keys) for _ in range(BATCH)))
                left -= BATCH
                if dice.random() < 0.3:
                    controller.move(dice.uniform(1, 60))
                if dice.random() < 0.05 and not app._exit:
                    await pilot.resize_terminal(*dice.choice([(30, 10), *SIZES.values()]))
                check(controller)
        assert app.return_code in (None, 0)


@pytest.fixture(autouse=True)
def painting() -> None:
    """Draw after every key, as a terminal does."""


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """After each key the pilot sleeps until the app is idle; shorter naps make ten thousand keys affordable."""
    monkeypatch.setattr(_wait, "SLEEP_GRANULARITY", 0.004)
    monkeypatch.setattr(_wait, "SLEEP_IDLE", 0.002)


@pytest.mark.filterwarnings("error")
async def test_random_keys() -> None:
    await play(seed=7, steps=120)


@pytest.mark.integration
@pytest.mark.timeout(1800)
@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
async def test_ten_thousand_random_keys(seed: int) -> None:
    await play(seed, steps=2000)
