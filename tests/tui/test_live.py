"""The cockpit on a live incident: what is hit, three facts kept apart, doubt that can't be missed, honest gaps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cockpit.domain.levers import LeverPlan
from cockpit.tui.actions import BY_ID, shown
from cockpit.tui.app import CockpitApp
from cockpit.tui.messages import Wish
from cockpit.tui.panes.levers import LeversPane
from cockpit.tui.panes.phrases import names_of, phrase
from cockpit.tui.ports import HomeData, RunLine, TuiSettings
from cockpit.tui.screens.ask import AskScreen
from cockpit.tui.screens.plan import PlanModal
from cockpit.tui.text import Plain
from tests.tui.dialogs import dialog
from tests.tui.driving import SIZES, cockpit, opened, said, screen_text, until
from tests.tui.fake_world import PAGE
from tests.tui.fakes import FakeController
from tests.tui.live_world import LiveController, live
from tests.tui.stage import Stage, type_code
from tests.tui.stage import screen_text as stage_text
from tests.tui.stage import shown as read
from tests.tui.test_app_home import FakeHome

KILL = {"lever": "kill_switch"}


def pulled(fate: str = "", *, seconds: float = 6, **given: Any) -> LiveController:
    """Pull the kill switch, and wait until what became of it is told."""
    incident = live(**given)
    incident.do("set_severity", {"severity": "SEV1"})
    incident.world.fates["kill_switch"] = fate
    incident.do("pull_lever", KILL)
    incident.move(seconds)
    return incident


async def levers_of(incident: FakeController) -> str:
    """Read the levers' pane as one line of text."""
    pane = LeversPane()
    app = Stage(pane)
    async with app.run_test(size=(60, 40)) as pilot:
        await pilot.pause()
        return " ".join(read(pane, incident).split())


@pytest.mark.parametrize(("mode", "mark"), [("live", "● LIVE"), ("range", "◆ RANGE")])
async def test_the_mark_is_there_at_every_size(mode: str, mark: str) -> None:
    async with opened(live(mode=mode)) as (app, pilot, _):
        for size in SIZES.values():
            await pilot.resize_terminal(*size)
            await until(pilot, lambda: mark in screen_text(app).split("\n")[0])
            assert "DRILL" not in screen_text(app)


async def test_live_and_drill_differ_without_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened(live(), "narrow", TuiSettings()) as (app, _, _controller):
        assert "● LIVE" in screen_text(app)


def test_keys_that_make_no_sense_are_not_shown() -> None:
    drill, real, exercise = (one.snapshot() for one in (FakeController(), live(), live(mode="range")))
    names = [{command.id for command in shown(snapshot)} for snapshot in (drill, real, exercise)]
    assert names[0] - names[1] == {"pause", "debrief"}
    assert names[0] - names[2] == {"pause"}
    assert all("approve" not in one for one in names)


async def test_what_only_drills_can_do_says_so() -> None:
    async with opened(live(), "small") as (app, pilot, controller):
        await pilot.press("z")
        await until(pilot, lambda: "time can't be stopped" in said(app))
        await pilot.press("b")
        await until(pilot, lambda: "no score" in said(app))
        assert controller.done == []


async def test_an_exercise_s_debrief_waits_until_its_harm_is_counted() -> None:
    async with opened(live(mode="range"), "small") as (app, pilot, controller):
        await pilot.press("b")
        await until(pilot, lambda: isinstance(app.screen, AskScreen))
        await pilot.press("enter")
        await until(pilot, lambda: ("end_drill", {}) in controller.done)
        controller.renew()
        await until(pilot, lambda: "■ over" in screen_text(app))
        await pilot.press("b")
        await until(pilot, lambda: "still being counted" in said(app))


async def test_leaving_says_that_nothing_is_watched_any_more() -> None:
    async with opened(live(), "small") as (app, pilot, _):
        await pilot.press("q")
        await until(pilot, lambda: isinstance(app.screen, AskScreen))
        words = " ".join(str(plain.content) for plain in app.screen.query(Plain))
        assert "nothing is watched from here" in words


async def test_leaving_a_range_says_that_the_systems_are_put_back() -> None:
    async with opened(live(mode="range"), "small") as (app, pilot, _):
        await pilot.press("q")
        await until(pilot, lambda: isinstance(app.screen, AskScreen))
        words = " ".join(str(plain.content) for plain in app.screen.query(Plain))
        assert "what it changed on your staging systems is put back" in words
        assert "It can't be gone on with" in words
        assert "levers stay as they are" not in words


async def test_the_three_facts_come_before_the_address() -> None:
    text = await levers_of(pulled())
    assert text.index("not proven:") < text.index("flag:kill_switch@production")


@pytest.mark.parametrize("size", ["medium", "small", "narrow"])
async def test_what_becomes_of_a_pull_comes_into_view(size: str) -> None:
    incident = live()
    incident.do("freeze_evidence")
    async with opened(incident, size) as (app, pilot, _):
        cockpit(app).board.go(1)
        await pilot.pause()
        assert 5 not in cockpit(app).board.shown
        await pilot.press("k")
        await until(pilot, lambda: isinstance(app.screen, PlanModal) and app.screen.plan is not None)
        await type_code(pilot)
        await until(pilot, lambda: 5 in cockpit(app).board.shown and "asked" in screen_text(app))


async def test_who_sees_the_levers_already_is_left_where_they_are() -> None:
    incident = live()
    async with opened(incident) as (app, pilot, _):
        cockpit(app).board.go(4)
        app.carry_out(Wish("pull_lever", dict(KILL)))
        await until(pilot, lambda: bool(incident.session.state.pulls))
        await pilot.pause()
        assert cockpit(app).board.current == 4


async def test_three_facts_come_one_after_the_other() -> None:
    incident = pulled(seconds=1)
    asked = await levers_of(incident)
    assert "◌ asked" in asked
    assert "◌ not stored yet" in asked
    assert "◌ not on the wire yet" in asked
    incident.move(5)
    stored = await levers_of(incident)
    assert "✔ stored" in stored
    assert "not proven: 10/20 answers carry it" in stored
    assert "PULLED, NOT PROVEN" in stored
    incident.move(60)
    assert "✔ on the wire" in await levers_of(incident)


async def test_nothing_is_green_before_it_is_stored() -> None:
    incident, pane = pulled(seconds=1), LeversPane()
    app = Stage(pane)
    async with app.run_test(size=(60, 40)) as pilot:
        await pilot.pause()
        read(pane, incident)
        styles = [str(span.style) for row in pane.drawn for span in row.content.spans]
        assert not any("$text-success" in style for style in styles)


async def test_unknown_can_not_be_missed() -> None:
    text = await levers_of(pulled("unknown"))
    assert "? UNKNOWN WHETHER A PULL ARRIVED" in text
    assert "UNKNOWN whether it is stored: asked again with the same key" in text
    assert "flags did not answer" in text


async def test_doubt_stands_below_the_next_step_wherever_one_looks() -> None:
    async with opened(pulled("unknown")) as (app, pilot, _):
        cockpit(app).board.go(1)
        assert "? UNKNOWN whether Kill switch arrived" in screen_text(app)
        await pilot.resize_terminal(*SIZES["narrow"])
        await until(pilot, lambda: "? UNKNOWN whether Kill switch arrived" in screen_text(app))


async def test_refused_says_why_with_both_values() -> None:
    text = await levers_of(pulled("refused"))
    assert "✖ REFUSED: nothing was changed" in text
    assert "it was on when you planned, it is on now" in text


async def test_a_harm_signal_that_is_silent_is_no_quiet() -> None:
    incident = pulled(seconds=30)
    frame = incident.renew().frame
    silent = tuple(replace(one, latest=float("nan")) for one in frame.series)
    incident.renew(frame=replace(frame, series=silent))
    text = await levers_of(incident)
    assert "CONTAINED CAN'T BE MEASURED: the harm signal is silent" in text
    assert "not measured now" in text
    assert "nan" not in text


async def test_what_is_not_measured_is_called_inside_of_nothing() -> None:
    incident = pulled(seconds=30)
    frame = incident.renew().frame
    nan = float("nan")
    silent = tuple(replace(one, latest=nan, baseline=nan) for one in frame.series)
    incident.renew(frame=replace(frame, series=silent), problem="flags can't be reached", changes=())
    async with dialog("card", incident, (100, 40)) as (_, app, _):
        text = stage_text(app)
        assert "not measured" in text
        assert "inside" not in text
        assert "nan " not in text
    async with dialog("changes", incident, (100, 40)) as (_, app, _):
        assert "flags can't be reached" in stage_text(app)


async def test_a_harm_signal_s_name_is_whole_in_a_narrow_pane() -> None:
    incident = pulled(seconds=30)
    frame = incident.renew().frame
    named = tuple(replace(one, label="leaks of other tenants / min") for one in frame.series)
    incident.renew(frame=replace(frame, series=named))
    pane = LeversPane()
    app = Stage(pane)
    async with app.run_test(size=(36, 40)):
        text = " ".join(read(pane, incident).split())
    assert "leaks of other tenants / min" in text
    assert "chars›" not in text


async def test_what_somebody_else_has_moved_is_no_longer_green() -> None:
    incident = pulled(seconds=60)
    assert "● proven" in await levers_of(incident)
    incident.world.meddle("kill_switch", "on")
    incident.move(1)
    text = await levers_of(incident)
    assert "▲ SOMEBODY ELSE MOVED IT: Kill switch is on" in text
    assert "it is on now: somebody changed it since" in text
    assert "● proven" not in text


async def test_what_somebody_else_has_moved_can_be_pulled_again() -> None:
    incident = pulled(seconds=60)
    incident.do("freeze_evidence")
    async with dialog("plan", incident, lever="kill_switch") as (_, app, _screen):
        assert "it is pulled already and proven" in " ".join(stage_text(app).split())
    incident.world.meddle("kill_switch", "on")
    incident.move(1)
    async with dialog("plan", incident, lever="kill_switch") as (pilot, app, _screen):
        await type_code(pilot)
        assert [action for action, _ in app.asked] == ["pull_lever"]
    assert incident.do("pull_lever", KILL).result().refused == ""
    incident.move(60)
    assert [pull.stage for pull in incident.session.state.pulls] == ["undone", "proven"]
    assert len(incident.session.state.debt) == 1
    assert "MOVED" not in await levers_of(incident)


async def test_an_old_look_is_not_taken_for_somebody_else() -> None:
    incident = pulled(seconds=6)
    incident.world.meddle("kill_switch", "on")
    incident.world.looked_before_s = 30.0
    text = await levers_of(incident)
    assert "MOVED" not in text
    assert "Kill switch faq ◐ stored" in text


async def test_a_canary_is_nobody_else() -> None:
    incident = pulled(seconds=300)
    incident.do("open_canary")
    incident.world.meddle("kill_switch", "on")
    incident.move(1)
    assert "MOVED" not in await levers_of(incident)


async def test_a_plan_that_could_not_be_made_shows_nothing_but_why() -> None:
    incident = live()
    async with dialog("plan", incident, lever="kill_switch") as (pilot, app, screen):
        assert isinstance(screen, PlanModal)
        refused = LeverPlan("kill_switch", "", {}, "unknown", "", 0.0, (0.0, 0.0), "", "", refused="flags is silent")
        screen.plan = refused
        screen.redraw()
        await pilot.pause()
        text = stage_text(app)
        assert "flags is silent" in text
        assert "unknown" not in text
        assert "of traffic" not in text


async def test_pulls_name_the_real_system() -> None:
    assert "PRODUCTION flags · flag:kill_switch@production" in await levers_of(pulled())


async def test_probes_that_nobody_answered_are_no_fraction() -> None:
    incident = pulled()
    incident.world.probed = False
    incident.move(2)
    assert "no answer seen yet" in await levers_of(incident)


async def test_without_a_harm_signal_nothing_claims_containment() -> None:
    incident = live()
    incident.world.measured = False
    incident.do("pull_lever", KILL)
    incident.move(600)
    text = await levers_of(incident)
    assert "CONTAINED CAN'T BE MEASURED" in text
    assert "✔ CONTAINED" not in text


async def test_gaps_are_told_where_signals_and_traces_would_be() -> None:
    incident = live()
    incident.world.measured = False
    incident.move(5)
    incident.renew(traces=0)
    async with opened(incident) as (app, _, _controller):
        text = " ".join(screen_text(app).split())
        assert "No signals configured: [signals] in cockpit.toml" in text
        assert "No traces have come" in text


async def test_a_drill_waits_for_its_traces_without_a_word() -> None:
    controller = FakeController()
    controller.renew(traces=0)
    async with opened(controller) as (app, _, _controller):
        assert "No traces have come" not in screen_text(app)


def test_the_log_is_loud_where_somebody_went_alone() -> None:
    incident = live(2)
    reason = "nobody answers the pager"
    incident.do("pull_lever", {**KILL, "alone": reason})
    said_ = phrase(incident.session.log[-1])
    assert (f"ALONE, without a second person: {reason}" in said_.text, "$text-error" in said_.style) == (True, True)


def test_the_log_calls_a_pull_by_its_lever() -> None:
    log = pulled().session.log
    texts = [phrase(event, names_of(log)).text for event in log]
    assert "Kill switch stored, read back: faq" in texts


async def test_the_log_calls_a_step_of_the_canary_by_its_name() -> None:
    incident = pulled(seconds=300)
    incident.do("open_canary")
    incident.do("abort_canary")
    names = names_of(incident.session.log)
    assert list(names.values()) == ["Kill switch", "canary", "closed canary"]


async def test_taking_command_is_said_in_words() -> None:
    async with opened(live(), "small") as (app, pilot, _):
        await pilot.press("r")
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, lambda: "You hold IC now" in said(app))


class RealHome(FakeHome):
    """A live incident, one that is over, and an exercise."""

    def load(self) -> HomeData:
        """List them."""
        runs = (
            RunLine("INC-0003", "Refunds are promised", "", 0, PAGE, mode="live"),
            RunLine("INC-0002", "Late answers", "", 0, PAGE, True, mode="live"),
            RunLine("INC-0001", "Try the switch", "injection-leak", 7, PAGE, mode="range"),
            RunLine("INC-0000", "Left", "injection-leak", 7, PAGE),
        )
        return HomeData((), runs, ("default",))


async def test_home_lists_live_incidents_apart_and_joins_one() -> None:
    home = RealHome()
    app = CockpitApp(home=home)
    async with app.run_test(size=(100, 24)) as pilot:
        await until(pilot, lambda: "Live incidents" in screen_text(app))
        text = screen_text(app)
        assert text.index("Live incidents") < text.index("INC-0003") < text.index("INC-0002")
        assert text.index("INC-0002") < text.index("Go on where it was") < text.index("INC-0001")
        assert "on staging" in text
        assert "open: enter joins" in text
        await pilot.press("enter")
        await until(pilot, lambda: home.resumed == ["INC-0003"])


async def test_the_all_clear_of_a_live_incident_is_followed_by_notes() -> None:
    incident = pulled(seconds=300)
    points = ("evidence", "named", "told", "ic", "reopened", "debt")
    incident.do("all_clear", {"reasons": dict.fromkeys(points, "nobody else is awake")})
    async with opened(incident) as (app, pilot, controller):
        assert "LIVE · all clear" in screen_text(app)
        await pilot.press("n")
        await pilot.pause()
        await pilot.press(*"later", "enter")
        await until(pilot, lambda: ("note", {"text": "later"}) in controller.done)


def test_the_key_of_the_second_person_is_in_the_registry() -> None:
    assert BY_ID["approve"].keys == ("p",)
