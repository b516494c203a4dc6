"""Plots as text, and the grid of signals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.content import Content

from cockpit.tui import chart
from cockpit.tui.chart import ChartSeries, Frame, draw, number, runs, spark, thin
from cockpit.tui.signals import SignalGrid, SignalPicked, SignalPlot, arrange, beside, headline
from cockpit.world.port import Series, SignalFrame
from tests.examples import examples

AT = datetime(2026, 11, 21, 2, 20, tzinfo=UTC)
NAN = math.nan


def series(name: str = "leaks", values: Sequence[float] = (0.0, 1.0, 7.0), **changes: object) -> Series:
    made: dict[str, object] = {
        "name": name,
        "label": name,
        "unit": "/min",
        "values": list(values),
        "latest": values[-1],
        "baseline": 0.0,
        "threshold": 0.5,
    }
    return Series(**{**made, **changes})  # type: ignore[arg-type]


def frame(*shown: Series, at: datetime = AT) -> SignalFrame:
    return SignalFrame(at, 1200.0, 10.0, shown)


def styles_of(content: Content, text: str) -> set[str]:
    return {str(span.style) for span in content.spans if text in content.plain[span.start : span.end]}


def test_a_plot_fills_its_cells_exactly() -> None:
    text = draw([ChartSeries([0, 5, 3, 8])], 60, 12, Frame(threshold=4)).plain
    assert [len(one) for one in text.split("\n")] == [60] * 12


def test_the_line_is_red_and_solid_and_labelled() -> None:
    plot = draw([ChartSeries([0.0, 10.0] * 20)], 60, 12, Frame(threshold=4))
    assert "4.0" in plot.plain
    assert styles_of(plot, "─") >= {"$error"}


def test_values_beyond_the_line_are_drawn_as_breaches() -> None:
    calm = draw([ChartSeries([1.0, 2.0, 3.0])], 60, 12, Frame(threshold=9))
    loud = draw([ChartSeries([10.0, 12.0, 13.0])], 60, 12, Frame(threshold=9))
    below = draw([ChartSeries([1.0, 2.0, 3.0])], 60, 12, Frame(threshold=9, floor=True))
    assert "bold $error" not in {str(span.style) for span in calm.spans}
    assert "bold $error" in {str(span.style) for span in loud.spans}
    assert "bold $error" in {str(span.style) for span in below.spans}


def test_lever_pulls_are_vertical_lines() -> None:
    plot = draw([ChartSeries([1.0, 2.0])], 60, 12, Frame(marks=(0.5,)))
    assert "$success" in styles_of(plot, "│")


def test_a_gap_stays_a_gap() -> None:
    whole = draw([ChartSeries([1.0] * 40)], 60, 6).plain
    gap = draw([ChartSeries([1.0] * 10 + [NAN] * 20 + [1.0] * 10)], 60, 6).plain
    braille = [sum("\u2800" < cell <= "\u28ff" for cell in text) for text in (whole, gap)]
    assert braille[1] < braille[0] * 0.7


@pytest.mark.parametrize("values", [[], [NAN, NAN], [math.inf]])
def test_nothing_known_is_said(values: list[float]) -> None:
    assert "no data yet" in draw([ChartSeries(values)], 40, 8).plain


@given(
    st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=60),
    st.integers(1, 90),
    st.integers(1, 30),
    st.none() | st.floats(-1e6, 1e6),
)
@settings(max_examples=examples(30), deadline=None)
def test_any_values_at_any_size(values: list[float], width: int, height: int, line: float | None) -> None:
    plot = draw([ChartSeries(values)], width, height, Frame(threshold=line, marks=(0.0, 1.0)))
    assert len(plot.plain.split("\n")) <= height
    assert "\x1b" not in plot.plain


def test_thinning_keeps_the_spike_and_the_bound() -> None:
    values = [0.0] * 1000
    values[503] = 9.0
    kept = thin(values, 160)
    assert len(kept) == 160
    assert max(kept) == 9.0


def test_a_curve_is_split_at_its_gaps_only() -> None:
    assert runs([1, 1, NAN, NAN, 5, 6, NAN]) == [(0, [1, 1]), (4, [5, 6])]


def test_a_noisy_curve_on_its_line_costs_no_more_than_a_calm_one() -> None:
    noisy = [8.0 + (0.4 if place % 2 else -0.4) for place in range(160)]
    assert draw([ChartSeries(noisy)], 78, 15, Frame(threshold=8.0)).plain.count("┤") >= 2


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "0.0"), (7.14, "7.1"), (0.042, "0.04"), (1204, "1204"), (12_400, "12k"), (2.5e6, "2.5M"), (NAN, "–")],
)
def test_numbers_are_short(value: float, shown: str) -> None:
    assert number(value) == shown


def test_a_sparkline_has_one_cell_a_value() -> None:
    assert spark([0, 1, 2, NAN, 3], 10) == "▁▃▆ █"
    assert len(spark(range(500), 24)) == 24


def test_the_headline_says_it_without_colour() -> None:
    assert headline(series(label="leaks/min"), 60).plain == "leaks/min 7.0 ▲  line 0.50"
    assert "▼" in headline(series(values=[88.0], threshold=91.8, floor=True), 60).plain
    assert "▲" not in headline(series(values=[0.1]), 60).plain


@pytest.mark.parametrize("width", [12, 16, 20])
def test_where_there_is_no_room_a_headline_shortens_the_name_and_keeps_the_value(width: int) -> None:
    told = headline(series(label="requests running > 60 s", unit="s"), width).plain
    assert told.endswith("… 7.0 ▲")
    assert cell_len(told) <= width


@pytest.mark.parametrize("count", range(1, 10))
@pytest.mark.parametrize("size", [(160, 40), (100, 18), (60, 12), (40, 4), (15, 3), (80, 9)])
def test_the_layout_fits(count: int, size: tuple[int, int]) -> None:
    width, height = size
    room = arrange(count, width, height)
    rest = -(-(count - room.plotted) // room.columns)
    if room.plotted:
        assert room.rows * 5 + rest <= height
        assert width // room.columns >= 20


class Host(App[None]):
    """A bare app around the grid."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def compose(self) -> ComposeResult:
        yield SignalGrid(redraw_s=0.02)

    def on_mount(self) -> None:
        chart.warm()

    def on_signal_picked(self, message: SignalPicked) -> None:
        self.asked.append(message.signal)


async def test_signals_of_harm_come_first_and_can_be_asked_about() -> None:
    app = Host()
    async with app.run_test(size=(120, 30)) as pilot:
        grid = app.query_one(SignalGrid)
        grid.show(frame(series("cost"), series("leaks", harm=True), series("p99")), [AT - timedelta(minutes=5)])
        await pilot.pause(0.1)
        assert [plot.signal for plot in app.query(SignalPlot)] == ["leaks", "cost", "p99"]
        assert all("┤" in plot.render().plain for plot in app.query(SignalPlot))
        grid.focus()
        await pilot.press("right", "right", "enter")
        assert app.asked == ["cost"]


async def test_nothing_is_redrawn_when_nothing_changed() -> None:
    app = Host()
    async with app.run_test(size=(120, 30)) as pilot:
        grid = app.query_one(SignalGrid)
        grid.show(frame(series(values=[1.0, NAN, 2.0])))
        await pilot.pause(0.1)
        plot = app.query_one(SignalPlot)
        before = plot.render()
        grid.show(frame(series(values=[1.0, NAN, 2.0]), at=AT + timedelta(seconds=1)))
        await pilot.pause(0.1)
        assert plot.render() is before
        grid.show(frame(series(values=[1.0, NAN, 3.0])))
        await pilot.pause(0.1)
        assert plot.render() is not before


async def test_the_last_of_many_frames_is_shown() -> None:
    app = Host()
    async with app.run_test(size=(120, 30)) as pilot:
        grid = app.query_one(SignalGrid)
        for value in range(50):
            grid.show(frame(series(values=[0.0, float(value)])))
        await pilot.pause(0.2)
        assert "leaks 49.0/min" in app.query_one(SignalPlot).render().plain


@pytest.mark.parametrize("size", [(1, 1), (10, 2), (20, 5), (40, 3), (80, 24), (300, 80)])
async def test_every_size_is_survived(size: tuple[int, int]) -> None:
    app = Host()
    async with app.run_test(size=size) as pilot:
        app.query_one(SignalGrid).show(frame(*(series(f"signal {index}") for index in range(6))))
        await pilot.pause(0.1)
        assert len(app.query(SignalPlot)) == 6


async def test_signals_come_and_go() -> None:
    app = Host()
    async with app.run_test(size=(120, 30)) as pilot:
        grid = app.query_one(SignalGrid)
        for count in (4, 1, 3, 0, 2):
            grid.show(frame(*(series(f"signal {index}") for index in range(count))))
            await pilot.pause(0.1)
            assert len(app.query(SignalPlot)) == count


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "ansi-dark", "ansi-light"])
async def test_every_theme_has_the_colours(theme: str) -> None:
    app = Host()
    app.theme = theme
    async with app.run_test(size=(120, 30)) as pilot:
        app.query_one(SignalGrid).show(frame(series()), [AT - timedelta(minutes=5)])
        await pilot.pause(0.1)
        plot = app.query_one(SignalPlot)
        drawn = [segment for y in range(plot.size.height) for segment in plot.render_line(y)]
        red = {str(segment.style.color) for segment in drawn if segment.style and "─" in segment.text}
        assert len(red) > 1


@pytest.mark.parametrize("label", ["cost", "grounding % /returns"])
def test_bars_end_where_the_line_ends(label: str) -> None:
    drawn = beside(Content(label), "▁▂▃▄▅", 40, "red")
    assert drawn.plain.startswith(f"{label} ")
    assert drawn.plain.endswith("▁▂▃▄▅")
    assert drawn.cell_length == 40


def test_bars_that_have_no_room_are_left_out() -> None:
    assert beside(Content("a long name"), "▁▂▃▄▅", 15, "red").plain == "a long name"
    assert beside(Content("a"), "▁▂▃", 40, "red").plain == "a"
