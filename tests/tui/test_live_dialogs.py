"""Dialogs on real systems: the plan that was looked at, the second person, the word that stands for a measurement."""

from __future__ import annotations

from dataclasses import replace

from textual.widgets import Input

from cockpit.domain.events import Kind
from cockpit.tui.screens.approve import ApproveModal
from cockpit.tui.screens.changes import ChangesScreen
from cockpit.tui.screens.confirm import CodeBox
from cockpit.tui.screens.plan import PlanModal
from cockpit.world.port import Change
from tests.tui.dialogs import dialog
from tests.tui.driving import opened, said, until
from tests.tui.fake_world import PAGE
from tests.tui.live_world import LiveController, beside, live
from tests.tui.stage import screen_text, slowly, type_code

REASON = "nobody answers the pager"


def flat(text: str) -> str:
    """Read a screen as one line."""
    return " ".join(text.replace("│", " ").split())


async def test_a_plan_names_what_it_hits_and_is_pulled_as_it_was_seen() -> None:
    incident = live()
    incident.do("freeze_evidence")
    async with dialog("plan", incident, lever="kill_switch") as (pilot, app, _):
        text = flat(screen_text(app))
        assert "hits PRODUCTION flags · flag:kill_switch@production" in text
        assert "on → faq (version 12, set by mia)" in text
        await type_code(pilot)
        assert app.asked == [("pull_lever", {"lever": "kill_switch", "target": "faq", "seen": "12", "saw": "on"})]


async def test_a_plan_on_staging_says_so() -> None:
    incident = live(mode="range")
    async with dialog("plan", incident, lever="kill_switch") as (_, app, _screen):
        assert "hits staging flags" in flat(screen_text(app))


async def test_an_exercise_can_not_touch_production() -> None:
    incident = live(mode="range")
    incident.world.staging = False
    reason = incident.do("pull_lever", {"lever": "kill_switch"}).result().refused
    assert "flags is a production system" in reason
    incident.world.staging = True
    assert incident.do("pull_lever", {"lever": "kill_switch"}).result().refused == ""


async def test_what_moved_behind_the_plan_is_not_pulled() -> None:
    incident = live()
    incident.do("freeze_evidence")
    async with opened(incident) as (app, pilot, controller):
        await pilot.press("k")
        await until(pilot, lambda: isinstance(app.screen, PlanModal) and app.screen.plan is not None)
        incident.world.meddle("kill_switch", "half")
        await type_code(pilot)
        await until(pilot, lambda: "since you looked" in said(app))
        assert "it was on (version 12), now it is half (version 13)" in said(app)
        assert controller.session.state.pulls == ()


async def test_two_people_propose_and_approve_at_two_terminals() -> None:
    ada = live(2, actor="ada")
    ada.do("freeze_evidence")
    async with opened(ada) as (app, pilot, _):
        await pilot.press("k")
        await until(pilot, lambda: isinstance(app.screen, PlanModal) and app.screen.two)
        assert "two: you propose, somebody else approves" in flat(screen_text(app))
        await type_code(pilot)
        await until(pilot, lambda: "Proposed, not pulled" in said(app))
    assert ada.world.orders == []
    await _approved(beside(ada, "lin"))
    assert [order.lever for order in ada.world.orders] == ["kill_switch"]


async def _approved(lin: LiveController) -> None:
    async with opened(lin) as (app, pilot, _):
        assert "ada proposes Kill switch" in flat(screen_text(app))
        await pilot.press("p")
        await until(pilot, lambda: isinstance(app.screen, ApproveModal) and app.screen.plan is not None)
        await pilot.pause()
        await type_code(pilot)
        await until(pilot, lambda: "Approved and pulled" in said(app))
    pull = lin.session.state.pulls[0]
    assert (pull.proposer, pull.actor) == ("ada", "lin")


async def test_nobody_approves_their_own_but_may_withdraw_it() -> None:
    ada = live(2, actor="ada")
    ada.do("pull_lever", {"lever": "kill_switch"})
    async with dialog("approve", ada) as (pilot, app, screen):
        assert "you proposed it yourself" in flat(screen_text(app))
        assert not screen.query_one(CodeBox).display
        await pilot.press("ctrl+w")
        await pilot.pause()
        assert app.asked == [("withdraw_lever", {"lever": "kill_switch"})]


async def test_an_undo_is_approved_too() -> None:
    ada = live(2, actor="ada")
    lin = beside(ada, "lin")
    ada.do("pull_lever", {"lever": "kill_switch"})
    lin.do("approve_lever", {"lever": "kill_switch"})
    lin.move(10)
    lin.do("undo_lever", {"lever": "kill_switch"})
    ada.renew()
    async with dialog("approve", ada) as (pilot, app, _):
        assert "lin proposes undo Kill switch faq → on" in flat(screen_text(app))
        await type_code(pilot)
        assert app.asked == [("approve_lever", {"lever": "kill_switch"})]


async def test_what_took_two_says_that_its_undo_is_only_proposed() -> None:
    ada = live(2, actor="ada")
    ada.do("pull_lever", {"lever": "kill_switch"})
    beside(ada, "lin").do("approve_lever", {"lever": "kill_switch"})
    ada.move(10)
    async with dialog("undo", ada) as (_, app, _screen):
        assert "to propose the undo: type" in screen_text(app)


async def test_going_alone_takes_a_reason_and_the_code() -> None:
    incident = live(2)
    incident.do("freeze_evidence")
    async with dialog("plan", incident, (100, 30), lever="kill_switch") as (pilot, app, screen):
        await pilot.press("ctrl+b")
        await pilot.pause()
        assert "ALONE, without a second person" in screen_text(app)
        assert not screen.query_one(CodeBox).display
        screen.query_one("#alone", Input).value = REASON
        await pilot.pause()
        await slowly(pilot, "enter")
        await type_code(pilot)
        [(action, arguments)] = app.asked
        assert (action, arguments["alone"]) == ("pull_lever", REASON)


async def test_a_plan_of_one_person_offers_no_going_alone() -> None:
    async with dialog("plan", live(), lever="kill_switch") as (pilot, app, screen):
        assert isinstance(screen, PlanModal)
        await pilot.press("ctrl+b")
        await pilot.pause()
        assert not screen.going_alone
        assert "ALONE" not in screen_text(app)


async def test_a_lever_in_doubt_shows_its_facts_in_its_plan() -> None:
    incident = live()
    incident.world.fates["kill_switch"] = "unknown"
    incident.do("pull_lever", {"lever": "kill_switch"})
    incident.move(6)
    async with dialog("plan", incident, lever="kill_switch") as (_, app, screen):
        assert "UNKNOWN whether it is stored" in flat(screen_text(app))
        assert not screen.query_one(CodeBox).display


async def test_an_all_clear_without_a_measurement_needs_a_word() -> None:
    incident = live()
    incident.world.measured = False
    incident.move(5)
    async with dialog("all_clear", incident) as (pilot, app, screen):
        assert "no harm signal is configured" in flat(screen_text(app))
        assert not screen.query_one(CodeBox).display
        for _ in range(5):
            await pilot.press(*"fifty", "space", *"answers")
            await slowly(pilot, "enter")
        await type_code(pilot)
        [(action, given)] = app.asked
        assert (action, given["judged"]) == ("all_clear", "fifty answers")
        assert set(given["reasons"]) == {"evidence", "named", "told", "ic"}


async def test_harm_that_is_measured_offers_no_word_instead() -> None:
    async with dialog("all_clear", live()) as (_, app, screen):
        assert not screen.query_one("#reason", Input).parent.display  # type: ignore[union-attr]
        assert "harm has not" in flat(screen_text(app)) or "harm goes on" in flat(screen_text(app))


async def test_undo_names_the_system() -> None:
    incident = live()
    incident.do("pull_lever", {"lever": "kill_switch"})
    incident.move(10)
    async with dialog("undo", incident, lever="kill_switch") as (_, app, _screen):
        assert "PRODUCTION flags · flag:kill_switch@production" in flat(screen_text(app))


async def test_a_provider_s_own_word_is_told_as_that() -> None:
    incident = live()
    said_ = Change("status:1", PAGE, "Elevated errors on sonnet", "provider", "", "monitoring", "vendor status")
    snapshot = replace(incident.renew(), changes=(said_,))
    rows = "\n".join(row.content.plain for row in ChangesScreen(snapshot, incident).rows_of(snapshot, 100))
    assert "◇" in rows
    assert "says the provider: monitoring" in rows


async def test_a_canary_that_could_not_be_closed_offers_to_close_it() -> None:
    incident = live()
    incident.do("pull_lever", {"lever": "kill_switch"})
    incident.move(300)
    incident.do("open_canary")
    incident.do("abort_canary")
    canary = incident.session.state.canary
    assert canary is not None
    refused = incident.session.context("flags").event(Kind.LEVER_REFUSED, op=canary.op, reason="not allowed")
    incident.session.record([refused])
    incident.renew()
    async with dialog("canary", incident) as (pilot, app, _):
        text = flat(screen_text(app))
        assert "STILL OPEN at 5 %" in text
        assert "not allowed" in text
        assert "widen" not in text
        await type_code(pilot)
        assert app.asked == [("abort_canary", {})]
