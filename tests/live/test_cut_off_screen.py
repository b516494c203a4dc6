"""The whole app on an incident whose database is cut off: keys are answered, the screen says it, and catches up."""

from __future__ import annotations

import asyncio
import time

import pytest

from cockpit.tui.app import CockpitApp
from cockpit.tui.messages import Wish
from cockpit.tui.runner import KEPT
from tests.journal.servers import server
from tests.live.hosts import Hosts, hosts
from tests.systems.postgres_crash import CrashingPostgres
from tests.tui.driving import cockpit, said, screen_text, until

__all__ = ["hosts", "server"]

pytestmark = [pytest.mark.integration, pytest.mark.timeout(180)]

LONGEST_S = 1.8
"""Between two turns of the screen's loop, on any machine: a call that waited in it would take 2 or 3 s."""


class Pulse:
    """Measures the longest time in which the screen's loop got no turn."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def beat(self) -> None:
        """Beat until it is cancelled."""
        while True:
            began = time.monotonic()
            await asyncio.sleep(0.02)
            self.longest = max(self.longest, time.monotonic() - began)


async def test_the_screen_goes_on_says_it_and_catches_up(
    hosts: Hosts, server: CrashingPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    incident = hosts.open()
    other = hosts.join(incident, "bo")
    app = CockpitApp(lambda: hosts.join(incident, "ada"))
    async with app.run_test(size=(160, 45)) as pilot:
        await until(pilot, lambda: app.latest is not None and cockpit(app).board.slot(6).pane is not None, 20)
        await until(pilot, lambda: "here bo" in screen_text(app), 10)
        pulse = Pulse()
        beating = asyncio.create_task(pulse.beat())
        server.relay.swallowing = True
        app.carry_out(Wish("note", {"text": "while it is away"}))
        await until(pilot, lambda: KEPT in said(app), 10)
        await until(pilot, lambda: bool(app.latest and "1 kept here" in app.latest.problem), 10)
        app.carry_out(Wish("take_role", {"role": "ic"}))
        await until(pilot, lambda: "was not done" in said(app), 10)
        await pilot.press("question_mark")
        await until(pilot, lambda: len(app.screen_stack) > 1, 3)
        await pilot.press("escape")
        server.relay.heal()
        await until(pilot, lambda: bool(app.latest and "caught up with" in app.latest.problem), 15)
        texts = [event.get("text") for event in (app.latest.log if app.latest else ())]
        assert texts.count("while it is away") == 1
        beating.cancel()
    assert pulse.longest < LONGEST_S
    assert other.session.journal.events(incident)
