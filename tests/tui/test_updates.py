"""Updates at the keyboard: channels chosen, what comes too soon, the reminder put off, and what has not arrived."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cockpit.domain.deliveries import Wired
from cockpit.domain.events import Kind, NewEvent, Source, iso
from cockpit.tui.panes.comms import CommsPane, worth_reading
from cockpit.tui.panes.rows import Rows
from cockpit.tui.panes.stations import StationLine
from cockpit.tui.panes.told import short_deliveries
from cockpit.tui.screens.fields import Picks
from cockpit.tui.screens.unsent import unsent
from cockpit.tui.screens.update import Draft
from tests.tui.dialogs import at_work, dialog
from tests.tui.fakes import FakeController
from tests.tui.stage import Stage, screen_text, slowly

TEAM = Wired("chat", frozenset({"team"}))
BOTH = Wired("page", frozenset({"team", "customers"}))
TEXT = "Investigating wrong answers for some users. The assistant is off. Next update 03:00 UTC."


def live(*channels: Wired) -> FakeController:
    """An incident at work with channels wired."""
    controller = FakeController(mode="live")
    controller.do("set_severity", {"severity": "SEV1"})
    controller.renew(channels=channels)
    return controller


def post(controller: FakeController, state: str = "investigating", **more: Any) -> int:
    """Post an update and return its line."""
    done = controller.do("post_update", {"audience": "team", "state": state, "text": TEXT, **more}).result()
    return done.events[-1].seq


def became(controller: FakeController, kind: Kind, update: int, channel: str, **told: Any) -> None:
    """Write what the courier would."""
    payload = {"update": update, "channel": channel, "attempt": "a1", **told}
    event = NewEvent(kind, controller.clock.now(), "courier", Source.SYSTEM, payload)
    controller.session.record([event])


def flat(text: str) -> str:
    """Join what was wrapped."""
    return " ".join(text.replace("│", "").split())


async def test_all_channels_of_the_audience_are_taken_and_one_can_be_left_out() -> None:
    async with dialog("update", live(TEAM, BOTH)) as (pilot, app, screen):
        assert "☑ chat" in screen_text(app)
        screen.query_one(Picks).focus()
        await slowly(pilot, "right", "space", "ctrl+s")
        assert "by chat · not by page" in flat(screen_text(app))
        await slowly(pilot, "ctrl+s")
        assert app.asked[0][1]["channels"] == ["chat"]


async def test_channels_follow_the_audience_and_all_of_them_need_no_word() -> None:
    async with dialog("update", live(TEAM, BOTH)) as (pilot, app, screen):
        screen.query_one("#audience").focus()
        await slowly(pilot, "right", "right")
        assert screen.query_one(Picks).values == ("page",)
        await slowly(pilot, "ctrl+s", "ctrl+s")
        assert app.asked[0][1]["audience"] == "customers"
        assert "channels" not in app.asked[0][1]


async def test_where_no_channel_is_wired_the_review_says_that_it_stays_in_the_journal() -> None:
    async with dialog("update", live(), size=(100, 30)) as (pilot, app, screen):
        assert not screen.query_one(Picks).parent.display  # type: ignore[union-attr]
        await slowly(pilot, "ctrl+s")
        assert "no channel is wired for team: it stays in the journal" in flat(screen_text(app))


async def test_a_name_that_wrote_in_is_masked_in_the_review() -> None:
    controller = at_work()
    mail = {"inject": "m", "channel": "email", "sender": "Jane Roe (Acme)", "text": "why?", "trace": "7"}
    controller.session.record([NewEvent(Kind.INJECT_DELIVERED, controller.clock.now(), "x", Source.WORLD, mail)])
    controller.renew()
    async with dialog("update", controller, size=(100, 30)) as (pilot, app, screen):
        screen.query_one(Draft).load_text(f"{TEXT} Jane Roe told us.")
        await slowly(pilot, "ctrl+s")
        assert "[person] told us" in flat(screen_text(app))


async def test_another_word_with_nothing_new_is_called_too_soon_before_it_goes_out() -> None:
    controller = at_work()
    post(controller)
    controller.move(60)
    async with dialog("update", controller, size=(100, 30)) as (pilot, app, screen):
        assert "team heard “investigating” 01:00 ago" in flat(screen_text(app))
        screen.query_one("#state").focus()
        await slowly(pilot, "right")
        assert "heard" not in screen_text(app), "a change of state is something new"


async def test_the_reminder_is_put_off_with_a_reason_and_both_are_on_record() -> None:
    controller = at_work()
    controller.move(400)
    async with dialog("snooze", controller) as (pilot, app, _):
        assert "OVERDUE by" in screen_text(app)
        await slowly(pilot, "right", "tab", *"call", "enter")
        assert app.asked == [("snooze_update", {"minutes": 15.0, "reason": "call"})]


async def test_the_dialog_of_updates_puts_the_reminder_off_by_one_key() -> None:
    async with dialog("update", at_work()) as (pilot, app, _):
        await slowly(pilot, "ctrl+t")
        assert app.asked == [("snooze_update", {"minutes": 10.0})]


async def test_deliveries_tell_what_arrived_what_failed_and_why_and_send_again() -> None:
    controller = live(TEAM, BOTH)
    first, second = post(controller), post(controller, "monitoring", channels=["chat", "gone"])
    became(controller, Kind.UPDATE_DELIVERED, first, "chat")
    again = iso(controller.clock.now() + timedelta(seconds=90))
    became(controller, Kind.UPDATE_DELIVERY_FAILED, first, "page", reason="no [b]name", next_try=again)
    became(controller, Kind.UPDATE_DELIVERY_FAILED, second, "chat", reason="no such room")
    controller.renew(channels=(TEAM, BOTH))
    async with dialog("deliveries", controller, size=(120, 30)) as (pilot, app, screen):
        text = flat(screen_text(app))
        for words in (
            "to team, investigating: arrived 02:14:06", "failed: no [b]name; tried again in 01:30",
            "to team, monitoring: REFUSED: no such room", "gone not wired at this terminal",
            "NOT SENT: there is no channel of this name for team",
        ):  # fmt: skip
            assert words in text, words
        keys = screen.query_one(Rows).selectable()
        assert keys == [f"{second}\x1fchat", f"{first}\x1fpage"]
        await slowly(pilot, "enter")
        assert app.asked == [("retry_update", {"update": second, "channel": "chat"})]


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_deliveries_tell_of_pages_and_tickets_too_and_try_them_again(size: tuple[int, int]) -> None:
    controller = live(TEAM)
    again = iso(controller.clock.now() + timedelta(seconds=90))
    for kind, told in (
        (Kind.PAGER_ASKED, {"line": 2, "pager": "oncall", "what": "page", "page": "page:2"}),
        (Kind.PAGER_UNKNOWN, {"line": 2, "pager": "oncall", "what": "page", "page": "page:2", "reason": "cut"}),
        (Kind.TICKET_SENDING, {"item": "A1", "tracker": "board", "mark": "m", "wait_s": 5.0}),
        (Kind.TICKET_FAILED, {"item": "A1", "tracker": "board", "reason": "no [b]name", "next_try": again}),
        (Kind.TICKET_SENDING, {"item": "A2", "tracker": "board", "mark": "m", "wait_s": 5.0}),
        (Kind.TICKET_UNKNOWN, {"item": "A2", "tracker": "board", "reason": "cut"}),
    ):
        payload = {**told, "attempt": f"{told.get('item', 'p')}"}
        event = NewEvent(kind, controller.clock.now(), "courier", Source.SYSTEM, payload)
        controller.session.record([event])
    snapshot = controller.renew(channels=(TEAM,))
    assert short_deliveries(snapshot) == "✖ 1 ◔ 2"
    lines = [one.seq for one in controller.session.log if one.kind is Kind.TICKET_SENDING]
    async with dialog("deliveries", controller, size=size) as (pilot, app, screen):
        text = flat(screen_text(app))
        for words in (
            "oncall pager", "board tracker", "wake somebody: UNKNOWN whether it arrived: cut",
            "ticket of A1: failed: no [b]name; tried again in 01:30",
            "ticket of A2: failed: cut; tried again in 00:02",
        ):  # fmt: skip
            assert words in text, words
        keys = screen.query_one(Rows).selectable()
        assert keys == [
            "2\x1foncall: page page:2",
            f"{lines[0]}\x1fboard: ticket A1",
            f"{lines[1]}\x1fboard: ticket A2",
        ]
        await slowly(pilot, "down", "enter")
        assert app.asked == [("retry_update", {"update": lines[0], "channel": "board: ticket A1"})]
    assert controller.do(*app.asked[0]).result().refused == ""


def test_the_border_counts_what_has_not_arrived_and_how_updates_kept_time() -> None:
    controller = live(TEAM)
    seq = post(controller)
    became(controller, Kind.UPDATE_DELIVERY_UNKNOWN, seq, "chat", reason="no answer")
    controller.move(30)
    post(controller)
    snapshot = controller.renew()
    pane = CommsPane()
    beside, below = pane.heading_of(snapshot)
    assert "D ✖ 1" in beside
    assert "1 too soon" in beside
    assert below == "next update in 30:00 · c update"
    late = controller.move(2400)
    assert "UPDATE OVERDUE" in pane.heading_of(late)[1]
    controller.do("snooze_update", {"minutes": 5})
    snapshot = controller.renew()
    assert "snoozed until 02:59" in pane.heading_of(snapshot)[1]
    assert snapshot.advice.action != "post_update"
    assert pane.heading_of(replace(snapshot, next_due=None))[1] == "c update · n note"


def test_the_log_tells_what_became_of_an_update_and_not_every_try() -> None:
    controller = live(TEAM)
    seq = post(controller)
    again = iso(controller.clock.now() + timedelta(seconds=2))
    for _ in range(5):
        became(controller, Kind.UPDATE_SENDING, seq, "chat")
        became(controller, Kind.UPDATE_DELIVERY_FAILED, seq, "chat", reason="no name", next_try=again)
    became(controller, Kind.UPDATE_SENDING, seq, "chat")
    assert tries(controller) == [Kind.UPDATE_DELIVERY_FAILED]
    became(controller, Kind.UPDATE_DELIVERED, seq, "chat")
    assert tries(controller) == [Kind.UPDATE_DELIVERED]


def tries(controller: FakeController) -> list[Kind]:
    """Return the lines about deliveries that are drawn."""
    return [one.kind for one in worth_reading(controller.session.log) if one.actor == "courier"]


async def test_the_bell_rings_once_for_each_reminder(monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[str] = []
    monkeypatch.setattr(Stage, "bell", lambda self: rung.append("x"))
    controller, line = at_work(), StationLine()
    async with Stage(line).run_test(size=(100, 3)):
        for seconds, count in ((280, 0), (40, 1), (60, 1)):
            line.show(controller.move(seconds))
            assert len(rung) == count
        controller.do("snooze_update", {"minutes": 5})
        for seconds, count in ((200, 1), (200, 2), (60, 2)):
            line.show(controller.move(seconds))
            assert len(rung) == count


async def test_the_bell_rings_once_when_a_role_is_offered_declined_or_has_no_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rung: list[str] = []
    monkeypatch.setattr(Stage, "bell", lambda self: rung.append("x"))
    controller, line = at_work(), StationLine()
    ada = controller.session
    async with Stage(line).run_test(size=(100, 3)):
        ada.do("take_role", {"role": "operations"}, actor="ada")
        ada.do("hand_over_role", {"role": "operations", "to": "you"}, actor="ada")
        for seconds, count in ((5, 1), (5, 1)):
            line.show(controller.move(seconds))
            assert len(rung) == count
        controller.do("take_role", {"role": "ic"})
        controller.do("hand_over_role", {"role": "ic", "to": "zoe"})
        for seconds, count in ((5, 1), (176, 2), (5, 2)):
            line.show(controller.move(seconds))
            assert len(rung) == count
        ada.do("decline_role", {"role": "ic"}, actor="zoe")
        line.show(controller.renew())
        assert len(rung) == 3


async def test_what_was_written_and_not_posted_is_there_again() -> None:
    controller = live(TEAM)
    async with dialog("update", controller) as (pilot, app, screen):
        await slowly(pilot, "h", "i", "escape")
        again = app.open("update", controller)
        await pilot.pause()
        assert again.query_one(Draft).text.startswith("hi")
        assert "not posted before" in screen_text(app)
        await slowly(pilot, "ctrl+r")
        assert not again.query_one(Draft).text.startswith("hi")
        assert unsent(controller, screen.snapshot) is None


async def test_what_was_posted_is_not_offered_again_and_what_was_refused_is() -> None:
    controller = live(TEAM)
    async with dialog("update", controller) as (pilot, app, _):
        await slowly(pilot, "h", "i", "ctrl+s", "ctrl+s")
        assert app.asked[-1][0] == "post_update"
        assert unsent(controller, controller.renew()) is not None
        controller.do(*app.asked[-1])
        assert unsent(controller, controller.renew()) is None
