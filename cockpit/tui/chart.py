"""Small plots in the terminal; the only module that knows plotext.

plotext is imported inside `draw`, so that the first frame never waits for it: call `warm` from a thread first.
Plots are drawn in roles, not colours: the theme decides at the moment of painting.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content, Span

from cockpit.tui.text import untrusted

MIN_WIDTH, MIN_HEIGHT = 20, 4
"""Below this many cells a plot says nothing; use `spark`."""
MAX_POINTS = 160
"""Points drawn at most, and never more than there are columns: noise costs by the point."""
AXIS_HEIGHT = 8
"""From this many lines on a plot has room for a time axis."""
LINE, MARK, FIRST = 1, 2, 10
"""Colour numbers given to plotext as roles: threshold, vertical mark, first series."""
_ESCAPE = re.compile(r"\x1b\[([0-9;]*)m")
_BARS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class Palette:
    """Textual styles of a plot's roles; every one may be a theme variable."""

    axis: str = "dim"
    line: str = "$error"
    mark: str = "$success"
    breach: str = "bold $error"
    series: tuple[str, ...] = ("ansi_cyan", "ansi_blue", "$success", "$warning")


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """One curve: evenly spaced values, oldest first, NaN where nothing was measured."""

    values: Sequence[float]
    label: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """What a plot shows beside its curves.

    Attributes:
        threshold: a horizontal line; what is drawn beyond it (`floor`: below it) is a breach.
        marks: places of vertical lines, 0 (left edge) to 1 (right edge).
        span: words under the left and the right end of the time axis.
    """

    threshold: float | None = None
    floor: bool = False
    marks: tuple[float, ...] = ()
    span: tuple[str, str] = ("", "now")
    palette: Palette = Palette()


def warm() -> None:
    """Import plotext (about 35 ms); safe in a thread."""
    import plotext  # noqa: F401


def is_warm() -> bool:
    """Say whether `draw` would be quick."""
    return "plotext" in sys.modules


def draw(series: Sequence[ChartSeries], width: int, height: int, frame: Frame | None = None) -> Content:
    """Plot curves into exactly `width` × `height` cells (at least 20 × 4); call it on the UI thread only."""
    frame = frame or Frame()
    curves = [thin([_finite(value) for value in one.values], min(MAX_POINTS, width)) for one in series]
    known = [value for curve in curves for value in curve if value == value]
    if not known or width < MIN_WIDTH or height < MIN_HEIGHT:
        words = "no data yet" if not known else "no room for a plot"
        return _blank(words, width, height, frame.palette.axis)
    limits = _limits(known, frame.threshold)
    rows = _build(curves, width, height, frame, limits).rstrip("\n").split("\n")[:height]
    styles = [one.style or _cycle(frame.palette, index) for index, one in enumerate(series)]
    line = _line_row(rows, height - 2 * (height >= AXIS_HEIGHT), limits, frame.threshold)
    lines = []
    for place, raw in enumerate(rows):
        beyond = line is not None and (place > line if frame.floor else place < line)
        lines.append(_line(raw, frame.palette, [frame.palette.breach] * len(styles) if beyond else styles, width))
    lines += [Content(" " * width)] * (height - len(lines))
    return Content("\n").join(lines)


def spark(values: Sequence[float], width: int) -> str:
    """Write values as one line of bars, the newest at the right; a gap is a blank."""
    kept = thin([_finite(value) for value in values], width)
    known = [value for value in kept if value == value]
    if not known:
        return ""
    low, high = min(known), max(known)
    scale = (len(_BARS) - 1) / (high - low) if high > low else 0.0
    return "".join(" " if value != value else _BARS[round((value - low) * scale)] for value in kept)


def number(value: float) -> str:
    """Write a value in at most five cells or so: 0.04, 7.1, 95.5, 1204, 12k."""
    if value != value:
        return "–"
    size = abs(value)
    if size >= 1e6:
        return f"{value / 1e6:.3g}M" if size < 1e9 else f"{value:.1e}"
    if size >= 10_000:
        return f"{value / 1000:.0f}k"
    if size >= 1000:
        return f"{value:.0f}"
    return f"{value:.1f}" if size >= 1 or size == 0 else f"{value:.2f}"


def thin(values: Sequence[float], most: int) -> list[float]:
    """Keep at most `most` values, one per stretch: the one furthest from the last kept, so that spikes survive."""
    if len(values) <= most:
        return list(values)
    kept: list[float] = []
    last = math.nan
    for index in range(most):
        stretch = values[index * len(values) // most : (index + 1) * len(values) // most]
        known = [value for value in stretch if value == value]
        if not known:
            kept.append(math.nan)
            continue
        last = known[-1] if last != last else max(known, key=lambda value: abs(value - last))
        kept.append(last)
    return kept


def _build(
    curves: Sequence[Sequence[float]], width: int, height: int, frame: Frame, limits: tuple[float, float]
) -> str:
    import plotext as plot

    last = max(1, *(len(curve) - 1 for curve in curves))
    plot.clear_figure()
    plot.theme("clear")
    plot.plotsize(width, height)
    plot.xlim(0, last)
    plot.ylim(*limits)
    timed = height >= AXIS_HEIGHT
    plot.xaxes(timed, False)
    plot.yaxes(True, False)
    plot.xticks([0, last] if timed else [], list(frame.span) if timed else [])
    ticks = _ticks(limits, frame.threshold, height - 2 * timed)
    plot.yticks(ticks, [number(tick) for tick in ticks])
    if frame.threshold is not None and limits[0] <= frame.threshold <= limits[1]:
        plot.hline(frame.threshold, color=LINE)
    for mark in frame.marks:
        plot.vline(min(1.0, max(0.0, mark)) * last, color=MARK)
    for index, curve in enumerate(curves):
        stretch = last / max(1, len(curve) - 1)
        for start, values in runs(curve):
            places = [(start + step) * stretch for step in range(len(values))]
            plot.plot(places, values, marker="braille", color=FIRST + index)
    return str(plot.build())


def runs(values: Sequence[float]) -> list[tuple[int, list[float]]]:
    """Split a curve at its gaps: (index of the first value, values)."""
    found: list[tuple[int, list[float]]] = []
    for index, value in enumerate(values):
        if value != value:
            continue
        if found and found[-1][0] + len(found[-1][1]) == index:
            found[-1][1].append(value)
        else:
            found.append((index, [value]))
    return found


def _line_row(rows: Sequence[str], inside: int, limits: tuple[float, float], threshold: float | None) -> int | None:
    """Find the row of the threshold, counted from the top: where it is drawn, or where it would be."""
    if threshold is None:
        return None
    drawn = next((place for place, raw in enumerate(rows) if f"\x1b[38;5;{LINE}m" in raw), None)
    if drawn is not None:
        return drawn
    share = (limits[1] - threshold) / (limits[1] - limits[0])
    return min(len(rows), max(-1, round(share * (inside - 1))))


def _limits(known: Sequence[float], threshold: float | None) -> tuple[float, float]:
    low, high = min(known), max(known)
    if threshold is not None and _near(threshold, low, high):
        low, high = min(low, threshold), max(high, threshold)
    if high - low < 1e-9 * max(1.0, abs(high)):
        return (low - 0.5, high + 0.5) if low else (0.0, 1.0)
    room = 0.04 * (high - low)
    return (low if low == 0 else low - room), high + room


def _near(threshold: float, low: float, high: float) -> bool:
    """A line far from the values would press them flat against the other edge."""
    return low - 4 * (high - low) - abs(low) <= threshold <= high + 4 * (high - low) + abs(high)


def _ticks(limits: tuple[float, float], threshold: float | None, lines: int) -> list[float]:
    low, high = limits
    ticks = [low, high]
    step = (high - low) / max(1, lines - 1)
    if threshold is not None and low + step < threshold < high - step:
        ticks.insert(1, threshold)
    elif lines >= 5:
        ticks.insert(1, (low + high) / 2)
    return ticks


def _line(raw: str, palette: Palette, styles: Sequence[str], width: int) -> Content:
    pieces = _ESCAPE.split(raw)
    plain, spans = "", []
    for place in range(0, len(pieces), 2):
        piece = pieces[place]
        code = pieces[place - 1] if place else ""
        if piece.strip():
            spans.append(Span(len(plain), len(plain) + len(piece), _role(code, palette, styles)))
        plain += piece
    # A second span of a crossing would only repeat the first: plotext writes every cell once.
    return Content(plain[:width].ljust(width), [span for span in spans if span.start < width])


def _role(code: str, palette: Palette, styles: Sequence[str]) -> str:
    role = int(code.rpartition(";")[2] or 0) if code.startswith("38;5;") else 0
    fixed = {0: palette.axis, LINE: palette.line, MARK: palette.mark}
    return fixed[role] if role in fixed else styles[(role - FIRST) % len(styles)]


def _cycle(palette: Palette, index: int) -> str:
    return palette.series[index % len(palette.series)]


def _blank(words: str, width: int, height: int, style: str) -> Content:
    lines = [Content("")] * max(0, height // 2) + [untrusted(words, style).center(max(1, width))]
    return Content("\n").join(lines[: max(1, height)])


def _finite(value: float) -> float:
    number = float(value)
    return number if math.isfinite(number) and abs(number) < 1e15 else math.nan
