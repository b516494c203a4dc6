"""The cockpit as pictures, at the sizes and in the colours that matter; look before `--snapshot-update`."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Protocol

import pytest
from textual.pilot import Pilot

from cockpit.tui.app import CockpitApp
from cockpit.tui.chart import is_warm
from cockpit.tui.ports import TuiSettings
from tests.tui.driving import SIZES, cockpit, screen_text, until
from tests.tui.fake_world import PAGE
from tests.tui.fakes import FakeController

LOOK_S = 0.25
SAME_LOOKS = 5
"""The screen stands when it looked the same this often in a row, with the plots' library at hand."""


class Compare(Protocol):
    """The plugin's fixture."""

    def __call__(self, app: CockpitApp, *, terminal_size: tuple[int, int], run_before: object) -> bool: ...


def contained() -> FakeController:
    """Play four minutes: acknowledged, called, frozen, killed, contained."""
    controller = FakeController(at=PAGE + timedelta(seconds=20))
    for seconds, action, arguments in (
        (0, "acknowledge", {}),
        (20, "set_severity", {"severity": "SEV1"}),
        (15, "answer", {"question": "at_risk", "answer": "yes"}),
        (5, "freeze_evidence", {}),
        (10, "pull_lever", {"lever": "kill_switch"}),
        (5, "take_role", {"role": "ic"}),
    ):
        controller.move(seconds)
        controller.do(action, arguments)
    controller.move(170)
    return controller


async def settle(pilot: Pilot[None]) -> None:
    """Wait until everything stands."""
    app = pilot.app
    assert isinstance(app, CockpitApp)
    await until(pilot, lambda: app.latest is not None and cockpit(app).board.slot(6).pane is not None)
    for _ in range(2):  # once more all at once: what stands must not depend on the order in which it came
        await stand_still(pilot, app)
        assert app.latest is not None
        cockpit(app).show(app.latest)
    await stand_still(pilot, app)


async def stand_still(pilot: Pilot[None], app: CockpitApp) -> None:
    """Wait until the screen no longer changes."""
    last, same = "", 0
    while same < SAME_LOOKS or not is_warm():
        await asyncio.sleep(LOOK_S)
        await pilot.pause()
        now = screen_text(app)
        last, same = now, same + 1 if now == last else 0


def shows(compare: Compare, size: str, theme: str = "cockpit-dark") -> bool:
    """Compare the cockpit with its picture."""
    controller = contained()
    app = CockpitApp(lambda: controller, settings=TuiSettings(theme=theme))
    return compare(app, terminal_size=SIZES[size], run_before=settle)


@pytest.mark.parametrize("size", ["wide", pytest.param("medium", marks=pytest.mark.integration), "small"])
def test_the_cockpit_looks_as_it_should(snap_compare: Compare, size: str) -> None:
    assert shows(snap_compare, size)


@pytest.mark.integration
def test_a_light_cockpit(snap_compare: Compare) -> None:
    assert shows(snap_compare, "medium", "cockpit-light")


def test_without_colour_every_state_is_still_a_word_or_a_glyph(
    snap_compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert shows(snap_compare, "wide")
