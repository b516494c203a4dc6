"""The trace pane at the keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.message import Message
from textual.widgets import Input

from cockpit.tui.text import Plain
from cockpit.tui.traces.columns import cells, layout
from cockpit.tui.traces.messages import ComparePicked, FilterChanged, TraceOpened, TracePinned
from cockpit.tui.traces.pane import TracePane
from cockpit.tui.traces.verdicts import fails, passes, word
from tests.tui.trace_fakes import FakeTraces, row


class Host(App[None]):
    """A bare app around the pane that keeps the messages it gets."""

    def __init__(self, count: int = 500) -> None:
        super().__init__()
        self.source = FakeTraces([row(trace) for trace in range(1, count + 1)])
        self.heard: list[Message] = []

    def compose(self) -> ComposeResult:
        yield TracePane(self.source, title="4 Traces", parse=self.source.parse, poll_s=0)

    def on_mount(self) -> None:
        self.pane.list.focus()

    @property
    def pane(self) -> TracePane:
        return self.query_one(TracePane)

    def on_trace_opened(self, message: TraceOpened) -> None:
        self.heard.append(message)

    def on_trace_pinned(self, message: TracePinned) -> None:
        self.heard.append(message)

    def on_compare_picked(self, message: ComparePicked) -> None:
        self.heard.append(message)

    def on_filter_changed(self, message: FilterChanged) -> None:
        self.heard.append(message)

    def lines(self) -> list[str]:
        height = self.pane.list.size.height
        return [self.pane.list.render_line(y).text for y in range(height)]


async def settle(pilot: Any) -> None:
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def look(pilot: Any) -> None:
    pilot.app.pane.list.look()
    await settle(pilot)


async def test_newest_on_top_with_counts_in_the_frame() -> None:
    app = Host()
    async with app.run_test(size=(140, 30)) as pilot:
        await settle(pilot)
        assert "trace 500" in app.lines()[1]
        assert "500" in str(app.pane.border_title)
        assert "% failing" in str(app.pane.border_title)
        assert "open · " in str(app.pane.border_subtitle)


async def test_the_cursor_stays_on_its_row_while_traces_arrive() -> None:
    app = Host()
    async with app.run_test(size=(140, 30)) as pilot:
        await settle(pilot)
        await pilot.press("down", "down", "down")
        before = app.lines()
        assert before[3].startswith("▸")
        assert "trace 498" in before[3]
        app.source.add(*(row(trace) for trace in range(501, 700)))
        await look(pilot)
        assert [one[:-1] for one in app.lines()] == [one[:-1] for one in before]
        assert "▲ 199 newer" in str(app.pane.border_title)
        await pilot.press("G")
        await settle(pilot)
        assert "trace 699" in app.lines()[1]


async def test_opening_pinning_and_comparing() -> None:
    app = Host()
    async with app.run_test(size=(140, 30)) as pilot:
        await settle(pilot)
        await pilot.press("down", "down", "enter", "x", "d")
        await pilot.pause()
        opened, pinned, picked = app.heard
        assert isinstance(opened, TraceOpened)
        assert opened.trace == 499
        assert isinstance(pinned, TracePinned)
        assert pinned == TracePinned(499, row(499).verdict)
        assert isinstance(picked, ComparePicked)
        assert passes(row(picked.passing).verdict)
        assert fails(row(picked.failing).verdict)


async def test_marks_decide_what_is_compared() -> None:
    app = Host()
    async with app.run_test(size=(140, 40)) as pilot:
        await settle(pilot)
        await pilot.press("down")
        wanted = {}
        for _ in range(30):
            held = app.pane.list.view.selected()
            assert held is not None
            kind = "bad" if fails(held.verdict) else "good" if passes(held.verdict) else "none"
            if kind != "none" and held.id < 495:
                await pilot.press("space")
                wanted[kind] = held.id
            if len(wanted) == 2:
                break
            await pilot.press("down")
        await pilot.press("home", "d")
        await pilot.pause()
        [picked] = [one for one in app.heard if isinstance(one, ComparePicked)]
        assert (picked.passing, picked.failing) == (wanted["good"], wanted["bad"])


async def test_a_missing_kind_is_said() -> None:
    app = Host(0)
    app.source.add(*(row(trace, verdict="ok") for trace in range(1, 9)))
    async with app.run_test(size=(140, 30), notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("d")
        await pilot.pause()
        assert not app.heard
        assert [note.message for note in app._notifications] == ["There is no failing trace to set beside it yet"]


async def test_a_passing_trace_is_found_beyond_the_filter() -> None:
    app = Host(0)
    app.source.add(
        row(1, verdict="ok", route="/other"), row(2, verdict="ok"), *(row(n, verdict="leak") for n in (3, 4))
    )
    async with app.run_test(size=(140, 30)) as pilot:
        await settle(pilot)
        app.pane.set_filter("verdict:leak")
        await settle(pilot)
        await pilot.press("d")
        await pilot.pause()
        assert [(one.passing, one.failing) for one in app.heard if isinstance(one, ComparePicked)] == [(2, 4)]


async def test_filtering_and_a_wrong_filter() -> None:
    app = Host()
    async with app.run_test(size=(140, 30)) as pilot:
        await settle(pilot)
        await pilot.press("slash", *"verdict:leak", "enter")
        await settle(pilot)
        assert all("LEAK" in one for one in app.lines()[1:20])
        assert isinstance(app.heard[-1], FilterChanged)
        assert "verdict:leak" in str(app.pane.border_title)
        await pilot.press("slash")
        app.query_one(Input).value = "colour:red"
        await pilot.press("enter")
        await pilot.pause()
        assert "colour" in str(app.query_one("#filter-error", Plain).visual)
        assert app.focused is app.query_one(Input)
        await pilot.press("escape")
        await pilot.pause()
        focused: object = app.focused
        assert focused is app.pane.list


async def test_no_match_is_said() -> None:
    app = Host()
    async with app.run_test(size=(140, 30)) as pilot:
        app.pane.set_filter("tenant:nobody")
        await settle(pilot)
        assert "nothing matches this filter" in app.lines()[1]


async def test_a_whole_page_is_one_step() -> None:
    app = Host()
    async with app.run_test(size=(140, 30)) as pilot:
        await settle(pilot)
        await pilot.press("pagedown", "pagedown")
        await pilot.pause()
        height = app.pane.list.view.height
        held = app.pane.list.view.selected()
        assert held is not None
        assert held.id == 500 - 2 * (height - 1) + 1
        await pilot.press("end")
        await pilot.pause()
        assert "trace 1:" in app.lines()[-1]


async def test_a_click_selects_and_never_opens() -> None:
    app = Host()
    async with app.run_test(size=(140, 30)) as pilot:
        await settle(pilot)
        await pilot.click(app.pane.list, offset=(20, 5))
        await pilot.pause()
        assert app.pane.list.view.cursor == 496
        assert not app.heard


@pytest.mark.parametrize("size", [(1, 1), (3, 3), (10, 2), (20, 5), (40, 12), (80, 24), (300, 80)])
async def test_every_size_is_drawn_exactly(size: tuple[int, int]) -> None:
    app = Host()
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("down")
        await pilot.pause()
        widget = app.pane.list
        for y in range(widget.size.height):
            assert widget.render_line(y).cell_length == widget.size.width


@pytest.mark.parametrize("width", range(1, 200, 7))
def test_columns_fill_the_width_and_never_more(width: int) -> None:
    text = " ".join(part for _, part in cells(row(1, text="word " * 80), width))
    assert len(text) == width or width < 18
    names = [column.name for column, _ in layout(width)]
    assert names[:2] == ["time", "verdict"]
    assert names[-1] == "text"


def test_verdicts_can_be_told_apart_without_colour() -> None:
    assert word("leak") == "LEAK"
    assert word("") == "·"
    assert not fails("·")
    assert not passes("·")
    assert fails("something new")
