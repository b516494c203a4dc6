"""The signals on the screen: one plot each, as many beside each other as fit, single lines where it is tight."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, NamedTuple

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Grid
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from cockpit.tui.chart import MIN_HEIGHT, MIN_WIDTH, ChartSeries, Frame, draw, is_warm, number, spark, warm
from cockpit.tui.text import line, untrusted
from cockpit.world.port import Series, SignalFrame

CELL = 34
"""Cells a plot wants in width before another is put beside it."""
SMALLEST = MIN_HEIGHT + 1
"""Lines of the smallest plot with its heading."""
FEWEST_BARS = 4
"""Fewer bars beside a heading say nothing."""
REDRAW_S = 1.0
"""Least seconds between two redraws of the plots."""
CALM = ("ansi_cyan", "ansi_blue", "$success", "$foreground")


class Room(NamedTuple):
    """How plots are laid out: `plotted` of them in `columns`, in `rows` rows; the others in one line each."""

    columns: int
    rows: int
    plotted: int


def arrange(count: int, width: int, height: int) -> Room:
    """Find the layout that shows most plots, wide ones first."""
    widest = max(1, min(count, width // CELL))
    most = max(widest, min(count, width // MIN_WIDTH))
    if width < MIN_WIDTH or count == 0:
        return Room(1, 0, 0)
    for columns in range(widest, most + 1):
        if SMALLEST * -(-count // columns) <= height:
            return Room(columns, -(-count // columns), count)
    for rows in range(count // widest, 0, -1):
        rest = -(-(count - rows * widest) // widest)
        if rows * SMALLEST + rest <= height:
            return Room(widest, rows, rows * widest)
    return Room(widest, 0, 0)


def headline(series: Series, width: int) -> Content:
    """Write one signal in one line: "leaks/min 7.1 ▲ line 0.5" and a sparkline where there is room."""
    breach = series.breached
    arrow = (" ▼" if series.floor else " ▲") if breach else ""
    named = series.unit.replace(" ", "") in series.label.replace(" ", "")
    value = f"{number(series.latest)}{'' if named else series.unit}"
    limit = "" if series.threshold is None else f"  line {number(series.threshold)}"
    said = line(" ", (value + arrow, "bold $error" if breach else ""))
    whole = line((series.label, "bold")) + said + line((limit, "dim"))
    if whole.cell_length <= width:
        return whole
    label = line((series.label, "bold")).truncate(max(1, width - said.cell_length), ellipsis=True)
    return (label + said).truncate(max(1, width), ellipsis=True)


class SignalPlot(Widget):
    """One signal: a heading and a plot, or one line when it is lower than five lines or narrower than 20 cells."""

    DEFAULT_CSS = """
    SignalPlot { height: 1fr; width: 1fr; padding: 0 1 0 0; }
    SignalPlot.-picked { background: $boost; }
    """

    class Clicked(Message):
        """Somebody pointed at this plot."""

        def __init__(self, plot: SignalPlot) -> None:
            super().__init__()
            self.plot = plot

    def __init__(self, colour: str) -> None:
        super().__init__()
        self._colour = colour
        self._series: Series | None = None
        self._marks: tuple[float, ...] = ()
        self._since = ""
        self._key: tuple[object, ...] = ()
        self._drawn: tuple[object, Content] | None = None

    @property
    def signal(self) -> str:
        """The name of the signal it shows; empty before the first frame."""
        return self._series.name if self._series else ""

    def on_mount(self) -> None:
        if not is_warm():
            self.run_worker(self._warm, thread=True, group="chart", description="load the plots")

    def show(self, series: Series, marks: Sequence[float], since: str, *, delay_s: float = 0.0) -> None:
        """Show another state of a signal after a moment; nothing is redrawn when it is the same."""
        key = (array("d", series.values).tobytes(), series.latest, series.threshold, series.label, *marks, since)
        if key != self._key:
            first = self._series is None
            self._series, self._marks, self._since, self._key = series, tuple(marks), since, key
            if first or delay_s <= 0:
                self.refresh()
            else:
                self.set_timer(delay_s, self.refresh)

    def on_click(self, event: events.Click) -> None:
        self.post_message(self.Clicked(self))

    def render(self) -> Content:
        """Draw the plot, from memory when neither data nor size changed."""
        width, height = self.size
        if self._series is None:
            return Content("")
        key = (self._key, width, height, is_warm())
        if self._drawn is None or self._drawn[0] != key:
            self._drawn = (key, self._draw(self._series, width, height))
        return self._drawn[1]

    def _draw(self, series: Series, width: int, height: int) -> Content:
        head = headline(series, width)
        if height < SMALLEST or width < MIN_WIDTH or not is_warm():
            return beside(head, spark(series.values, min(width - head.cell_length - 1, 24)), width, self._colour)
        frame = Frame(series.threshold, series.floor, self._marks, (self._since, "now"))
        curve = ChartSeries(series.values, series.label, self._colour)
        return Content("\n").join([head, draw([curve], width, height - 1, frame)])

    def _warm(self) -> None:
        warm()
        self.app.call_from_thread(self.refresh)


def beside(head: Content, bars: str, width: int, colour: str) -> Content:
    """Draw bars at the right end of a line, so that `now` stands below `now`; nothing where there is no room."""
    gap = width - head.cell_length - len(bars)
    return head if len(bars) < FEWEST_BARS or gap < 1 else head + " " * gap + untrusted(bars, colour)


@dataclass
class SignalPicked(Message):
    """Somebody asks what a signal means."""

    signal: str


class SignalGrid(Grid, can_focus=True):
    """All signals of a frame, those that containment is judged on first; the order never changes by itself."""

    DEFAULT_CSS = """
    SignalGrid { height: 1fr; grid-gutter: 0 1; overflow: hidden; }
    """
    BINDING_GROUP_TITLE = "Signals"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,up", "pick(-1)", "Previous signal", show=False),
        Binding("right,down", "pick(1)", "Next signal", show=False),
        Binding("enter", "ask", "Explain", tooltip="What this signal means", id="signals.ask"),
    ]
    HELP = """# Signals
What is measured, over the last minutes. The red line is the limit; a curve beyond it is red too, and **▲** or **▼**
stands behind the value. A vertical line is a lever that was pulled. Arrows choose a signal, **Enter** explains it.
"""

    def __init__(self, *, redraw_s: float = REDRAW_S, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._redraw_s = redraw_s
        self._pending: tuple[SignalFrame, tuple[datetime, ...]] | None = None
        self._pause: Timer | None = None
        self._picked = -1
        self._room = Room(0, 0, 0)

    def show(self, frame: SignalFrame, pulls: Sequence[datetime] = ()) -> None:
        """Show a frame with marks at the moments of lever pulls; quick repeats are drawn at most once a second."""
        self._pending = (frame, tuple(pulls))
        if self._pause is None:
            self._draw_pending()

    def _draw_pending(self) -> None:
        self._pause = None
        if self._pending is None or not self.is_attached:
            return
        (frame, pulls), self._pending = self._pending, None
        if self._redraw_s > 0:
            self._pause = self.set_timer(self._redraw_s, self._draw_pending)
        series = sorted(frame.series, key=lambda one: not one.harm)
        plots = self._plots(len(series))
        shares = [
            share
            for pull in pulls
            if 0 <= (share := 1 - (frame.at - pull).total_seconds() / max(1.0, frame.window_s)) <= 1
        ]
        since = f"-{round(frame.window_s / 60)}m" if frame.window_s >= 60 else f"-{round(frame.window_s)}s"
        step = self._redraw_s / (len(plots) + 1)
        for place, (plot, one) in enumerate(zip(plots, series, strict=True)):
            # One plot at a time: a key pressed meanwhile waits for one of them, not for all.
            plot.show(one, shares, since, delay_s=place * step)

    def _plots(self, count: int) -> list[SignalPlot]:
        plots = list(self.query(SignalPlot))
        if len(plots) < count:
            fresh = [SignalPlot(CALM[place % len(CALM)]) for place in range(len(plots), count)]
            self.mount_all(fresh)
            plots += fresh
        for plot in plots[count:]:
            plot.remove()
        self._arrange(count)
        return plots[:count]

    def on_resize(self, event: events.Resize) -> None:
        self._room = Room(0, 0, 0)
        self._arrange(len(self.query(SignalPlot)))

    def _arrange(self, count: int) -> None:
        room = arrange(count, self.size.width, self.size.height)
        if room == self._room or count == 0:
            return
        self._room = room
        rest = -(-(count - room.plotted) // room.columns)
        self.styles.grid_size_columns = room.columns
        self.styles.grid_size_rows = max(1, room.rows + rest)
        self.styles.grid_rows = " ".join(["1fr"] * room.rows + ["1"] * rest)

    def action_pick(self, step: int) -> None:
        """Move to the next or previous signal."""
        plots = list(self.query(SignalPlot))
        if plots:
            self._pick((self._picked + step) % len(plots) if self._picked >= 0 else 0)

    def action_ask(self) -> None:
        """Ask what the picked signal means."""
        plots = list(self.query(SignalPlot))
        if plots and plots[max(0, self._picked)].signal:
            self.post_message(SignalPicked(plots[max(0, self._picked)].signal))

    def on_signal_plot_clicked(self, message: SignalPlot.Clicked) -> None:
        message.stop()
        self._pick(list(self.query(SignalPlot)).index(message.plot))

    def _pick(self, place: int) -> None:
        self._picked = place
        for index, plot in enumerate(self.query(SignalPlot)):
            plot.set_class(index == place, "-picked")
