"""One trace opened, and two side by side."""

from __future__ import annotations

import json
from typing import Any

import pytest
from textual.app import App
from textual.screen import Screen

from cockpit.tui.text import Plain
from cockpit.tui.traces import detail as write
from cockpit.tui.traces.compare import CompareScreen
from cockpit.tui.traces.differences import compare, table
from cockpit.tui.traces.messages import TracePinned
from cockpit.tui.traces.screen import JsonScreen, TraceScreen
from tests.tui.trace_fakes import detail, row


class Host(App[None]):
    """An app that opens one screen."""

    def __init__(self, screen: Screen[None]) -> None:
        super().__init__()
        self.first = screen
        self.pinned: list[int] = []

    def on_mount(self) -> None:
        self.push_screen(self.first)

    def on_trace_pinned(self, message: TracePinned) -> None:
        self.pinned.append(message.trace)


def words(screen: Screen[Any]) -> str:
    return "\n".join(str(plain.visual) for plain in screen.query(Plain))


@pytest.mark.parametrize("size", [(80, 24), (140, 45), (20, 5)])
async def test_a_trace_shows_everything_it_was_made_of(size: tuple[int, int]) -> None:
    app = Host(TraceScreen(detail()))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        text = words(app.screen)
        for part in (
            "Where is my order?",
            "orders/beta-shop/7.json",
            "0.91",
            "order_lookup",
            "temperature 0.7",
            "x-config-id cfg-41",
            "safety",
            "1.0",
            "not scored",
            "names another tenant's order",
        ):
            assert part in text
        await pilot.press("x", "escape")
        await pilot.pause()
        assert app.pinned == [1]
        assert not isinstance(app.screen, TraceScreen)


async def test_reproduction_is_whole_ascii_json() -> None:
    app = Host(TraceScreen(detail(messages=(("user", "\x1b[2J naïve"),))))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("j")
        await pilot.pause()
        assert isinstance(app.screen, JsonScreen)
        assert not app.clipboard
        await pilot.press("y")
        assert app.clipboard.isascii()
        body = json.loads(app.clipboard)
        assert body["parameters"]["temperature"] == 0.7
        assert body["messages"] == [{"role": "user", "content": "\x1b[2J naïve"}]
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, TraceScreen)


async def test_one_key_copies_and_shows_what_reproduces_a_trace() -> None:
    app = Host(TraceScreen(detail()))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("y")
        await pilot.pause()
        body = json.loads(app.clipboard)
        assert body["model"] == "sonnet-4-5@0929"
        assert [one["role"] for one in body["messages"]] == ["system", "user"]
        assert body["answered"] == "Order 7 …"
        assert '"top_p": 1.0' in words(app.screen)
        assert "copied" in str(app.screen.query_one("#json-box").border_subtitle)


async def test_a_late_score_replaces_the_picture() -> None:
    screen = TraceScreen(detail(row=row(1), judge_note=""))
    app = Host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "not judged yet" in words(screen)
        await screen.show(detail())
        await pilot.pause()
        assert "not judged yet" not in words(screen)


@pytest.mark.parametrize(("size", "beside"), [((140, 45), True), ((80, 24), False)])
async def test_two_traces_stand_beside_or_above_each_other(size: tuple[int, int], beside: bool) -> None:
    app = Host(CompareScreen(detail(2), detail(1)))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        passing, failing = app.screen.query_one("#compare-passing"), app.screen.query_one("#compare-failing")
        assert (passing.region.y == failing.region.y) is beside
        assert passing.region.height > 3
        assert app.focused is failing
        await pilot.press("tab")
        assert app.focused is passing
        await pilot.press("x", "escape")
        await pilot.pause()
        assert app.pinned == [1]
        assert not isinstance(app.screen, CompareScreen)


def test_what_differs_comes_first_and_is_marked() -> None:
    lines = compare(
        detail(2, parameters={"model": "a", "temperature": 0.2, "top_p": 1.0}),
        detail(1, parameters={"model": "b", "temperature": 0.7, "top_p": 1.0, "seed": 7}),
    )
    differing = {one.name: (one.passing, one.failing) for one in lines if one.differs}
    assert differing["temperature"] == ("0.2", "0.7")
    assert differing["seed"] == ("–", "7")
    assert "top_p" not in differing
    text = table(lines, 80).plain
    assert "≠ temperature" in text
    assert "top_p" in text.rpartition("same:")[2]


def test_identical_settings_are_said() -> None:
    assert "no setting differs" in table(compare(detail(1), detail(1)), 80).plain


def test_thousands_of_settings_stay_drawable() -> None:
    many = {f"key{index}": index for index in range(5_000)}
    text = table(compare(detail(parameters=many), detail(parameters={})), 80).plain
    assert text.count("\n") < 70
    assert len(write.settings(many).plain) < 5_000
