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


async def test_the_clock_under_the_cursor_says_what_it_asks_and_where_that_was_read() -> None:
    controller = at_work()
    async with dialog("clocks", controller) as (pilot, app, _):
        text = " ".join(screen_text(app).replace("│", "").split())
        assert "asks: notify the authority within 72 h. Article 34 may ask" in text
        assert "as read 2026-" in text
        await slowly(pilot, "down")
        assert "final report within 1 month" in " ".join(screen_text(app).replace("│", "").split())
        controller.session.do("start_clock", {"clock": "gdpr_33", "aware": "Lee"}, actor="dana")
        app.screen.show(controller.renew())  # type: ignore[attr-defined]
        await slowly(pilot, "home")
        assert "started by dana · due 2026-11-24 02:14 UTC" in " ".join(screen_text(app).replace("│", "").split())
