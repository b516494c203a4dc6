"""The working panes: what they say at each point of an incident, and what their keys ask for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TypeVar

import pytest
from textual.message import Message
from textual.pilot import Pilot

from cockpit.tui.messages import ActionRequested, ModalRequested, PlanRequested
from cockpit.tui.panes.comms import CommsPane
from cockpit.tui.panes.levers import LeversPane
from cockpit.tui.panes.pane import RowPane
from cockpit.tui.panes.severity import SeverityPane
from cockpit.tui.panes.tree import TreePane
from tests.tui.fakes import FakeController
from tests.tui.stage import Stage, screen_text, shown, slowly

M = TypeVar("M", bound=Message)
WIDE = (60, 30)
HOSTILE = "[/nosuch] [@click=app.quit]x[/] \x1b[2J\x1b]52;c;cHduZWQ=\x07 \u202egnp.exe"


@asynccontextmanager
async def staged(pane: RowPane, size: tuple[int, int] = WIDE) -> AsyncIterator[tuple[Pilot[None], list[Message]]]:
    posted: list[Message] = []
    app = Stage(pane)
    async with app.run_test(size=size, message_hook=posted.append) as pilot:
        pane.focus()
        await pilot.pause()
        yield pilot, posted


def asked(posted: list[Message], kind: type[M]) -> list[M]:
    once = {id(message): message for message in posted}
    return [message for message in once.values() if isinstance(message, kind)]


async def test_severity_says_that_nobody_has_called_it_and_which_key_does() -> None:
    pane, controller = SeverityPane(), FakeController()
    async with staged(pane) as (pilot, posted):
        text = shown(pane, controller)
        assert "not called yet: press s" in text
        assert "the rubric says SEV1" in text
        await slowly(pilot, "enter")
        assert asked(posted, ModalRequested)[0].modal == "severity"


async def test_who_comes_to_the_levers_by_their_key_stands_on_the_advised_one() -> None:
    pane, controller = LeversPane(), FakeController()
    advised = replace(controller.renew().advice, action="pull_lever", lever="kill_switch")
    controller.renew(advice=advised)
    async with staged(pane) as (pilot, posted):
        shown(pane, controller)
        pane.select("lever:revert_prompt")
        pane.called()
        await slowly(pilot, "enter")
        assert [plan.lever for plan in asked(posted, PlanRequested)] == ["kill_switch"]


async def test_severity_shows_fired_rules_first_with_evidence_and_floor() -> None:
    pane, controller = SeverityPane(), FakeController()
    controller.do("acknowledge")
    controller.do("set_severity", {"severity": "SEV1"})
    async with staged(pane):
        text = shown(pane, controller)
        assert "✔ SEV1 leaking another user's data  floor" in text
        assert "leak seen yes" in text
        assert text.index("✔ SEV1 injected") < text.index("cost ≥ 100× baseline")
        assert "called 02:14:06 by you" in text


async def test_severity_keeps_the_history_of_calls() -> None:
    pane, controller = SeverityPane(), FakeController()
    controller.do("acknowledge")
    controller.session.do("set_severity", {"severity": "SEV1"}, actor="you")
    controller.move(90)
    controller.world.hostile = ""
    snapshot = controller.renew()
    state = snapshot.state
    again = type(state.severities[0])("SEV2", snapshot.now, "ada", 99)
    async with staged(pane):
        pane.show(replace(snapshot, state=replace(state, severities=(*state.severities, again))))
        text = "\n".join(one.content.plain for one in pane.drawn)
        assert "SEV1 for 01:30" in text
        assert "▲ the rubric says SEV1: press s" in text


async def test_tree_answers_the_open_question_by_number_and_enter() -> None:
    pane, controller = TreePane(), FakeController()
    async with staged(pane) as (pilot, posted):
        text = shown(pane, controller)
        assert "Users at risk right now?" in text
        assert "leak seen yes" in text
        await slowly(pilot, "2", "1", "enter")
        requested = asked(posted, ActionRequested)
        assert [(one.action, one.arguments) for one in requested] == [
            ("answer", {"question": "at_risk", "answer": "yes"})
        ]


@pytest.mark.parametrize("focused_first", [True, False])
async def test_tree_brings_the_answers_of_the_open_question_into_view(focused_first: bool) -> None:
    pane, controller = TreePane(), FakeController()
    steps = [("at_risk", "yes"), ("stopped", "yes")]
    async with staged(pane, size=(34, 10)) as (pilot, _):
        if not focused_first:
            pilot.app.set_focus(None)
        for question, answer in steps:
            controller.do("answer", {"question": question, "answer": answer})
            shown(pane, controller)
        pane.focus()
        await pilot.pause()
        rows = [number for number, one in enumerate(pane.drawn) if one.key.startswith("answer:")]
        top, height = int(pane.scroll_offset.y), pane.scrollable_content_region.height
        assert rows
        assert top <= rows[0] < rows[-1] < top + height


async def test_tree_leaves_numbers_without_an_answer_to_the_cockpit() -> None:
    pane, controller = TreePane(), FakeController()
    async with staged(pane) as (pilot, _):
        shown(pane, controller)
        before = pane.cursor
        heard: list[str] = []
        pilot.app.bind("5", "heard", description="pane 5")
        setattr(pilot.app, "action_heard", lambda: heard.append("5"))  # noqa: B010
        await slowly(pilot, "5", "2")
        assert heard == ["5"]
        assert pane.cursor != before


async def test_tree_takes_a_superscript_for_no_number() -> None:
    pane, controller = TreePane(), FakeController()
    async with staged(pane) as (pilot, _):
        shown(pane, controller)
        before = pane.cursor
        await slowly(pilot, "²")
        assert pane.cursor == before


async def test_tree_shows_the_walk_offers_the_lever_and_opens_a_question_again() -> None:
    pane, controller = TreePane(), FakeController()
    controller.do("answer", {"question": "at_risk", "answer": "yes"})
    async with staged(pane) as (pilot, posted):
        text = shown(pane, controller)
        assert "└ yes 02:14 you" in text
        assert "Harm stopped on the wire?" in text
        pane.select("lever:kill_switch")
        await slowly(pilot, "enter")
        assert asked(posted, PlanRequested)[0].lever == "kill_switch"
        pane.select("question:at_risk")
        await slowly(pilot, "enter", "down", "enter")
        await pilot.pause()
        assert asked(posted, ActionRequested)[-1].arguments == {"question": "at_risk", "answer": "no"}


async def test_tree_counts_what_is_characterised_and_opens_symptoms() -> None:
    pane, controller = TreePane(), FakeController()
    controller.do("characterise", {"since": "02:11", "fraction": 0.08})
    controller.do("set_scope", {"routes": ["/support"], "tenants": ["acme"]})
    controller.do("set_class", {"class": "pii_leak"})
    controller.do("set_hypothesis", {"hypothesis": "the index", "status": "supported"})
    async with staged(pane):
        text = shown(pane, controller)
        assert "Characterise 2/5" in text
        assert "missing: shape" in text
        assert "/support · 8.0% of traffic · since 02:11" in text.replace("\n        ", " ")
        assert "✔ the index supported" in text
        assert "answers show other customers' data" in text


@pytest.mark.parametrize(("key", "modal"), [("i", "classify"), ("g", "characterise"), ("h", "hypotheses")])
async def test_tree_keys_open_their_dialogs(key: str, modal: str) -> None:
    pane, controller = TreePane(), FakeController()
    async with staged(pane) as (pilot, posted):
        shown(pane, controller)
        await slowly(pilot, key)
        assert asked(posted, ModalRequested)[0].modal == modal


async def test_levers_tell_pulled_from_proven_from_contained() -> None:
    pane, controller = LeversPane(), FakeController()
    async with staged(pane):
        assert "no lever pulled" in shown(pane, controller)
        controller.do("pull_lever", {"lever": "kill_switch"})
        controller.move(6)
        text = shown(pane, controller)
        assert "PULLED, NOT PROVEN" in text
        assert "CONTAINED" not in text
        controller.move(10)
        text = shown(pane, controller)
        assert "PROVEN, NOT CONTAINED YET" in text
        assert "20/20 answers carry faq-01" in text
        controller.move(180)
        text = shown(pane, controller)
        assert "✔ CONTAINED since" in text
        assert "leaks 8.0 → 0.0  line 0.5" in text


async def test_levers_enter_opens_a_plan_and_never_pulls() -> None:
    pane, controller = LeversPane(), FakeController()
    async with staged(pane) as (pilot, posted):
        shown(pane, controller)
        pane.select("lever:pin_model")
        await slowly(pilot, "enter")
        assert asked(posted, PlanRequested)[0].lever == "pin_model"
        assert not asked(posted, ActionRequested)
        assert controller.done == []


async def test_levers_cursor_stays_on_its_lever_when_news_arrive() -> None:
    pane, controller = LeversPane(), FakeController()
    async with staged(pane):
        shown(pane, controller)
        pane.select("lever:cap_cost")
        controller.do("pull_lever", {"lever": "kill_switch"})
        controller.move(200)
        shown(pane, controller)
        assert pane.cursor == "lever:cap_cost"


async def test_levers_debt_leads_to_undo() -> None:
    pane, controller = LeversPane(), FakeController()
    controller.do("pull_lever", {"lever": "kill_switch"})
    controller.move(20)
    async with staged(pane) as (pilot, posted):
        shown(pane, controller)
        assert "debt 1" in str(pane.border_subtitle)
        pane.select(next(key for key in pane.selectable() if key.startswith("pull:")))
        await slowly(pilot, "enter")
        requested = asked(posted, ModalRequested)[0]
        assert (requested.modal, requested.arguments) == ("undo", {"lever": "kill_switch"})


async def test_comms_follow_the_newest_until_somebody_moves() -> None:
    pane, controller = CommsPane(), FakeController()
    async with staged(pane, (60, 8)) as (pilot, _):
        for number in range(12):
            controller.do("note", {"text": f"note {number}"})
        shown(pane, controller)
        await pilot.pause()
        assert "note 11" in screen_text(pilot.app)
        await slowly(pilot, "up", "up")
        held = pane.cursor
        controller.do("note", {"text": "note 12"})
        shown(pane, controller)
        await pilot.pause()
        assert pane.cursor == held
        assert "note 12" not in screen_text(pilot.app)
        assert "not following" in str(pane.border_title)
        await slowly(pilot, "end")
        shown(pane, controller)
        await pilot.pause()
        assert "note 12" in screen_text(pilot.app)


async def test_comms_open_a_line_in_full() -> None:
    pane, controller = CommsPane(), FakeController()
    long = "a long note that says more than fits on one line of a narrow pane " * 2
    controller.do("note", {"text": long})
    async with staged(pane, (40, 20)) as (pilot, _):
        assert "…" in shown(pane, controller)
        await slowly(pilot, "enter")
        flat = "".join(one.content.plain.strip() + " " for one in pane.drawn)
        assert long.strip() in flat
        assert "recorded" in flat


async def test_comms_count_down_and_say_overdue() -> None:
    pane, controller = CommsPane(), FakeController()
    controller.do("acknowledge")
    controller.do("set_severity", {"severity": "SEV1"})
    async with staged(pane):
        shown(pane, controller)
        assert "next update in" in str(pane.border_subtitle)
        controller.move(3600)
        shown(pane, controller)
        assert "UPDATE OVERDUE" in str(pane.border_subtitle)


@pytest.mark.parametrize("kind", [SeverityPane, TreePane, LeversPane, CommsPane])
@pytest.mark.parametrize("size", [(160, 45), (30, 12), (12, 4)])
async def test_hostile_words_and_any_size_are_survived(kind: type[RowPane], size: tuple[int, int]) -> None:
    pane, controller = kind(), FakeController(hostile=HOSTILE)
    controller.do("acknowledge")
    for action, arguments in (
        ("note", {"text": HOSTILE}),
        ("set_hypothesis", {"hypothesis": HOSTILE}),
        ("set_scope", {"routes": [HOSTILE], "prompt": HOSTILE, "tenants": [HOSTILE]}),
        ("pull_lever", {"lever": "kill_switch"}),
    ):
        controller.do(action, arguments)
    controller.move(30)
    async with staged(pane, size) as (pilot, _):
        text = shown(pane, controller)
        await slowly(pilot, "pagedown", "pageup", "end", "home", "down")
        drawn = text + screen_text(pilot.app)
        assert not {character for character in drawn if ord(character) < 32 and character != "\n"}
        assert "\u202e" not in drawn
        assert pilot.app.is_running


async def test_nothing_is_drawn_again_when_nothing_changed() -> None:
    pane, controller = TreePane(), FakeController()
    async with staged(pane):
        shown(pane, controller)
        before = pane.drawn
        controller.renew()
        shown(pane, controller)
        assert pane.drawn is before
