"""Every drill, played from the page to the debrief by keys alone, on the real simulator and a real journal."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from cockpit.domain.clock import WallClock
from cockpit.domain.incident import IncidentState
from cockpit.domain.levers import Stage
from cockpit.drill.attach import attach_runner
from cockpit.drill.open import Setup, begin
from cockpit.drill.runner import DrillRunner
from cockpit.journal.log import Journal
from cockpit.journal.traces.store import TraceStore
from cockpit.tui.app import CockpitApp
from tests.tui.driving import SIZES, cockpit, screen_text, until
from tests.tui.stage import slowly, type_code

BEST = {"injection-leak": "kill_switch", "cost-runaway": "disable_tool", "silent-model-update": "pin_model"}
LADDER = (
    "revert_prompt", "pin_model", "disable_tool", "guardrail_block", "fallback_model", "cap_cost", "kill_switch",
)  # fmt: skip

POINTS = range(9)
"""The all-clear's checklist is no longer than that."""


class Wall:
    """Time that passes by itself, and can be made to pass."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead


class Player:
    """Presses keys, looks at the state, and lets time pass."""

    def __init__(self, app: CockpitApp, pilot: Pilot[None], runner: DrillRunner, wall: Wall) -> None:
        self.app, self.pilot, self.runner, self.wall = app, pilot, runner, wall

    @property
    def state(self) -> IncidentState:
        """The incident as the screen knows it."""
        assert self.app.latest is not None
        return self.app.latest.state

    async def keys(self, *keys: str) -> None:
        await slowly(self.pilot, *keys)

    async def until(self, holds: Callable[[], bool]) -> None:
        await until(self.pilot, holds, 60.0)

    async def passes(self, seconds: float) -> None:
        """Let incident time pass, and wait until the screen has it."""
        before = self.runner.snapshot()
        assert before is not None
        self.wall.ahead += seconds
        await self.until(lambda: (self.runner.snapshot() or before).now >= before.now or bool(self.state.ended))
        goal = before.now.timestamp() + seconds
        await self.until(lambda: (self.runner.snapshot() or before).now.timestamp() >= goal or bool(self.state.ended))

    async def pull(self, lever: str) -> None:
        """Plan a lever from its pane, type its code, and wait until it is proven."""
        if lever == "kill_switch":
            await self.keys("k")
        else:
            await self.keys("l", "home", *["down"] * LADDER.index(lever), "enter")
        await self.code()
        await self.until(lambda: self.state.in_force(lever) is not None)

    async def code(self) -> None:
        """Type the code that the open dialog shows, once it shows one."""
        await self.until(lambda: len(self.app.screen.query("CodeBox")) == 1)
        await self.until(lambda: self.app.screen.query_one("CodeBox").display)
        await type_code(self.pilot)

    async def reasons(self) -> None:
        """Say of each open point why it may stay so, until the code is offered."""
        await self.until(lambda: len(self.app.screen.query("#reason")) == 1)
        await self.pilot.pause()
        box = self.app.screen.query_one("CodeBox")
        for _ in POINTS:
            if not box.display:
                await self.keys(*"looked_at_by_hand", "enter")

    async def back_in_the_cockpit(self) -> None:
        await self.until(lambda: self.app.screen is cockpit(self.app))


@asynccontextmanager
async def playing(folder: Path, scenario: str, size: str, seed: int = 1) -> AsyncIterator[Player]:
    journal = Journal.open(folder / "journal.db", clock=WallClock())
    incident = begin(journal, Setup(scenario, seed))
    wall = Wall()

    def open_it() -> DrillRunner:
        store = TraceStore.open(folder / "traces" / f"{incident}.db")
        return attach_runner(journal, store, incident, "ada", again=False, monotonic=wall)

    app = CockpitApp(open_it)
    try:
        async with app.run_test(size=SIZES[size]) as pilot:
            await until(pilot, lambda: app.latest is not None and cockpit(app).board.slot(6).pane is not None, 20)
            assert isinstance(app.controller, DrillRunner)
            yield Player(app, pilot, app.controller, wall)
            app.controller.close()
    finally:
        journal.close()


@pytest.mark.integration
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("scenario", "size"),
    [("injection-leak", "wide"), ("cost-runaway", "medium"), ("silent-model-update", "small")],
)
async def test_from_the_page_to_the_debrief(tmp_path: Path, scenario: str, size: str) -> None:
    async with playing(tmp_path, scenario, size) as player:
        await player.passes(6)
        await player.until(lambda: player.state.page_at is not None)
        await player.keys("a")
        await player.until(lambda: "ack" in player.state.milestones)
        await player.keys("s", "enter")
        await player.until(lambda: bool(player.state.severity))
        await player.back_in_the_cockpit()
        await player.keys("r", "enter")
        await player.until(lambda: player.state.command.holders.get("ic") == "ada")
        await player.keys("escape")
        await player.back_in_the_cockpit()
        await player.keys("t", "enter")
        await player.until(lambda: len(player.state.triage.answers) == 1)
        await player.pull(BEST[scenario])
        assert player.state.freezes, "the plan freezes evidence first"
        await player.back_in_the_cockpit()
        await player.keys("c")
        await player.keys("ctrl+s", "ctrl+s")
        await player.until(lambda: len(player.state.updates) == 1)
        assert player.state.updates[0].missing == ()
        await player.back_in_the_cockpit()
        await player.passes(900)
        await player.until(lambda: player.state.contained)
        assert player.state.in_force(BEST[scenario]).stage is Stage.PROVEN  # type: ignore[union-attr]
        await player.until(lambda: "contained" in screen_text(player.app).lower())
        if scenario == "injection-leak":
            await _reopen(player)
        await player.keys("y")
        await player.reasons()
        await player.code()
        await player.until(lambda: player.state.all_clear_at is not None)
        await player.back_in_the_cockpit()
        await player.keys("b", "enter")
        await player.until(lambda: "outcome" in screen_text(player.app).lower())


async def _reopen(player: Player) -> None:
    """Wait for the repair, then 5 %, a watch of 20 minutes, then everybody."""
    await player.passes(900)
    await player.keys("o")
    await player.code()
    await player.until(lambda: player.state.canary is not None)
    await player.back_in_the_cockpit()
    await player.passes(1210)
    assert player.state.canary is not None
    assert player.state.canary.state == "watching"
    await player.keys("o")
    await player.code()
    await player.until(lambda: player.state.canary is not None and player.state.canary.percent == 100)
    await player.back_in_the_cockpit()
    await player.passes(90)
    await player.until(lambda: player.state.canary is not None and player.state.canary.state == "passed")
