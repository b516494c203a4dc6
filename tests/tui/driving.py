"""Driving the whole app in a test: opening it, reading what stands on the screen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from cockpit.tui.app import CockpitApp
from cockpit.tui.panes.advice import AdviceBar
from cockpit.tui.ports import TuiSettings
from cockpit.tui.screens.cockpit import CockpitScreen
from tests.tui.fakes import FakeController

SIZES = {"wide": (160, 45), "medium": (100, 30), "small": (80, 24), "narrow": (60, 20)}
POLL_S = 0.02


async def until(pilot: Pilot[None], holds: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait for something to become true, and for the screen to be at rest."""
    await pilot.pause()
    if not holds():
        await _until(holds, seconds)
        await pilot.pause()


async def _until(holds: Callable[[], bool], seconds: float = 30.0) -> None:
    for _ in range(int(seconds / POLL_S)):
        if holds():
            return
        await asyncio.sleep(POLL_S)
    raise AssertionError("it never became so")


def screen_text(app: CockpitApp) -> str:
    """Return what stands on the screen, line by line."""
    lines = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in lines)


def cockpit(app: CockpitApp) -> CockpitScreen:
    """Return the cockpit's screen."""
    screen = app.cockpit
    assert screen is not None
    return screen


def said(app: CockpitApp) -> str:
    """Return what the advice bar says about the last key."""
    return cockpit(app).query_one(AdviceBar).notice


@asynccontextmanager
async def opened(
    controller: FakeController | None = None, size: str = "wide", settings: TuiSettings | None = None
) -> AsyncIterator[tuple[CockpitApp, Pilot[None], FakeController]]:
    """Run the app on a fake incident, opened and drawn."""
    controller = controller or FakeController()
    app = CockpitApp(lambda: controller, settings=settings)
    async with app.run_test(size=SIZES[size]) as pilot:
        await _until(lambda: app.latest is not None and cockpit(app).board.slot(6).pane is not None)
        await pilot.pause(0.1)
        yield app, pilot, controller
