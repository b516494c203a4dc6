"""Calling somebody at the keyboard: never without a reason, and one key takes what is open."""

from __future__ import annotations

from textual.widgets import Input

from cockpit.domain.events import Kind, NewEvent, Source
from cockpit.tui.screens.page import PageModal
from tests.tui.dialogs import dialog
from tests.tui.driving import opened, until
from tests.tui.fake_world import PAGE
from tests.tui.fakes import INCIDENT
from tests.tui.live_world import LiveController, live
from tests.tui.stage import screen_text

HOSTILE = "\x1b[2Jcall [red]me[/red]"


def night() -> LiveController:
    """Return a live incident of a team with two pagers, on which somebody called and an alert came in."""
    incident = live()
    incident.world.pagers = ("oncall", "database")
    asked = NewEvent(Kind.PAGE_ASKED, PAGE, "grace", payload={"to": "database", "text": HOSTILE})
    told = {"source": "pagerduty", "key": "Q1", "group": "", "status": "firing", "title": "it leaks"}
    alert = NewEvent(Kind.ALERT_RECEIVED, PAGE, "pagerduty", Source.WORLD, told)
    incident.log.append(INCIDENT, [asked, alert], expected_seq=len(incident.log.events(INCIDENT)))
    incident.renew()
    return incident


async def test_somebody_is_called_with_a_reason() -> None:
    async with dialog("page", night()) as (pilot, app, screen):
        await until(pilot, lambda: "call oncall" in screen_text(app))
        text = screen_text(app)
        assert "nobody is on it" in text
        assert "call [red]me[/red]" in text
        assert "\x1b[2J" not in text
        await pilot.press("down")
        await pilot.pause(0.1)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.focused, Input))
        await pilot.press("enter")
        await until(pilot, lambda: "say why they are needed" in screen_text(app))
        assert isinstance(app.screen, PageModal), "it is still asked for"
        screen.query_one("#page-text", Input).value = "We need you."
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is not screen)
        assert app.asked == [("page", {"to": "database", "text": "We need you."})]


async def test_open_pages_are_taken_from_the_list() -> None:
    async with dialog("page", night()) as (pilot, app, screen):
        await pilot.press("down", "down")
        await pilot.pause(0.1)
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is not screen)
        assert app.asked == [("answer_pages", {})]


async def test_what_a_pager_did_not_do_stands_below_its_page() -> None:
    incident = night()
    about = {"line": 3, "pager": "oncall", "what": "note", "page": "pagerduty/Q1", "attempt": "a1"}
    lines = [
        NewEvent(Kind.PAGER_ASKED, PAGE, "courier", Source.SYSTEM, {**about, "wait_s": 6.0}),
        NewEvent(Kind.PAGER_FAILED, PAGE, "courier", Source.SYSTEM, {**about, "reason": HOSTILE}),
    ]
    incident.log.append(INCIDENT, lines, expected_seq=len(incident.log.events(INCIDENT)))
    incident.renew()
    async with dialog("page", incident) as (pilot, app, _):
        await until(pilot, lambda: "oncall could NOT note: ␛[2Jcall [red]me[/red]" in screen_text(app))


async def test_without_pagers_it_says_where_they_are_named() -> None:
    async with dialog("page", live()) as (pilot, app, _):
        await until(pilot, lambda: "[pagers.NAME]" in screen_text(app))


async def test_the_key_that_acknowledges_takes_later_pages_too() -> None:
    async with opened(night(), "small") as (_, pilot, controller):
        await pilot.press("a")
        await until(pilot, lambda: all(page.answered for page in controller.session.state.pages.values()))
        assert controller.done[-1][0] in ("acknowledge", "answer_pages")
