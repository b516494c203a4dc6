"""The steps of an opened trace: a tree on one axis of time, and each step's details."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from cockpit.domain.calls import Chunk, Message, Sign, Span, SpanKind, ToolUse
from cockpit.tui.traces import detail as write
from cockpit.tui.traces import span_detail
from cockpit.tui.traces.screen import TraceScreen
from cockpit.tui.traces.span_tree import MOST, WHOLE, duration, lines, nodes
from cockpit.tui.traces.spans import SpanTree
from tests.hostile.payloads import OWN
from tests.tui.stage import screen_text
from tests.tui.test_traces_screens import Host, words
from tests.tui.trace_fakes import START, detail


def span(number: int, parent: int | str = "", start: float = 0, took: float = 1, **more: Any) -> Span:
    """Make a step that starts and takes so many seconds."""
    begun = START + timedelta(seconds=start)
    usual: dict[str, Any] = {"name": f"step {number}", "kind": SpanKind.CHAIN}
    return Span(str(number), str(parent), start=begun, end=begun + timedelta(seconds=took), **{**usual, **more})


STEPS = (
    span(1, "", 0, 10, name="answer"),
    span(2, 1, 1, 2, name="find", kind=SpanKind.RETRIEVER,
         chunks=(Chunk("kb/7", "order 7", 0.91), Chunk("kb/8", "x"))),
    span(3, 1, 3, 6, name="chat", kind=SpanKind.LLM, model="sonnet", tokens_in=1200, tokens_out=90, cost_usd=0.0123,
         inputs=(Message("user", "where is it?"),), outputs=(Message("assistant", "in Lakeview"),),
         parameters={"temperature": 0.7}, attributes={"gen_ai.seed": 7}),
    span(4, 3, 5, 1, name="look_up", kind=SpanKind.TOOL, error="no such order",
         tools=(ToolUse("look_up", '{"id": 7}', "gone", True),)),
)  # fmt: skip


def test_steps_stand_below_their_parents_by_time() -> None:
    tree = nodes([STEPS[3], STEPS[2], STEPS[0], STEPS[1]])
    assert [(one.span.id, one.depth, one.children) for one in tree] == [
        ("1", 0, 2), ("2", 1, 0), ("3", 1, 1), ("4", 2, 0),
    ]  # fmt: skip


def test_bars_share_one_axis() -> None:
    rows = [one.content.plain for one in lines(nodes(STEPS), 80)]
    bars = [(row.index("━"), row.count("━")) for row in rows[2:]]
    (first, whole), (search, _), (chat, chat_length), (tool, tool_length) = bars
    assert first < search < chat < tool
    assert chat_length == pytest.approx(0.6 * whole, abs=1)
    assert tool + tool_length <= first + whole
    assert "1200→90" in rows[4]
    assert rows[4].split("chat")[1].strip().startswith("sonnet")
    assert "✖" in rows[5]


@pytest.mark.parametrize("seed", range(20))
def test_every_step_is_there_once_whatever_the_parents_say(seed: int) -> None:
    draw = random.Random(seed)
    spans = [span(draw.randrange(12), draw.choice(["", *range(14)]), draw.random(), draw.random()) for _ in range(30)]
    tree = nodes(spans)
    assert sorted(int(one.key) for one in tree) == list(range(30))
    for width in (12, 30, 78, 150):
        made = lines(tree, width)
        assert len(made) == 32
        assert len({one.content.cell_length for one in made[2:]}) == 1


def test_many_steps_stay_drawable() -> None:
    deep = [span(number, number - 1) for number in range(5_000)]
    made = lines(nodes(deep), 78)
    assert len(made) == MOST + 3
    assert "3,000 steps more" in made[-1].content.plain


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (160, 45)])
async def test_the_chosen_step_is_told_beside_the_tree(size: tuple[int, int]) -> None:
    app = Host(TraceScreen(detail(spans=STEPS)))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.pause()
        tree = app.screen.query_one(SpanTree)
        assert app.focused is tree
        assert tree.cursor == WHOLE
        assert "Where is my order?" in words(app.screen)
        await pilot.press("down", "down")
        await pilot.pause()
        text = words(app.screen)
        assert "0.91 kb/7" in text
        assert "–.––" in text
        assert "Where is my order?" not in text
        await pilot.press("down")
        await pilot.pause()
        for part in (
            "model sonnet",
            "1200 in, 90 out",
            "$0.012300",
            "in Lakeview",
            "temperature 0.7",
            "gen_ai.seed 7",
        ):
            assert part in words(app.screen)
        await pilot.press("enter")
        assert app.focused is app.screen.query_one("#trace-scroll")
        await pilot.press("tab")
        assert app.focused is tree
        beside = tree.region.x != app.screen.query_one("#trace-scroll").region.x
        assert beside is (size[0] >= 120)


async def test_errors_are_jumped_to_and_branches_folded() -> None:
    app = Host(TraceScreen(detail(spans=STEPS)))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        await pilot.pause()
        tree = app.screen.query_one(SpanTree)
        await pilot.press("down", "space")
        assert [one.key for one in tree.drawn if one.key] == [WHOLE, "0"]
        await pilot.press("e")
        await pilot.pause()
        assert tree.cursor == "3"
        assert "no such order" in words(app.screen)


async def test_a_trace_without_steps_has_no_tree() -> None:
    app = Host(TraceScreen(detail()))
    async with app.run_test(size=(160, 45)) as pilot:
        await pilot.press("e", "tab")
        await pilot.pause()
        assert not app.screen.query(SpanTree)
        assert app.focused is app.screen.query_one("#trace-scroll")


def test_what_detectors_found_is_marked_in_the_answer() -> None:
    signs = (
        Sign("personal_data", "an address", (3, 7), 0.9),
        Sign("other_tenant", "names beta", (5, 12), 1.0),
        Sign("secret", "out of reach", (90, 99), 0.5),
    )
    found = write.marked("in Lakeview 7", signs)
    assert found.plain == "in Lakeview 7"
    assert [(one.start, one.end) for one in found.spans] == [(3, 7), (7, 12)]
    told = [one.plain for one in write.signs(detail(signs=signs))]
    assert told[0].startswith("▲ other tenant  100%")
    assert len(told) == 3


def test_the_answer_is_shown_however_long_the_conversation() -> None:
    said = tuple(("user", f"turn {number}") for number in range(500))
    pieces = [one.plain for one in write.messages(detail(messages=said))]
    assert "turn 0" in pieces[0]
    assert "460 messages" in pieces[1]
    assert "turn 499" in pieces[-1]


@pytest.mark.parametrize(("ms", "written"), [(0.4, "0 ms"), (1500, "1.50 s"), (693_000, "11.6 min"), (9e6, "2.5 h")])
def test_times_stay_short(ms: float, written: str) -> None:
    assert duration(ms) == written


@pytest.mark.parametrize("texts", [OWN[::10], pytest.param(OWN, marks=pytest.mark.integration)], ids=["some", "all"])
async def test_hostile_steps_are_drawn_harmlessly(texts: tuple[str, ...]) -> None:
    steps = [
        span(
            number, number // 2, number, 1, name=text, kind=SpanKind.LLM, model=text, error=text,
            inputs=(Message(text, text),), outputs=(Message(text, text),), chunks=(Chunk(text, text, 0.1),),
            tools=(ToolUse(text, text, text, True),), parameters={text: text}, attributes={text: {"a": text}},
        )
        for number, text in enumerate(texts)
    ]  # fmt: skip
    signs = tuple(Sign(text, text, (0, 3)) for text in OWN)
    app = Host(
        TraceScreen(detail(spans=tuple(steps), signs=signs, messages=tuple(("assistant", one) for one in OWN)))
    )
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        for _ in steps:
            await pilot.press("down")
            await pilot.pause()
            drawn = screen_text(app)
            assert not [sign for sign in drawn if sign != "\n" and not sign.isprintable()]
        assert isinstance(app.screen, TraceScreen)
    for one in steps:
        for _, pieces in span_detail.sections(one, START):
            assert all(piece.plain for piece in pieces)
