"""The forms: class, layer and change, characterise, hypotheses, and roles."""

from __future__ import annotations

import pytest
from textual import events
from textual.widgets import Input

from cockpit.domain.events import Kind, NewEvent, Source
from cockpit.tui.screens.characterise import share
from cockpit.tui.screens.classify import ClassifyModal
from cockpit.tui.screens.fields import Cycle
from tests.tui.dialogs import at_work, dialog
from tests.tui.fakes import FakeController
from tests.tui.stage import NOTHING, screen_text, slowly

# -- forms


async def test_classify_goes_from_class_to_layer_to_change_and_records() -> None:
    async with dialog("classify", at_work()) as (pilot, app, screen):
        assert isinstance(screen, ClassifyModal)
        assert "answers name other people" in screen_text(app)
        await slowly(pilot, "enter", "down", "down", "enter", "up", "up", "enter", "enter")
        assert app.asked == [
            ("set_class", {"class": "pii_leak"}),
            ("set_layer", {"layer": "retrieval", "component": "index shared-3", "change": "index:shared-3"}),
        ]


async def test_classify_asks_for_something_before_it_records() -> None:
    async with dialog("classify", at_work()) as (pilot, app, _):
        await slowly(pilot, "ctrl+s")
        assert "nothing new is marked" in screen_text(app)
        assert app.wishes is NOTHING


async def test_characterise_is_prefilled_from_the_signals_and_records_both() -> None:
    async with dialog("characterise", at_work()) as (pilot, app, screen):
        assert screen.query_one("#since", Input).value == "02:11"
        assert screen.query_one("#fraction", Input).value == "8.0%"
        assert screen.query_one("#prompt", Input).value == "v41"
        screen.query_one("#routes", Input).value = "/support, /faq"
        await slowly(pilot, "tab", "tab", "right", "tab", "right", "tab", "right", "right", "ctrl+s")
        assert app.asked == [
            ("characterise", {"since": "02:11", "fraction": 0.08, "shape": "step", "reproducible": "3 of 3",
                              "changed": "index:shared-3"}),
            ("set_scope", {"routes": ["/support", "/faq"], "prompt": "v41"}),
        ]  # fmt: skip


async def test_characterise_takes_what_detectors_paged_and_only_changes_that_are_on_the_board() -> None:
    controller = at_work()
    about = {"route": "/fa\x1b[31mq", "prompt": "v42", "tenant": "acme"}
    told = {
        "since": "2026-06-12T02:07:00.000000Z",
        "about": about,
        "signal": "refusal_pct",
        "change": {"ref": "nowhere"},
    }
    page = NewEvent(Kind.PAGED, controller.clock.now(), "watch", Source.SYSTEM, {"page": told})
    controller.session.record([page])
    controller.move(1)
    async with dialog("characterise", controller) as (_, app, screen):
        values = [screen.query_one(name, Input).value for name in ("#since", "#prompt", "#tenants", "#routes")]
        assert values[:3] == ["02:07", "v42", "acme"]
        assert "\x1b" not in values[3]
        assert screen.query_one("#changed", Cycle).value == ""
        assert "pages and signals" in screen_text(app)


@pytest.mark.parametrize(("text", "value"), [("8", 0.08), ("8 %", 0.08), ("0.08", 0.08), ("8,5%", 0.085), ("", None)])
def test_a_share_is_read_as_people_write_it(text: str, value: float | None) -> None:
    assert share(text) == value


@pytest.mark.parametrize("text", ["many", "120", "-3"])
def test_a_share_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="share"):
        share(text)


async def test_a_wrong_share_is_said_in_the_form() -> None:
    async with dialog("characterise", at_work()) as (pilot, app, screen):
        screen.query_one("#fraction", Input).value = "lots"
        await slowly(pilot, "ctrl+s")
        assert "a share is a number" in screen_text(app)
        assert app.wishes is NOTHING


async def test_hypotheses_are_added_turned_and_recorded() -> None:
    controller = at_work()
    controller.do("set_hypothesis", {"hypothesis": "the prompt", "status": "open"})
    async with dialog("hypotheses", controller) as (pilot, app, screen):
        screen.query_one(Input).value = "the index"
        await slowly(pilot, "enter", "tab", "enter", "enter", "ctrl+s")
        assert app.asked == [
            ("set_hypothesis", {"hypothesis": "the prompt", "status": "refuted"}),
            ("set_hypothesis", {"hypothesis": "the index", "status": "open"}),
        ]


# -- roles


async def test_roles_take_what_nobody_holds() -> None:
    async with dialog("roles", at_work()) as (pilot, app, _):
        assert "always exactly one person" in screen_text(app)
        await slowly(pilot, "enter")
        assert app.asked == [("take_role", {"role": "ic"})]


async def test_roles_hand_over_to_a_person_or_to_a_typed_name() -> None:
    controller = at_work()
    controller.do("take_role", {"role": "ic"})
    async with dialog("roles", controller) as (pilot, app, _):
        assert "hand it to ada" in screen_text(app)
        assert "hand it to lin (data)" in screen_text(app)
        await slowly(pilot, "enter")
        assert app.asked == [("hand_over_role", {"role": "ic", "to": "ada"})]
    async with dialog("roles", controller) as (pilot, app, _):
        await slowly(pilot, "down", "down", "enter", "m", "i", "a", "enter")
        assert app.asked == [("hand_over_role", {"role": "ic", "to": "mia"})]


async def test_roles_accept_what_is_offered_and_show_what_is_pending() -> None:
    controller = at_work()
    controller.session.do("take_role", {"role": "ic"}, actor="ada")
    controller.session.do("hand_over_role", {"role": "ic", "to": "you"}, actor="ada")
    controller.renew()
    async with dialog("roles", controller) as (pilot, app, _):
        await slowly(pilot, "enter")
        assert app.asked == [("accept_role", {"role": "ic"})]


def offered() -> FakeController:
    controller = at_work()
    controller.session.do("take_role", {"role": "ic"}, actor="ada")
    controller.session.do("hand_over_role", {"role": "ic", "to": "you"}, actor="ada")
    controller.renew()
    return controller


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_roles_say_no_to_what_is_offered_with_a_reason_or_without(size: tuple[int, int]) -> None:
    async with dialog("roles", offered(), size) as (pilot, app, _):
        assert "say no to ada" in screen_text(app)
        await slowly(pilot, "n", *"asleep", "enter")
        assert app.asked == [("decline_role", {"role": "ic", "reason": "asleep"})]
    async with dialog("roles", offered(), size) as (pilot, app, _):
        await slowly(pilot, "down", "enter", "enter")
        assert app.asked == [("decline_role", {"role": "ic"})]


async def test_roles_have_nothing_to_say_no_to_while_nothing_is_offered() -> None:
    async with dialog("roles", at_work()) as (pilot, app, _):
        await slowly(pilot, "n")
        assert "nobody is handing you a role" in screen_text(app)
        assert app.wishes is NOTHING


async def test_the_giver_sees_that_nobody_has_answered_and_then_who_said_no() -> None:
    controller = at_work()
    controller.do("take_role", {"role": "ic"})
    controller.do("hand_over_role", {"role": "ic", "to": "zoe"})
    controller.move(200)
    async with dialog("roles", controller, (120, 36)) as (pilot, app, screen):
        assert "offered to zoe 03:20 ago, no answer yet: you hold it; ask again" in screen_text(app)
        controller.session.do("decline_role", {"role": "ic", "reason": "on a train"}, actor="zoe")
        screen.show(controller.renew())
        await pilot.pause()
        assert "zoe said no at" in screen_text(app)
        assert "on a train (you hold it)" in screen_text(app)


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_what_is_typed_into_a_note_is_seen_and_written(size: tuple[int, int]) -> None:
    async with dialog("note", FakeController(), size) as (pilot, app, screen):
        await slowly(pilot, *"both words")
        await pilot.pause()
        text = screen_text(app)
        assert "both words" in text
        assert "now, or HH:MM(:SS) today, UTC" in text
        assert screen.query_one("#ask").size.height < 8
        await slowly(pilot, "enter")
        assert app.asked == [("note", {"text": "both words"})]


async def test_what_is_typed_right_after_tab_stands_in_the_next_field() -> None:
    async with dialog("characterise", at_work()) as (pilot, app, screen):
        since, fraction = (screen.query_one(f"#{name}", Input) for name in ("since", "fraction"))
        since.focus()
        await pilot.pause()
        since.value = fraction.value = ""
        for key, character in (("0", "0"), ("tab", "\t"), ("9", "9")):
            app.post_message(events.Key(key, character))
        await pilot.pause()
        assert (since.value, fraction.value) == ("0", "9")
