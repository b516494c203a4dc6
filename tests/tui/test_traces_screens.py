"""One trace opened, and two side by side."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from textual.app import App
from textual.screen import Screen

from cockpit.tui.text import Plain
from cockpit.tui.traces import contrasts
from cockpit.tui.traces import detail as write
from cockpit.tui.traces.compare import CompareScreen
from cockpit.tui.traces.differences import compare, table
from cockpit.tui.traces.kin import kin
from cockpit.tui.traces.marks import Marks, Pair
from cockpit.tui.traces.messages import TracePinned
from cockpit.tui.traces.screen import JsonScreen, TraceScreen
from tests.hostile.payloads import OWN
from tests.tui.stage import screen_text
from tests.tui.trace_fakes import FakeTraces, detail, row


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
    assert list(differing)[-1] == "seed"
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


SAID = "Your order 7 ships to 12 Oak Street on Monday."
WRONG = "Your order 9 ships to 40 Elm Road on Monday."


def both() -> tuple[Any, Any]:
    asked = (("system", "You help. " * 60), ("user", "Where is my order?"))
    passing = detail(2, row=row(2, tenant="acme"), messages=(*asked, ("assistant", SAID)), chunks=(("a", 0.9, "x"),),
                     tool_calls=(("look_up", "{}", "found"),))  # fmt: skip
    failing = detail(
        1, row=row(1, tenant="beta-shop"), messages=(*asked, ("assistant", WRONG)),
        chunks=(("a", 0.8, "x"), ("orders/acme/1", 0.7, "order 9")), tool_calls=(("look_up", "{}", "gone"),),
    )  # fmt: skip
    return passing, failing


async def test_words_that_differ_are_marked_and_what_is_the_same_is_short() -> None:
    app = Host(CompareScreen(*both()))
    async with app.run_test(size=(160, 45)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        text = words(app.screen)
        assert text.index("Your order 9") > text.index("system  the same on both sides")
        assert "600 characters" in text
        assert "You help. " * 20 not in text
        assert "only here 0.70 orders/acme/1  ▲ names acme" in text
        assert "0.80 (-0.10) a" in text
        await pilot.press("y")
        await pilot.pause()
        assert json.loads(app.clipboard)["answered"] == WRONG


async def test_other_tenants_are_known_from_the_store() -> None:
    passing, failing = both()
    failing = replace(failing, chunks=(("orders/delta-co/4", 0.8, "order 4 of delta-co"),))
    app = Host(CompareScreen(passing, failing, FakeTraces([row(number) for number in range(1, 9)])))
    async with app.run_test(size=(160, 45)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "▲ names delta-co" in words(app.screen)


def test_marks_cover_what_stands_on_one_side_only() -> None:
    passing, failing = both()
    found = contrasts.contrast_of(passing, failing)
    for side, said, marked in (("failing", WRONG, "9 40 Elm Road"), ("passing", SAID, "7 12 Oak Street")):
        answer = dict(contrasts.sections(found, side))["Answer"][0]
        assert answer.plain == f"answer\n{said}"
        spans = [answer.plain[one.start : one.end] for one in answer.spans if "underline" in str(one.style)]
        assert " ".join(" ".join(spans).split()) == marked


def test_texts_with_nothing_in_common_are_not_marked_word_by_word() -> None:
    found = contrasts.contrast_of(
        detail(2, messages=(("assistant", "It ships on Monday, with a label."),)),
        detail(1, messages=(("assistant", "Refunds take three to five days."),)),
    )
    answer = dict(contrasts.sections(found, "failing"))["Answer"][0]
    assert "another text" in answer.plain
    assert not [one for one in answer.spans if "underline" in str(one.style)]


@pytest.mark.parametrize("texts", [OWN[1::10], pytest.param(OWN, marks=pytest.mark.integration)], ids=["some", "all"])
async def test_hostile_texts_are_compared_harmlessly(texts: tuple[str, ...]) -> None:
    sides = [
        detail(number, messages=tuple(("user", f"{one}{number}") for one in texts),
               parameters={one: one for one in texts},
               chunks=tuple((one, 0.1 * number, f"{one}{number}") for one in texts),
               tool_calls=tuple((one, f"{number}{one}", one) for one in texts))
        for number in (1, 2)
    ]  # fmt: skip
    app = Host(CompareScreen(sides[0], sides[1]))
    async with app.run_test(size=(100, 150)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        seen = 0
        while seen < app.screen.query_one("#compare-failing").max_scroll_y:
            await pilot.press("pagedown")
            seen += 100
            drawn = screen_text(app)
            assert not [sign for sign in drawn if sign != "\n" and not sign.isprintable()]


def test_the_nearest_kin_shares_route_tenant_and_prompt_where_it_can() -> None:
    here = row(50, verdict="leak", route="/a", tenant="acme", prompt="v2")
    other = {"verdict": "ok", "route": "/a"}
    rows = [
        row(10, **other, tenant="acme", prompt="v2"), row(40, **other, tenant="acme", prompt="v1"),
        row(45, **other, tenant="beta", prompt="v2"), row(49, verdict="ok", route="/b", tenant="acme", prompt="v2"),
        here,
    ]  # fmt: skip
    found = []
    while len(rows) > 1:
        best = Marks().pair(here, [here, *kin(FakeTraces(rows), "passing", here)])
        assert isinstance(best, Pair)
        found.append(best.passing)
        rows = [one for one in rows if one.id != best.passing]
    assert found == [10, 40, 45, 49]
