"""Painting an app that has no terminal: when a test waits for it and can look, not after every change."""

from __future__ import annotations

from typing import Any

import pytest
from textual.app import App, ScreenStackError
from textual.pilot import Pilot
from textual.screen import Screen

WAIT, PAUSE, PAINT = Pilot._wait_for_screen, Pilot.pause, Screen._compositor_refresh


def paint_when_waited_for(patch: pytest.MonkeyPatch) -> None:
    """Put painting off until keys are pressed or a pause is over; all is drawn then, once, by the same code."""
    patch.setattr(Screen, "_compositor_refresh", _put_off)
    patch.setattr(Pilot, "_wait_for_screen", _wait)
    patch.setattr(Pilot, "pause", _pause)


def _put_off(screen: Screen[Any]) -> None:
    app: App[Any] = screen.app
    if not app.is_headless or screen is not app.screen:
        PAINT(screen)
        return
    screen._dirty_widgets.clear()
    app._update_mouse_over(screen)


async def _wait(pilot: Pilot[Any], timeout: float = 30.0) -> bool:  # noqa: ASYNC109
    over = await WAIT(pilot, timeout)
    _paint(pilot.app)
    return over


async def _pause(pilot: Pilot[Any], delay: float | None = None) -> None:
    await PAUSE(pilot, delay)
    _paint(pilot.app)


def _paint(app: App[Any]) -> None:
    try:
        screen = app.screen
    except ScreenStackError:  # it was left meanwhile
        return
    if screen._compositor._dirty_regions:
        PAINT(screen)
