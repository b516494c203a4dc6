"""The app as a whole: opening, keys, refusals, outcomes, leaving."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest

from cockpit.errors import JournalReadOnly, ScenarioError
from cockpit.session.snapshot import Snapshot
from cockpit.tui.actions import BY_ID, COMMANDS, refusal
from cockpit.tui.app import CockpitApp
from cockpit.tui.panes.stations import StationLine
from cockpit.tui.ports import TuiSettings
from cockpit.tui.runner import Notice
from cockpit.tui.screens.ask import AskScreen
from cockpit.tui.screens.cockpit import CockpitScreen
from cockpit.tui.screens.debrief import DebriefScreen
from cockpit.tui.screens.help import HelpScreen
from cockpit.tui.theme import THEMES
from cockpit.tui.traces.screen import TraceScreen
from tests.tui.driving import SIZES, cockpit, opened, said, screen_text, until
from tests.tui.fakes import INCIDENT, FakeController


async def test_the_frame_stands_before_the_incident_is_open() -> None:
    go = threading.Event()

    def slow() -> FakeController:
        go.wait(5)
        return FakeController()

    app = CockpitApp(slow)
    async with app.run_test(size=SIZES["wide"]) as pilot:
        await pilot.pause()
        text = screen_text(app)
        assert "1 Severity" in text
        assert "6 Comms log" in text
        assert text.count("opening the incident") >= 6
        await pilot.press("a")
        await pilot.pause()
        assert said(app) == "Not now: the incident is still being opened"
        go.set()
        await until(pilot, lambda: "T+00:06" in screen_text(app))


async def test_a_busy_machine_leaves_no_part_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened() as (app, pilot, controller):
        show = StationLine.show

        def slowly(self: StationLine, snapshot: Snapshot) -> None:
            time.sleep(0.1)  # five turns of the others pass meanwhile
            show(self, snapshot)

        monkeypatch.setattr(StationLine, "show", slowly)
        for seconds in (10, 20, 30):
            controller.move(10)
            await until(pilot, lambda words=f"T+00:{6 + seconds:02}": words in screen_text(app), 30)  # type: ignore[misc]


async def test_everything_a_newcomer_needs_is_on_the_screen() -> None:
    async with opened() as (app, _, _controller):
        text = screen_text(app)
    for words in ("SEV?", INCIDENT, "T+00:06", "harm ", "IC –", "DRILL ×4 seed 7", "● Classify", "Next ▸ press a"):
        assert words in text
    for title in ("1 Severity", "2 Decision tree", "3 Signals", "4 Traces", "5 Levers", "6 Comms log"):
        assert title in text


async def test_a_live_incident_can_not_be_mistaken_for_a_drill() -> None:
    async with opened(FakeController(mode="live")) as (app, _, _controller):
        text = screen_text(app)
    assert "● LIVE" in text
    assert "DRILL" not in text


async def test_a_key_acts_and_its_outcome_is_said() -> None:
    async with opened(size="small") as (app, pilot, controller):
        await pilot.press("a")
        await until(pilot, lambda: "Acknowledged" in said(app))
        assert controller.done == [("acknowledge", {})]
        await until(pilot, lambda: "press s" in screen_text(app))


async def test_a_dim_key_says_why() -> None:
    async with opened(size="small") as (app, pilot, controller):
        for key, reason in (("u", "no lever is pulled"), ("o", "nothing is closed"), ("y", "pull a lever first")):
            await pilot.press(key)
            await pilot.pause()
            assert reason in said(app)
        assert controller.done == []


async def test_a_refusal_that_only_the_session_knows_is_said_too() -> None:
    async with opened(size="small") as (app, pilot, controller):
        controller.session.do("acknowledge", actor="ada")
        await pilot.press("a")
        await until(pilot, lambda: said(app).startswith("Not now: "))
        assert "acknowledged already" in said(app)


async def test_a_failure_is_one_line_with_its_next_step() -> None:
    async with opened(size="small") as (app, pilot, controller):
        controller.fail = JournalReadOnly("the disk is full", hint="Free some space, then press the key again.")
        await pilot.press("e")
        await until(pilot, lambda: "disk is full" in said(app))
        assert said(app) == (
            "The journal can't be written: the disk is full. Free some space, then press the key again."
        )


async def test_a_problem_of_the_run_is_always_on_the_screen() -> None:
    async with opened(size="small") as (app, pilot, controller):
        controller.renew(problem="The journal can't be written: the disk is full")
        await until(pilot, lambda: "▲ The journal can't be written" in screen_text(app))


async def test_pause_speed_and_their_limits() -> None:
    async with opened(size="small") as (app, pilot, _):
        await pilot.press("z")
        await until(pilot, lambda: "⏸" in screen_text(app))
        await pilot.press("z")
        await until(pilot, lambda: "⏸" not in screen_text(app))
        for speed in ("8", "15", "30", "60"):
            await pilot.press("+")
            await until(pilot, lambda speed=speed: f"×{speed} " in screen_text(app))  # type: ignore[misc]
        await pilot.press("plus")
        await pilot.pause()
        assert said(app) == "Not now: ×60 is as fast as it goes"


async def test_numbers_and_tab_go_to_panes() -> None:
    async with opened() as (app, pilot, _):
        for number in range(1, 7):
            await pilot.press(str(number))
            await pilot.pause()
            assert cockpit(app).board.current == number
            slot = cockpit(app).board.slot(number)
            assert app.focused is not None
            assert slot in app.focused.ancestors
        await pilot.press("tab")
        await pilot.pause()
        assert cockpit(app).board.current == 1
        await pilot.press("shift+tab")
        await pilot.pause()
        assert cockpit(app).board.current == 6


async def test_news_never_move_the_cursor() -> None:
    async with opened() as (app, pilot, controller):
        await pilot.press("5", "down", "down")
        await pilot.pause()
        focused = app.focused
        for _ in range(4):
            controller.move(15)
            await pilot.pause(0.3)
        assert app.focused is focused


async def test_help_explains_the_pane_under_the_cursor_and_every_key() -> None:
    async with opened() as (app, pilot, _):
        await pilot.press("5", "?")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        await pilot.pause(0.2)
        assert "Levers" in screen_text(app)
        app.screen.query_one("VerticalScroll").scroll_end(animate=False)
        await pilot.pause(0.2)
        assert "ctrl+p" in screen_text(app)
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen is app.cockpit


async def test_each_dialog_opens_and_closes_without_doing_anything() -> None:
    async with opened(size="small") as (app, pilot, controller):
        for key in "sigcrnwmk":
            await pilot.press(key)
            await until(pilot, lambda: app.screen is not app.cockpit)
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is app.cockpit)
        assert controller.done == []


@pytest.mark.filterwarnings("error")
async def test_a_trace_stays_open_while_news_arrive() -> None:
    async with opened() as (app, pilot, controller):
        await pilot.press("4", "enter")
        await until(pilot, lambda: isinstance(app.screen, TraceScreen))
        for _ in range(3):
            controller.move(10)
            await pilot.pause(0.3)
        assert isinstance(app.screen, TraceScreen)
        await pilot.press("x")
        await until(pilot, lambda: any(action == "pin_trace" for action, _ in controller.done))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.cockpit)


async def test_no_single_key_pulls_the_kill_switch() -> None:
    async with opened(size="small") as (_, pilot, controller):
        await pilot.press("k", "enter", "y", "enter", "space", "k")
        await pilot.pause(0.3)
        assert all(action != "pull_lever" for action, _ in controller.done)
        assert not controller.session.state.pulls


async def test_a_note_is_written_and_back_dated() -> None:
    async with opened(size="small") as (app, pilot, controller):
        await pilot.press("n")
        await until(pilot, lambda: app.screen is not app.cockpit)
        await pilot.press(*"hi", "tab", *"23:59", "enter")
        await pilot.pause(0.1)
        assert "no time of day that has passed" in screen_text(app)
        await pilot.press(*["backspace"] * 5, *"02:14", "enter")
        await until(pilot, lambda: bool(controller.done))
        assert controller.done[0][1]["text"] == "hi"
        assert controller.session.log[-1].at.strftime("%H:%M:%S") == "02:14:00"


async def test_leaving_asks_and_says_that_the_drill_goes_on() -> None:
    async with opened(size="small") as (app, pilot, _):
        await pilot.press("q")
        await until(pilot, lambda: isinstance(app.screen, AskScreen))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.cockpit)
        await pilot.press("q", "q")
        await pilot.pause()
        await until(pilot, lambda: app._exit)
        assert INCIDENT in str(app._exit_renderables[0])


async def test_ending_the_drill_asks_first() -> None:
    async with opened() as (app, pilot, controller):
        await pilot.press("b")
        await until(pilot, lambda: isinstance(app.screen, AskScreen))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.cockpit)
        assert controller.done == []
        await pilot.press("b", "enter")
        await until(pilot, lambda: controller.done == [("end_drill", {})])
        await until(pilot, lambda: isinstance(app.screen, DebriefScreen))


async def test_what_can_not_be_opened_ends_with_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    def broken() -> FakeController:
        raise ScenarioError("no such lever 'revert'", file="my.yaml", line=12, hint="Run `cockpit scenario lint`.")

    app = CockpitApp(broken)
    async with app.run_test() as pilot:
        await until(pilot, lambda: app._exit)
    assert app.return_code == 2
    printed = " ".join(capsys.readouterr().err.split())
    assert printed == "The file is not right: my.yaml:12: no such lever 'revert'. Run `cockpit scenario lint`."


async def test_other_keys_can_be_chosen() -> None:
    settings = TuiSettings(keys={"acknowledge": "f2", "severity": "S"})
    async with opened(size="small", settings=settings) as (app, pilot, controller):
        assert "press f2" in screen_text(app)
        await pilot.press("a")
        await pilot.pause()
        assert controller.done == []
        await pilot.press("f2")
        await until(pilot, lambda: controller.done == [("acknowledge", {})])


async def test_every_theme_draws() -> None:
    async with opened(settings=TuiSettings(theme="no-such-theme")) as (app, pilot, _):
        assert app.theme == "cockpit-dark"
        for theme in THEMES:
            app.theme = theme
            await pilot.pause(0.05)
            assert "Next ▸" in screen_text(app)


async def test_the_palette_lists_commands_and_no_screenshot() -> None:
    async with opened(size="small") as (app, pilot, _):
        await pilot.press("ctrl+p")
        await pilot.pause(0.5)
        text = screen_text(app)
        assert "Severity" in text
        assert "creenshot" not in text


async def test_a_click_on_a_key_s_words_is_the_key() -> None:
    async with opened(size="small") as (_, pilot, controller):
        await pilot.click("KeyBar", offset=(2, 0))
        await until(pilot, lambda: controller.done == [("acknowledge", {})])


def test_every_action_of_the_registry_is_reached_by_some_key() -> None:
    from cockpit.session.actions import ACTIONS
    from cockpit.tui.actions import command_for

    assert [name for name in ACTIONS if command_for(name) is None] == []


def test_the_cockpit_s_keys_are_the_registry_s() -> None:
    from cockpit.session.actions import ACTIONS
    from cockpit.tui.actions import command_for

    for action in ACTIONS.values():
        command = command_for(action.name)
        assert command is not None
        assert set(action.keys) <= set(command.keys), action.name


def test_no_two_commands_share_a_key() -> None:
    keys = [key for command in COMMANDS for key in command.keys]
    assert len(keys) == len(set(keys))


def test_a_command_without_needs_may_always_run() -> None:
    snapshot = FakeController().snapshot()
    assert refusal(BY_ID["changes"], snapshot) == ""
    assert refusal(BY_ID["changes"], None) == "the incident is still being opened"


async def test_a_next_step_that_is_too_long_for_a_line_takes_two_unless_something_is_wrong() -> None:
    words = "Look at the signals and a failing trace of a customer, then call a severity (SEV1, SEV2, SEV3, SEV4)."
    controller = FakeController()
    advised = replace(controller.renew().advice, text=words)
    controller.renew(advice=advised)
    async with opened(controller, "small") as (app, pilot, _):
        assert words in " ".join(screen_text(app).split())
        controller.renew(advice=advised, problem="flags can't be reached")
        app.poll()
        await pilot.pause()
        assert words not in " ".join(screen_text(app).split())
        assert "flags can't be reached" in screen_text(app)


@pytest.mark.parametrize("size", ["small", "medium"])
async def test_a_reason_that_is_too_long_for_a_line_takes_two(size: str) -> None:
    words = "the disk is full: free some space or make the folder writable, then try again; what was recorded is safe"
    async with opened(size=size) as (app, pilot, _):
        app.say(Notice(words, "bad"))
        await pilot.pause()
        said = " ".join(screen_text(app).split())
        assert words in said
        assert "Next ▸" not in said


async def test_leaving_a_dialog_twice_leaves_it_once() -> None:
    async with opened(size="small") as (app, pilot, _):
        for key in ("n", "s", "question_mark", "q"):
            await pilot.press(key)
            await until(pilot, lambda: not isinstance(app.screen, CockpitScreen))
            left = app.screen
            left.dismiss()
            left.dismiss()
            await until(pilot, lambda: isinstance(app.screen, CockpitScreen))
            assert app.return_code is None
