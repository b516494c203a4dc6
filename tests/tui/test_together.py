"""Who else is on the incident, and what the screen says when the journal can't be reached."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cockpit.domain.presence import Present
from cockpit.session.snapshot import Done
from cockpit.tui.messages import Wish
from cockpit.tui.panes.status import status
from cockpit.tui.runner import KEPT
from cockpit.tui.screens.roles import present
from tests.tui.dialogs import dialog
from tests.tui.driving import opened, said, screen_text, until
from tests.tui.fake_world import PAGE
from tests.tui.fakes import FakeController
from tests.tui.live_world import live
from tests.tui.stage import screen_text as drawn
from tests.tui.stage import slowly

HERE = (
    Present("ada", "laptop", PAGE, drives=True),
    Present("you", "desk", PAGE + timedelta(seconds=5), mine=True),
    Present("bo \x1b[2J[/x]", "host-[@click=quit]", PAGE + timedelta(seconds=9)),
)
CUT_OFF = "Cut off from the journal for 01:20; 2 kept here."


@pytest.mark.parametrize(("width", "shown"), [(200, "here ada, bo"), (110, "here +2")])
def test_the_bar_says_who_else_is_here(width: int, shown: str) -> None:
    controller = live()
    bar = status(controller.renew(here=HERE), width).plain
    assert shown in bar
    assert "\x1b" not in bar
    assert "you" not in bar.partition("here")[2].partition("IC")[0]


def test_somebody_at_two_terminals_is_one_and_many_are_counted() -> None:
    controller = live()
    twice = (*HERE, Present("ada", "phone", PAGE))
    assert "here ada, bo" in status(controller.renew(here=twice), 220).plain
    crowd = tuple(Present(f"r{number}", "x", PAGE) for number in range(9))
    assert "here r0, r1, r2 +6" in status(controller.renew(here=crowd), 220).plain


def test_who_is_alone_or_uncounted_is_not_told_so() -> None:
    controller = live()
    for here in ((), (HERE[1],)):
        assert "here" not in status(controller.renew(here=here), 200).plain


def test_the_roles_say_where_everybody_is_and_who_drives() -> None:
    controller = live()
    told = present(controller.renew(here=HERE)).plain
    assert told.startswith("Here now: ada on laptop, drives · you (you) on desk · bo")
    assert "\x1b" not in told
    assert present(controller.renew(here=())).plain == ""


class CutOff(FakeController):
    """An incident whose journal can't be reached: a note is kept."""

    def _do(self, action: str, arguments: object) -> Done:
        return Done(action, kept=True)


async def test_a_note_that_is_kept_is_not_said_to_be_written() -> None:
    async with opened(CutOff()) as (app, pilot, _):
        app.carry_out(Wish("note", {"text": "we look"}))
        await until(pilot, lambda: KEPT in said(app))


async def test_the_screen_says_that_it_is_cut_off() -> None:
    controller = live()
    controller.renew(problem=CUT_OFF)
    async with opened(controller) as (app, pilot, _):
        await until(pilot, lambda: CUT_OFF in screen_text(app))


async def test_a_role_of_somebody_who_is_at_no_terminal_can_be_taken_over_with_a_reason() -> None:
    controller = FakeController(mode="live")
    controller.session.do("take_role", {"role": "ic"}, actor="lin")
    controller.renew(here=HERE)
    async with dialog("roles", controller) as (pilot, app, _):
        assert "take it over: lin is at no terminal" in drawn(app)
        await slowly(pilot, "enter", *"gone", "enter")
        assert "say why in 10 characters" in drawn(app)
        await pilot.press(*"somewhere")
        await slowly(pilot, "enter")
        assert app.asked == [("take_over_role", {"role": "ic", "reason": "gonesomewhere"})]


async def test_a_role_of_somebody_who_is_here_is_asked_for() -> None:
    controller = FakeController(mode="live")
    controller.session.do("take_role", {"role": "ic"}, actor="ada")
    controller.renew(here=HERE)
    async with dialog("roles", controller) as (_, app, _screen):
        assert "ada holds it and can hand it over to you" in drawn(app)
        assert "take it over" not in drawn(app)
