"""The all-clear at the keyboard: a reason for each open point, then the code."""

from __future__ import annotations

from textual.pilot import Pilot

from cockpit.tui.screens.allclear import AllClearModal
from cockpit.tui.screens.confirm import CodeBox
from tests.tui.dialogs import at_work, dialog, killed
from tests.tui.stage import NOTHING, screen_text, slowly, type_code

REASON = "agreed with ada"


async def say(pilot: Pilot[None], words: str = REASON) -> None:
    """Type a reason and go on."""
    await pilot.press(*("space" if one == " " else one for one in words))
    await slowly(pilot, "enter")


async def test_all_clear_asks_for_a_reason_for_each_open_point_and_then_the_code() -> None:
    async with dialog("all_clear", killed()) as (pilot, app, screen):
        text = screen_text(app)
        assert "✔ harm is measured to have stopped" in text
        assert "○ service is not re-opened: Kill switch" in text
        assert "5 open points" in text
        assert not screen.query_one(CodeBox).display
        await say(pilot, "short")
        for _ in range(4):
            await say(pilot)
        assert not screen.query_one(CodeBox).display, "the first still says too little"
        await say(pilot, " of it all")
        assert "5 open points, overridden by you" in screen_text(app)
        assert app.wishes is NOTHING
        await type_code(pilot)
        [(action, given)] = app.asked
        assert action == "all_clear"
        assert given["reasons"] == {"reopened": "short of it all"} | dict.fromkeys(
            ("evidence", "named", "told", "ic"), REASON
        )


async def test_a_point_that_is_closed_meanwhile_needs_no_reason() -> None:
    controller = killed()
    for name, arguments in (
        ("set_class", {"class": "pii_leak"}), ("set_layer", {"layer": "retrieval"}), ("freeze_evidence", {}),
        ("take_role", {"role": "ic"}), ("keep_lever", {"lever": "kill_switch", "owner": "ada"}),
    ):  # fmt: skip
        controller.do(name, arguments)
    async with dialog("all_clear", controller) as (pilot, app, screen):
        await say(pilot)
        controller.do("post_update", {"audience": "team", "state": "resolved", "text": "it is over"})
        screen.show(controller.renew())
        await pilot.pause()
        assert "1 open point, overridden" in screen_text(app)
        screen.query_one(CodeBox).focus()
        await type_code(pilot)
        assert app.asked == [("all_clear", {"reasons": {"reopened": REASON}})]


async def test_all_clear_says_why_not_while_harm_goes_on() -> None:
    async with dialog("all_clear", at_work()) as (_, app, screen):
        assert isinstance(screen, AllClearModal)
        assert "not yet: nothing has been done about it" in screen_text(app)
        assert not screen.query_one(CodeBox).display
