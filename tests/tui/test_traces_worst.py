"""The worst traces first: ranked by score, verdict and age, bounded, and still under the reader's finger."""

from __future__ import annotations

import random

import pytest

from cockpit.domain.traces import TraceFilter, failing
from cockpit.tui.traces import worst
from cockpit.tui.traces.worst import WorstWindow, ranked, severity
from tests.tui.test_traces_list import Host, look, settle
from tests.tui.trace_fakes import FakeTraces, row

ALL = TraceFilter()


def test_the_lowest_score_comes_first_then_the_verdict_then_the_newest() -> None:
    rows = [
        row(1, verdict="low", scores=(4.0, 3.0, 3.0, 2.0)),
        row(2, verdict="leak", scores=(5.0, 1.0, 5.0, 5.0)),
        row(3, verdict="low", scores=(1.0, 5.0, None, 5.0)),
        row(4, verdict="leak"),
        row(5, verdict="error"),
        row(6, verdict="leak", scores=(1.0, 1.0, 1.0, 1.0)),
        row(7, verdict="refused"),
    ]
    assert [one.id for one in sorted(rows, key=severity)] == [6, 4, 2, 3, 5, 1, 7]


def test_only_failing_ones_are_ranked_and_it_is_said_of_how_many() -> None:
    source = FakeTraces([row(number) for number in range(1, 701)])
    found, told = ranked(source, ALL)
    assert found
    assert all(failing(one.verdict) for one in found)
    assert told == "worst 200 of 200 failing"
    only, told = ranked(source, TraceFilter.parse("tenant:acme verdict:leak"))
    assert {(one.tenant, one.verdict) for one in only} == {("acme", "leak")}


def test_where_nothing_fails_the_judged_are_ranked() -> None:
    rows = [
        row(number, verdict="ok" if number % 2 else "·", scores=(4.0 + number / 10,) * 4) for number in range(1, 9)
    ]
    found, told = ranked(FakeTraces(rows), ALL)
    assert [one.id for one in found] == [1, 3, 5, 7]
    assert told == "worst 4 of 4 judged, none failing"


def test_no_more_than_a_bound_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worst, "AMONG", 100)
    monkeypatch.setattr(worst, "SHOWN", 30)
    monkeypatch.setattr(worst, "PORTION", 40)
    draw = random.Random(1)
    source = FakeTraces([row(number, verdict="low", scores=(draw.random() * 5,) * 4) for number in range(1, 1_001)])
    found, told = ranked(source, ALL)
    assert told == "worst 30 of the newest 100 of 1,000 failing"
    assert len(found) == 30
    assert min(one.id for one in found) > 900
    assert source.queries == 4


async def test_a_key_turns_the_order_and_back() -> None:
    app = Host(700)
    async with app.run_test(size=(140, 30)) as pilot:
        await settle(pilot)
        await pilot.press("S")
        await settle(pilot)
        assert "LEAK" in app.lines()[1]
        assert "worst 200 of 200 failing" in str(app.pane.border_title)
        await pilot.press("S")
        await settle(pilot)
        assert "trace 700" in app.lines()[1]
        assert "worst" not in str(app.pane.border_title)


async def test_what_is_held_stays_while_worse_ones_arrive() -> None:
    app = Host(70)
    async with app.run_test(size=(140, 30)) as pilot:
        await settle(pilot)
        await pilot.press("S")
        await settle(pilot)
        await pilot.press("down", "down", "down")
        before = app.lines()
        held = app.pane.list.view.selected()
        app.source.add(row(999, verdict="leak", scores=(1.0, 1.0, 1.0, 1.0)))
        await look(pilot)
        assert [one[:-1] for one in app.lines()] == [one[:-1] for one in before]
        assert app.pane.list.view.selected() == held
        assert "held" in str(app.pane.border_title)
        app.source.judge(held.id if held else 0, "ok")
        await look(pilot)
        assert "ok " in app.lines()[3]
        await pilot.press("end")
        assert app.lines()[len(app.pane.list.view.visible())].startswith("▸")
        await pilot.press("home")
        await settle(pilot)
        await look(pilot)
        assert "trace 999" in app.lines()[1]


def test_following_ranks_only_now_and_then() -> None:
    source = FakeTraces([row(number) for number in range(1, 100)])
    window = WorstWindow(source, ALL)
    window.apply(window.look()())
    asked = source.queries
    for _ in range(worst.LOOKS - 1):
        window.apply(window.look()())
    assert source.queries == asked
    window.apply(window.look()())
    assert source.queries > asked


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_jumping_stays_inside(share: float) -> None:
    window = WorstWindow(FakeTraces([row(number) for number in range(1, 500)]), ALL)
    window.resize(10)
    window.apply(window.look()())
    window.jump(share)
    assert len(window.visible()) == 10
