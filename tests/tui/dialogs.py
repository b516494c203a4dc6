"""Dialogs on a stage of their own, and incidents at work, for the tests of the dialogs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.pilot import Pilot

from cockpit.tui.screens.confirm import AskModal
from tests.tui.fakes import FakeController
from tests.tui.stage import Stage

SMALL = (80, 24)


@asynccontextmanager
async def dialog(
    name: str, controller: FakeController, size: tuple[int, int] = SMALL, **arguments: Any
) -> AsyncIterator[tuple[Pilot[None], Stage, AskModal]]:
    app = Stage()
    async with app.run_test(size=size) as pilot:
        screen = app.open(name, controller, **arguments)
        await pilot.pause()
        await pilot.pause()
        yield pilot, app, screen


def at_work() -> FakeController:
    controller = FakeController()
    controller.do("acknowledge")
    controller.do("set_severity", {"severity": "SEV1"})
    return controller


def killed(seconds: float = 200) -> FakeController:
    controller = at_work()
    controller.do("pull_lever", {"lever": "kill_switch"})
    controller.move(seconds)
    return controller
