"""All failing traces together, on a screen of their own."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from textual.widgets import Input

from cockpit.errors import WorldError
from cockpit.session.look import Look, look_at_rows
from cockpit.session.proposed import Proposed
from cockpit.tui.app import CockpitApp
from cockpit.tui.panes.rows import Rows
from cockpit.tui.screens.groups import words as write
from cockpit.tui.screens.groups.proposal import proposal
from cockpit.tui.screens.groups.screen import GroupsScreen
from cockpit.tui.traces.pane import TracePane
from cockpit.world.port import TraceRow
from tests.hostile.payloads import OWN
from tests.tui.driving import cockpit, opened, until
from tests.tui.fakes import FakeController, Traces
from tests.tui.stage import screen_text, text_of
from tests.tui.trace_fakes import START, row

LEAK, LATE = "order of another customer shown to somebody", "sorry the carrier did not answer in time"


def rows_of_two_causes() -> list[TraceRow]:
    """Five hundred sound answers, then two causes, one of them with prompt v42 and beta-shop alone."""
    found = [row(number, verdict="ok", text=f"parcel {number} is on its way") for number in range(1, 501)]
    for number in range(501, 801):
        if number % 3 == 0:
            found.append(row(number, verdict="leak", text=f"{LEAK} {number}", prompt="v42", tenant="beta-shop"))
        elif number % 10 == 0:
            found.append(row(number, verdict="error", text=f"{LATE} {number}"))
        else:
            found.append(row(number, verdict="ok", text=f"parcel {number} is on its way"))
    return found


def look_of(rows: list[TraceRow]) -> Look:
    return look_at_rows(Traces(rows), START + timedelta(minutes=10))


def texts(rows: list[Any]) -> str:
    return "\n".join(one.content.plain for one in rows)


def controller_with(rows: list[TraceRow]) -> FakeController:
    controller = FakeController()
    controller.traces = Traces(rows)
    return controller


@pytest.mark.parametrize("width", [30, 46, 76, 100])
def test_groups_are_named_counted_and_fit(width: int) -> None:
    look = look_of(rows_of_two_causes())
    made = write.group_rows(look, width)
    assert [one.key for one in made] == ["", "0", "1"]
    assert all(one.content.cell_length <= width for one in made)
    assert "100" in made[1].content.plain
    assert "leak" in made[1].content.plain
    assert max(one.content.cell_length for one in write.group_detail(look.clusters.clusters[0], look, width)) <= width


def test_what_a_group_shares_is_said_with_counts_and_interval() -> None:
    look = look_of(rows_of_two_causes())
    told = " ".join(texts(write.group_detail(look.clusters.clusters[0], look, 200)).split())
    assert "▲ prompt v42 100 % of 100 against 0 % of 680: ×" in told
    assert "Shared, against the passing ones" in told
    assert "▲ prompt" in " ".join(texts(write.layer_rows(look.layers, 200)).split())


def test_scope_says_since_when_how_much_and_whom() -> None:
    look = look_of(rows_of_two_causes())
    told = texts(write.scope_rows(look.scope, 7, 100))
    assert "since    02:00:50: the share rose" in told
    assert "0 % (0 % to 0.8 %) before" in told
    assert "beta-shop" in told
    assert "users    not recorded" in told
    assert "7 visibly" in told


TOO_LITTLE = (
    ([row(1, verdict="ok"), row(2, verdict="ok")], "No failing trace among 2"),
    ([row(1, verdict="ok"), row(2, verdict="leak")], "Only 1 failing"),
    ([row(number, verdict="·") for number in range(1, 50)] + [row(50, verdict="leak")], "49 of 50 are unjudged"),
    (
        [row(number, verdict="leak", text=f"{LEAK if number % 2 else LATE}") for number in range(1, 30)],
        "Nothing passed",
    ),
)


async def test_too_little_is_said_in_words() -> None:
    async with opened(controller_with([]), "small") as (app, pilot, controller):
        await pilot.press("v")
        await until(pilot, lambda: "No traces have come yet" in screen_text(app))
        for rows, said in TOO_LITTLE:
            controller.traces = Traces(rows)
            await pilot.press("r")
            await until(pilot, partial(_says, app, said))


def _says(app: CockpitApp, words: str) -> bool:
    return words in screen_text(app)


def test_a_proposal_says_only_what_the_data_clearly_say() -> None:
    found = proposal(look_of(rows_of_two_causes()))
    assert found["since"] == "02:00"
    assert found["prompt"] == "v42"
    assert found["fraction"].endswith("%")
    assert proposal(look_of([row(1, verdict="ok")])) == {}
    assert "prompt" not in proposal(look_of([row(number) for number in range(1, 200)]))


@pytest.mark.parametrize("size", ["wide", pytest.param("medium", marks=pytest.mark.integration), "small"])
async def test_a_group_becomes_the_filter_of_the_list(size: str) -> None:
    async with opened(controller_with(rows_of_two_causes()), size) as (app, pilot, _):
        await pilot.press("v")
        await until(pilot, lambda: "leak" in text_of(app.screen.query_one("#groups-list")))
        assert "How far it reaches" in text_of(app.screen.query_one("#groups-beside"))
        await pilot.pause(0.05)
        await pilot.press("enter")
        pane = cockpit(app).query_one(TracePane)
        await until(pilot, lambda: pane.list.view.count == 100)
        assert not isinstance(app.screen, GroupsScreen)
        assert {one.prompt for one in pane.list.view.rows} == {"v42"}
        await pilot.press("slash")
        pane.query_one("#filter-input", Input).value += " -tenant:beta"
        await pilot.press("enter")
        await until(pilot, lambda: pane.list.view.count == 0)


async def test_the_form_is_filled_in_and_recorded_by_a_person_only() -> None:
    async with opened(controller_with(rows_of_two_causes())) as (app, pilot, controller):
        await pilot.press("v")
        await until(pilot, lambda: "leak" in text_of(app.screen.query_one("#groups-list")))
        await pilot.press("g")
        await until(pilot, lambda: not isinstance(app.screen, GroupsScreen))
        assert app.screen.query_one("#prompt", Input).value == "v42"
        assert app.screen.query_one("#since", Input).value == "02:00"
        assert controller.done == []
        await pilot.press("ctrl+s")
        await until(pilot, lambda: len(controller.done) == 2)
        assert controller.session.state.triage.scope["prompt"] == "v42"
        assert isinstance(app.screen, GroupsScreen)


def test_pages_are_told_with_their_hint_and_without_certainty_they_lack() -> None:
    assert write.page_rows(None, 80) == write.change_rows(None, 80) == []
    proposed = Proposed(
        change="prompt:v42", change_said="prompt v41 → v42", certainty=0.93, traces=(7, 9),
        why=("leaks 7 of 90", "leaks 5 of 80", "leaks 3 of 70"),
    )  # fmt: skip
    told = texts(write.page_rows(proposed, 60))
    for part in ("93% certain at most", "▲ leaks 7 of 90", "and 1 earlier", "#7, #9"):
        assert part in told
    assert "leaks 3 of 70" not in told
    change = texts(write.change_rows(proposed, 60))
    assert "lines up in time: a hint, no proof" in change
    assert "▲ prompt v41 → v42" in change


async def test_progress_is_shown_and_a_problem_is_said() -> None:
    controller = controller_with(rows_of_two_causes())
    waiting: Future[Look] = Future()
    controller.look = lambda: waiting  # type: ignore[method-assign]
    async with opened(controller, "small") as (app, pilot, _):
        await pilot.press("v")
        await until(pilot, lambda: "looking at 12,418 traces" in screen_text(app))
        waiting.set_exception(WorldError("the archive can't be read", hint="Free some space."))
        await until(pilot, lambda: "Free some space" in screen_text(app))
        controller.look = FakeController.look.__get__(controller)  # type: ignore[method-assign]
        await pilot.press("r")
        await until(pilot, lambda: "leak" in text_of(app.screen.query_one("#groups-list")))
        await pilot.press("escape")
        await pilot.pause()
        assert not isinstance(app.screen, GroupsScreen)


async def test_hostile_names_and_values_are_drawn_harmlessly() -> None:
    rows = [
        replace(one, text=text, verdict="leak" if copy else "ok", prompt=text, tenant=text, route=text, model=text)
        for number, text in enumerate(OWN)
        for copy in range(3)
        for one in [row(3 * number + copy + 1)]
    ]
    async with opened(controller_with(rows), "medium") as (app, pilot, _):
        await pilot.press("v")
        await until(pilot, lambda: bool(app.screen.query_one("#groups-list", Rows).selectable()))
        for _ in app.screen.query_one("#groups-list", Rows).selectable():
            drawn = screen_text(app)
            assert not [sign for sign in drawn if sign != "\n" and not sign.isprintable()]
            await pilot.press("down")
            await pilot.pause()
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(app.screen, GroupsScreen))
        assert cockpit(app).query_one(TracePane).list.view.query.ids
