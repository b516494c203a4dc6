"""The screen of legal clocks: what could run, what does, and how one is started and stopped."""

from __future__ import annotations

from textual.widgets import Input

from tests.tui.dialogs import at_work, dialog
from tests.tui.stage import screen_text, slowly


async def test_a_clock_is_started_with_who_became_aware_and_when() -> None:
    async with dialog("clocks", at_work()) as (pilot, app, screen):
        assert "anchor: " in screen_text(app)
        await slowly(pilot, "enter")
        screen.query_one("#clock-at", Input).value = "1m"
        screen.query_one("#clock-who", Input).value = "Lee"
        await slowly(pilot, "enter")
        assert app.asked == [("start_clock", {"clock": "gdpr_33", "aware": "Lee", "at": "1m"})]


async def test_a_clock_that_runs_shows_its_time_left_and_is_stopped_with_a_reason() -> None:
    controller = at_work()
    controller.session.do("start_clock", {"clock": "gdpr_33", "aware": "Lee [b]"}, actor="dana")
    controller.move(60)
    async with dialog("clocks", controller) as (pilot, app, screen):
        assert "71:59:00 left" in screen_text(app)
        await slowly(pilot, "enter")
        await slowly(pilot, "enter")
        assert "say who or why" in screen_text(app)
        screen.query_one("#clock-who", Input).value = "notified"
        await slowly(pilot, "enter")
        stopped = {"clock": "gdpr_33", "duty": "notify the authority", "reason": "notified"}
        assert app.asked == [("stop_clock", stopped)]
