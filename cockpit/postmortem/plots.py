"""The incident's signals drawn as SVG, with the moments that matter marked: no library, no script, nothing loaded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from math import isfinite

from cockpit.domain.clock import ManualClock
from cockpit.domain.events import Event, Kind
from cockpit.domain.incident import fold
from cockpit.domain.text import clean
from cockpit.drill.open import attach
from cockpit.drill.run import OpensIncidents
from cockpit.world.port import Series, SignalFrame

WIDE, HIGH = 760, 204
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 12, 16, 48
_ROW, _ROWS, _LETTER = 10, 3, 5.5
"""Names of marks stand below the axis, in rows, so that they do not overlap; how wide a letter is."""
MOST, BINS = 6, 180
LEAD = timedelta(minutes=10)
"""How long before the first thing on record a drawing begins."""
_MARKED = {"page": "page", "first_lever": "lever", "verified": "contained", "all_clear": "all-clear"}


@dataclass(frozen=True, slots=True)
class Plot:
    """One signal: (moment, value) points, the line it should not cross, and what is marked."""

    label: str
    unit: str
    points: tuple[tuple[datetime, float], ...]
    threshold: float | None = None
    marks: tuple[tuple[datetime, str], ...] = ()
    joined: bool = True


def marks_of(events: Sequence[Event]) -> tuple[tuple[datetime, str], ...]:
    """Return the moments that are marked in every plot."""
    reached = fold(events).milestones
    return tuple((reached[name], word) for name, word in _MARKED.items() if name in reached)


def from_journal(events: Sequence[Event]) -> list[Plot]:
    """Draw what the journal alone knows of each signal: the values at which it was told."""
    found: dict[str, list[Event]] = {}
    for event in events:
        value = event.get("value")
        told = event.kind in (Kind.SIGNAL_FIRED, Kind.CONTAINED, Kind.CONTAINMENT_LOST)
        if told and event.get("signal") and isinstance(value, int | float) and isfinite(value):
            found.setdefault(str(event.get("signal")), []).append(event)
    marks = marks_of(events)
    return [_told(name, lines, marks) for name, lines in found.items()][:MOST]


def svg(plot: Plot) -> str:
    """Return one plot as a figure; an empty text where there is nothing to draw."""
    points = [(at, value) for at, value in plot.points if isfinite(value)]
    if not points:
        return ""
    scale = _Scale(points, plot)
    unit = plot.unit if plot.unit not in plot.label else ""
    label = escape(clean(f"{plot.label} {unit}".strip(), multiline=False, limit=120))
    inside = "\n".join((*scale.axes(), *_line(scale, plot), *scale.marked(plot.marks), *_curve(scale, plot)))
    return (
        f'<figure>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" role="img" '
        f'aria-label="{label}" font-family="sans-serif" font-size="11">\n{inside}\n</svg>\n'
        f"<figcaption>{label}, UTC</figcaption>\n</figure>"
    )


def _told(name: str, lines: Sequence[Event], marks: tuple[tuple[datetime, str], ...]) -> Plot:
    first = lines[0]
    threshold = first.get("threshold")
    points = tuple((one.at, float(one.get("value"))) for one in lines)
    line = float(threshold) if isinstance(threshold, int | float) and isfinite(threshold) else None
    return Plot(str(first.get("label") or name), "", points, line, marks, joined=False)


class _Scale:
    """Where a moment and a value are on the paper."""

    def __init__(self, points: Sequence[tuple[datetime, float]], plot: Plot) -> None:
        moments = [at for at, _ in points] + [at for at, _ in plot.marks]
        self.start, self.end = min(moments), max(moments)
        if self.end - self.start < timedelta(seconds=60):
            self.start, self.end = self.start - timedelta(minutes=1), self.end + timedelta(minutes=1)
        values = [value for _, value in points] + ([plot.threshold] if plot.threshold is not None else [])
        self.low, high = min(0.0, *values), max(0.0, *values)
        self.high = high if high > self.low else self.low + 1.0

    def x(self, at: datetime) -> float:
        """Return how far right a moment is."""
        share = (at - self.start) / (self.end - self.start)
        return round(_LEFT + share * (WIDE - _LEFT - _RIGHT), 1)

    def y(self, value: float) -> float:
        """Return how far down a value is; the halves keep huge values from overflowing."""
        share = (value / 2 - self.low / 2) / (self.high / 2 - self.low / 2)
        return round(HIGH - _BOTTOM - share * (HIGH - _TOP - _BOTTOM), 1)

    def axes(self) -> Iterator[str]:
        """Draw the frame with its least and greatest value and its first and last moment."""
        left, floor = self.x(self.start), self.y(self.low)
        yield f'<path d="M{left} {_TOP}V{floor}H{WIDE - _RIGHT}" fill="none" stroke="#8c959f"/>'
        for value in (self.low, self.high):
            yield f'<text x="{left - 6}" y="{self.y(value) + 4}" text-anchor="end">{value:.3g}</text>'
        yield f'<text x="{left}" y="{HIGH - 4}">{self.start:%H:%M}</text>'
        yield f'<text x="{WIDE - _RIGHT}" y="{HIGH - 4}" text-anchor="end">{self.end:%H:%M}</text>'

    def marked(self, marks: Sequence[tuple[datetime, str]]) -> Iterator[str]:
        """Draw an upright line for each marked moment."""
        ends = [0.0] * _ROWS
        for at, word in sorted(marks):
            x, half = self.x(at), len(word) * _LETTER / 2
            middle = min(max(x, half), WIDE - half)
            row = next((number for number, end in enumerate(ends) if end < middle - half), _ROWS - 1)
            ends[row] = middle + half
            y = HIGH - _BOTTOM + _ROW * (row + 1)
            yield f'<path d="M{x} {_TOP}V{self.y(self.low)}" stroke="#6e7781" stroke-dasharray="2 3"/>'
            place = f'x="{middle:g}" y="{y}" text-anchor="middle"'
            yield f'<text {place} fill="#57606a" font-size="10">{escape(word)}</text>'


def _line(scale: _Scale, plot: Plot) -> Iterator[str]:
    if plot.threshold is not None:
        y = scale.y(plot.threshold)
        yield f'<path d="M{_LEFT} {y}H{WIDE - _RIGHT}" stroke="#cf222e" stroke-dasharray="6 4"/>'


def _curve(scale: _Scale, plot: Plot) -> Iterator[str]:
    if not plot.joined:
        for at, value in plot.points:
            yield f'<circle cx="{scale.x(at)}" cy="{scale.y(value)}" r="3.5" fill="#0969da"/>'
        return
    # A value that was not measured breaks the line: nothing is drawn where nothing is known.
    pieces, down = [], False
    for at, value in plot.points:
        if isfinite(value):
            pieces.append(f"{'L' if down else 'M'}{scale.x(at)} {scale.y(value)}")
        down = isfinite(value)
    yield f'<path d="{"".join(pieces)}" fill="none" stroke="#0969da" stroke-width="1.6"/>'


def from_drill(journal: OpensIncidents, events: Sequence[Event]) -> list[Plot]:
    """Measure a drill's signals again: the same requests, the same levers, from before its beginning to its end."""
    world = attach(journal, events[0].incident, ManualClock(events[0].at)).session.world
    start, end = min(event.at for event in events) - LEAD, max(event.at for event in events)
    frame = world.signals(end, (end - start).total_seconds(), BINS)
    marks = marks_of(events)
    telling = [one for one in frame.series if one.harm or _crossed(one)]
    return [_measured(one, frame, marks) for one in telling][:MOST]


def _crossed(one: Series) -> bool:
    line = one.threshold
    return line is not None and any((value < line) if one.floor else (value > line) for value in one.values)


def _measured(one: Series, frame: SignalFrame, marks: tuple[tuple[datetime, str], ...]) -> Plot:
    start = frame.at - timedelta(seconds=frame.bin_s * len(one.values))
    points = tuple((start + timedelta(seconds=frame.bin_s * (n + 1)), float(v)) for n, v in enumerate(one.values))
    return Plot(one.label, one.unit, points, one.threshold, marks)
