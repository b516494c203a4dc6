"""The dialogs: what they show, what they ask for, and that nothing short of a typed code pulls a lever."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import timedelta
from typing import Any

import pytest
from textual import events

from cockpit.domain.events import Kind, NewEvent, Source
from cockpit.domain.levers import LeverPlan
from cockpit.errors import WorldError
from cockpit.tui.modals import modal
from cockpit.tui.panes.rows import Rows
from cockpit.tui.screens.confirm import LETTERS, AskModal, CodeBox, random_code
from cockpit.tui.screens.plan import PlanModal
from cockpit.tui.screens.severity import SeverityModal
from cockpit.tui.screens.update import Draft, UpdateModal
from tests.tui.dialogs import at_work, dialog, killed
from tests.tui.fakes import INCIDENT, FakeController
from tests.tui.stage import NOTHING, Stage, screen_text, slowly, type_code


@pytest.mark.parametrize("name", ["severity", "roles", "changes", "clocks", "catch_up"])
async def test_a_dialog_does_not_fill_the_screen_before_it_is_drawn(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = type(modal(name, FakeController().renew(), FakeController()))
    monkeypatch.setattr(kind, "redraw", lambda self: None)
    async with dialog(name, FakeController(), (100, 40)) as (_, _, screen):
        assert screen.query_one("#ask").size.height < 12


# -- severity


async def test_severity_is_called_by_number_and_enter() -> None:
    controller = FakeController()
    async with dialog("severity", controller) as (pilot, app, _):
        text = screen_text(app)
        assert "the rubric suggests" in text
        assert "leaking another user's data" in text
        await slowly(pilot, "1", "enter")
        assert app.asked == [("set_severity", {"severity": "SEV1"})]


async def test_severity_below_the_floor_is_refused_with_its_reason() -> None:
    async with dialog("severity", FakeController()) as (pilot, app, _):
        await slowly(pilot, "3", "enter")
        assert isinstance(app.screen, SeverityModal)
        assert "can't be called SEV3: leaking another user's data (leak seen yes); not below" in " ".join(
            screen_text(app).split()
        ).replace("│ ", "")
        assert app.wishes is NOTHING


async def test_where_the_call_has_become_too_mild_enter_raises_it() -> None:
    controller = FakeController()
    controller.do("acknowledge")
    call = NewEvent(Kind.SEVERITY_SET, controller.clock.now(), "you", Source.PERSON, {"severity": "SEV3"})
    controller.log.append(INCIDENT, [call], expected_seq=len(controller.log.events(INCIDENT)))
    controller.renew()
    async with dialog("severity", controller) as (pilot, app, _):
        assert "SEV3 ● in force ✖ not below SEV1" in screen_text(app)
        await slowly(pilot, "enter")
        assert app.asked == [("set_severity", {"severity": "SEV1"})]


async def test_severity_takes_a_superscript_for_no_number() -> None:
    controller = FakeController()
    async with dialog("severity", controller) as (pilot, app, _):
        await slowly(pilot, "1", "²", "enter")
        assert app.asked == [("set_severity", {"severity": "SEV1"})]


async def test_severity_takes_a_reason_along() -> None:
    async with dialog("severity", FakeController()) as (pilot, app, _):
        await slowly(pilot, "1", "tab", "w", "h", "y", "enter")
        assert app.asked == [("set_severity", {"severity": "SEV1", "reason": "why"})]


# -- plan


async def test_plan_shows_everything_that_a_pull_would_do_at_80_by_24() -> None:
    async with dialog("plan", at_work(), lever="kill_switch") as (_, app, _screen):
        text = screen_text(app)
        for words in (
            "Plan: Kill switch", "rung 7 of 7", "on  →  faq", "every user of /support", "100% of traffic",
            "2 to 20 s until the wire shows it", "answers from the FAQ", "▲ open sessions", "put it back",
            "hard to undo", "❄ is frozen first", "to pull: type",
        ):  # fmt: skip
            assert words in text, words


async def test_plan_pulls_only_after_its_code_and_freezes_evidence_first() -> None:
    async with dialog("plan", at_work(), lever="kill_switch") as (pilot, app, _):
        await type_code(pilot)
        assert app.asked == [
            ("freeze_evidence", {}),
            ("pull_lever", {"lever": "kill_switch", "target": "faq"}),
        ]


async def test_plan_does_not_freeze_twice_unless_asked() -> None:
    controller = at_work()
    controller.do("freeze_evidence")
    async with dialog("plan", controller, lever="kill_switch") as (pilot, app, _):
        assert "❄ frozen 02:14:06" in screen_text(app)
        await type_code(pilot)
        assert [name for name, _ in app.asked] == ["pull_lever"]


async def test_plan_evidence_can_be_left_out_deliberately() -> None:
    async with dialog("plan", at_work(), lever="kill_switch") as (pilot, app, _):
        await slowly(pilot, "ctrl+e")
        assert "NOT frozen" in screen_text(app)
        await type_code(pilot)
        assert [name for name, _ in app.asked] == ["pull_lever"]


async def test_plan_turns_to_another_target_and_pulls_the_one_on_screen() -> None:
    async with dialog("plan", at_work(), lever="revert_prompt") as (pilot, app, _):
        assert "v41  →  v40" in screen_text(app)
        await slowly(pilot, "right")
        assert "v41  →  v39" in screen_text(app)
        await type_code(pilot)
        assert app.asked[-1] == ("pull_lever", {"lever": "revert_prompt", "target": "v39"})


@pytest.mark.parametrize("keys", [("enter",), ("y",), ("k", "y"), ("space", "enter"), ("k", "y", "y", "y", "enter")])
async def test_plan_is_not_pulled_by_other_keys(keys: tuple[str, ...]) -> None:
    async with dialog("plan", at_work(), lever="kill_switch") as (pilot, app, screen):
        screen.query_one(CodeBox).code = "bcdf"
        await slowly(pilot, *keys)
        assert isinstance(app.screen, PlanModal)
        assert app.wishes is NOTHING


async def test_a_wrong_code_is_replaced_by_a_new_one() -> None:
    async with dialog("plan", at_work(), lever="kill_switch") as (pilot, _, screen):
        box = screen.query_one(CodeBox)
        box.code = "bcdf"
        await slowly(pilot, "b", "c", "d", "g", "enter")
        assert box.typed == ""
        assert "not the code" in box.trouble


async def test_keys_in_a_burst_are_thrown_away_even_when_they_spell_the_code() -> None:
    async with dialog("plan", at_work(), lever="kill_switch") as (pilot, app, screen):
        box = screen.query_one(CodeBox)
        for number, key in enumerate([*box.code, "enter"]):
            event = events.Key("enter" if key == "enter" else key, "\r" if key == "enter" else key)
            event.time = 1_000_000.0 + number * 0.002
            box.post_message(event)
        await pilot.pause()
        assert app.wishes is NOTHING
        assert box.typed == ""
        assert "too fast" in box.trouble


async def test_a_paste_and_a_click_pull_nothing() -> None:
    async with dialog("plan", at_work(), lever="kill_switch") as (pilot, app, screen):
        box = screen.query_one(CodeBox)
        app.post_message(events.Paste(box.code + "\n"))
        await pilot.pause()
        assert "pasting is refused" in box.trouble
        for x in range(0, 80, 7):
            await pilot.click(offset=(x, 12))
        await slowly(pilot, "enter")
        assert app.wishes is NOTHING


async def test_codes_are_random_and_hold_no_words() -> None:
    codes = {random_code() for _ in range(200)}
    assert len(codes) > 150
    assert not set("".join(codes)) - set(LETTERS)
    assert not set(LETTERS) & set("aeiouy")


async def test_plan_says_why_a_lever_is_refused_and_offers_no_code() -> None:
    controller = killed(20)
    async with dialog("plan", controller, lever="kill_switch") as (_, app, screen):
        assert "can't be pulled now: it is pulled already" in screen_text(app)
        assert not screen.query_one(CodeBox).display


async def test_no_code_is_drawn_before_the_plan_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    controller = at_work()
    monkeypatch.setattr(controller, "plan", lambda *_: Future())
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = app.open("plan", controller, lever="kill_switch")
        seen: list[bool] = []
        monkeypatch.setattr(screen, "_on_screen_resume", lambda: None)
        screen.call_after_refresh(lambda: seen.append(screen.query_one(CodeBox).display))
        await pilot.pause()
        assert seen == [False]


async def test_plan_tells_when_the_system_does_not_answer() -> None:
    controller = at_work()

    def broken(lever: str, target: str, scope: Any, at: Any) -> LeverPlan:
        raise WorldError("the gateway timed out", hint="Try again, or use its own console.")

    controller.world.plan = broken  # type: ignore[method-assign]
    async with dialog("plan", controller, lever="kill_switch") as (_, app, screen):
        text = " ".join(screen_text(app).replace("│", "").split())
        assert "The system did not answer: the gateway timed out Try again" in text
        assert not screen.query_one(CodeBox).display


# -- undo, canary


async def test_undo_warns_about_what_comes_back_and_needs_the_code() -> None:
    async with dialog("undo", killed()) as (pilot, app, _):
        text = screen_text(app)
        assert "Kill switch  faq → on" in text
        assert "A canary (o) tries 5 %" in text
        await slowly(pilot, "enter")
        assert app.wishes is NOTHING
        await type_code(pilot)
        assert app.asked == [("undo_lever", {"lever": "kill_switch"})]


async def test_undo_can_keep_a_lever_for_good() -> None:
    async with dialog("undo", killed(), lever="kill_switch") as (pilot, app, _):
        await slowly(pilot, "ctrl+k")
        assert app.asked == [("keep_lever", {"lever": "kill_switch", "owner": "you"})]


async def test_undo_of_nothing_says_so() -> None:
    async with dialog("undo", at_work()) as (_, app, screen):
        assert "no lever is pulled" in screen_text(app)
        assert not screen.query_one(CodeBox).display


async def test_canary_opens_with_the_share_of_the_profile() -> None:
    async with dialog("canary", killed()) as (pilot, app, _):
        await type_code(pilot)
        assert app.asked == [("open_canary", {"percent": 5.0})]


async def test_canary_shows_the_watch_and_refuses_to_widen_too_early() -> None:
    controller = killed()
    controller.do("open_canary", {"percent": 5.0})
    controller.move(30)
    async with dialog("canary", controller) as (pilot, app, screen):
        text = screen_text(app)
        assert "5 % of users" in text
        assert "19:30 of the watch left" in text
        assert "leaks" in text
        assert "the watch is not over" in text
        assert not screen.query_one(CodeBox).display
        await slowly(pilot, *["down"] * 6)
        assert screen.query_one(CodeBox).display
        await type_code(pilot)
        assert app.asked == [("abort_canary", {})]


async def test_canary_widens_to_everybody_after_the_watch() -> None:
    controller = killed()
    controller.world._killed_at = lambda: controller.world.orders[0].at  # type: ignore[method-assign]
    controller.do("open_canary", {"percent": 5.0})
    controller.move(1210)
    async with dialog("canary", controller) as (pilot, app, _):
        assert "the watch is over" in screen_text(app)
        await type_code(pilot)
        assert app.asked == [("widen_canary", {"percent": 100.0})]


# -- updates


async def test_update_is_prefilled_reviewed_and_posted() -> None:
    async with dialog("update", at_work()) as (pilot, app, screen):
        assert isinstance(screen, UpdateModal)
        assert "[investigating] support assistant" in screen.draft
        await slowly(pilot, "ctrl+s")
        assert "ctrl+s posts it" in screen_text(app)
        assert app.wishes is NOTHING
        await slowly(pilot, "ctrl+s")
        [(action, arguments)] = app.asked
        assert action == "post_update"
        assert (arguments["audience"], arguments["state"]) == ("team", "investigating")
        assert arguments["text"].startswith("[investigating]")


async def test_an_update_that_is_late_promises_no_moment_that_has_passed() -> None:
    controller = at_work()
    controller.move(900)
    async with dialog("update", controller) as (_, _app, screen):
        snapshot = controller.snapshot()
        assert snapshot is not None
        assert snapshot.next_due is not None
        assert snapshot.next_due < snapshot.now
        promised = snapshot.now + timedelta(seconds=snapshot.playbook.profile.cadence.every_s)
        assert f"Next: {promised:%H:%M} UTC" in screen.query_one(Draft).text


async def test_update_says_what_is_missing_and_goes_back_from_review() -> None:
    async with dialog("update", at_work()) as (pilot, app, screen):
        screen.query_one(Draft).load_text("hello")
        await pilot.pause()
        text = screen_text(app)
        assert "missing:" in text
        assert "impact" in text
        await slowly(pilot, "ctrl+s", "escape")
        assert isinstance(app.screen, UpdateModal)
        assert not app.screen.reviewing
        await slowly(pilot, "escape")
        assert app.wishes is None


async def test_personal_data_is_shown_masked_and_sent_as_it_is_only_when_asked() -> None:
    async with dialog("update", at_work()) as (pilot, app, screen):
        screen.query_one(Draft).load_text("It was caused by the deploy, says jane.doe@example.com.")
        await pilot.pause()
        assert "1:4 cause" in screen_text(app)
        await slowly(pilot, "ctrl+s")
        assert "[address]" in screen_text(app)
        await slowly(pilot, "ctrl+o")
        assert "GO OUT AS THEY ARE" in screen_text(app)
        await slowly(pilot, "ctrl+s")
        assert app.asked[0][1]["raw"] is True


async def test_update_takes_another_template_but_never_over_edited_words() -> None:
    async with dialog("update", at_work()) as (pilot, _, screen):
        assert isinstance(screen, UpdateModal)
        screen.query_one("#state").focus()
        await slowly(pilot, "right")
        assert screen.draft.startswith("[identified]")
        screen.query_one(Draft).load_text("my own words")
        await slowly(pilot, "right")
        assert screen.draft == "my own words"


async def test_an_update_that_was_pasted_is_cleaned_and_cut() -> None:
    async with dialog("update", at_work()) as (pilot, app, screen):
        screen.query_one(Draft).load_text("")
        app.post_message(events.Paste("\x1b]0;x\x07" + "\t" * 50_000))
        await pilot.pause()
        assert isinstance(screen, UpdateModal)
        assert "\x1b" not in screen.draft
        assert len(screen.draft) <= 4_000


# -- all of them

NAMES = ("severity", "undo", "canary", "all_clear", "classify", "characterise", "hypotheses", "roles", "update")
HOSTILE = "[/nosuch] [@click=app.quit]x[/] \x1b[2J\x1b]52;c;cHduZWQ=\x07 \u202egnp.exe \U000e0041"


@pytest.mark.parametrize("size", [(160, 45), (80, 24), (40, 12)])
async def test_every_dialog_opens_at_any_size_with_hostile_words_and_escape_leaves_it(size: tuple[int, int]) -> None:
    controller = FakeController(hostile=HOSTILE)
    for action, arguments in (
        ("acknowledge", {}), ("set_severity", {"severity": "SEV1"}), ("set_hypothesis", {"hypothesis": HOSTILE}),
        ("take_role", {"role": "ic"}), ("hand_over_role", {"role": "ic", "to": HOSTILE}),
        ("set_scope", {"routes": [HOSTILE], "prompt": HOSTILE}), ("pull_lever", {"lever": "kill_switch"}),
    ):  # fmt: skip
        controller.do(action, arguments)
    controller.move(200)
    app = Stage()
    async with app.run_test(size=size) as pilot:
        for name, arguments in (*((name, {}) for name in NAMES), ("plan", {"lever": "pin_model"})):
            screen = app.open(name, controller, **arguments)
            await pilot.pause()
            screen.show(controller.move(1))
            await pilot.pause()
            drawn = screen_text(app)
            assert not {one for one in drawn if (ord(one) < 32 and one != "\n") or one == "\u202e"}, name
            await slowly(pilot, "escape")
            assert app.wishes is None, name
            assert not isinstance(app.screen, AskModal), name


async def test_news_do_not_move_what_was_chosen() -> None:
    controller = killed()
    async with dialog("severity", controller) as (pilot, _, screen):
        await slowly(pilot, "3")
        screen.show(controller.move(30))
        await pilot.pause()
        assert screen.query_one(Rows).cursor == "SEV3"
