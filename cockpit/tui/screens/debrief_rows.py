"""A debrief as rows: the score by part with its evidence, and the story with its picture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual.content import Content

from cockpit.domain.clock import mmss
from cockpit.tui.chart import ChartSeries, Frame, draw
from cockpit.tui.panes.rows import Row, paragraph, row
from cockpit.tui.panes.words import BAD, DIM, GOOD, KEY, WARN
from cockpit.tui.text import line, untrusted

if TYPE_CHECKING:
    from cockpit.drill.score.retell import Debrief, Line, PartView, WhatIf

BAR = 10
PICTURE_HEIGHT = 10
NAME = 11
SORTS = {
    "milestone": ("◆", GOOD), "lever": ("⇩", WARN), "canary": ("◔", WARN), "inject": ("☎", DIM), "update": ("✉", ""),
}  # fmt: skip
WORDS = {
    "P": "performed without challenges", "S": "some challenges", "M": "major challenges", "U": "unable to perform",
}  # fmt: skip
"""What the HSEEP letters mean."""


def tone(value: float | None) -> str:
    """Return how a part of the score is drawn."""
    if value is None:
        return DIM
    return GOOD if value >= 0.85 else WARN if value >= 0.5 else BAD


def score_rows(debrief: Debrief, opened: set[str], width: int) -> Iterator[Row]:
    """Draw the total, the gates, and every part; an opened part shows the journal lines it rests on."""
    total = debrief.score.total
    yield row((f" {total:.0f} / 100 ", f"bold reverse {tone(total / 100)}"), "  ", (debrief.title, "bold"))
    yield from paragraph(untrusted(debrief.headline), width)
    for why in debrief.gates:
        yield from paragraph(line(("▲ capped at 49: ", f"bold {BAD}"), (why, BAD)), width, hang=2)
    yield Row(Content(""))
    yield row(("Score by part", "bold"), ("   enter: the journal lines it rests on", DIM))
    for part in debrief.parts:
        yield from _part_rows(part, opened, width)


def _part_rows(part: PartView, opened: set[str], width: int) -> Iterator[Row]:
    key = f"part:{part.name}"
    filled = round((part.value or 0.0) * BAR)
    bar = "█" * filled + "░" * (BAR - filled)
    number = "  – " if part.value is None else f"{part.value:.2f}"
    fold = "▾" if key in opened else "▸" if part.evidence else " "
    head = line(
        (f"{fold} ", KEY), (part.name.ljust(NAME), "bold"), (bar, tone(part.value)), f" {number} ",
        (f"{part.word} ", tone(part.value)), (f"weight {part.weight}", DIM),
    )  # fmt: skip
    yield Row(head, key)
    yield from paragraph(untrusted(part.sentence, DIM), width, indent=4)
    if key in opened:
        yield from _opened_rows(part, width)


def _opened_rows(part: PartView, width: int) -> Iterator[Row]:
    if part.word in WORDS:
        yield row((f"    {part.word}: {WORDS[part.word]}", DIM))
    for one in part.evidence:
        yield from _evidence(one, width)
    if not part.evidence:
        yield row(("    no journal line: what it asks for never happened", DIM))


def _evidence(one: Line, width: int) -> Iterator[Row]:
    text = line((f"#{one.seq} ", KEY), (f"{one.clock} ", DIM), (one.who, "bold"), " ", untrusted(one.text, limit=400))
    yield from paragraph(text, width, indent=4, hang=8)


def story_rows(debrief: Debrief, width: int) -> Iterator[Row]:
    """Draw the picture, what would have been better, and what happened when."""
    yield row(("Harm a minute", "bold"), ("  yours ", "ansi_cyan"), ("  had nothing been done", DIM))
    yield from picture(debrief, width)
    yield Row(Content(""))
    yield row(("What would have been better", "bold"), ("  the same requests, played again", DIM))
    for number, one in enumerate(debrief.what_ifs, 1):
        yield from _what_if(number, one, width)
    if not debrief.what_ifs:
        yield from paragraph(
            line(("nothing that could have been done differently would have spared much", GOOD)), width
        )
    yield Row(Content(""))
    yield row(("What happened when", "bold"), ("  after the page", DIM))
    for mark in debrief.timeline:
        glyph, style = SORTS.get(mark.sort, ("·", ""))
        label = mark.label.replace("_", " ") if mark.sort == "milestone" else mark.label
        text = line((f"{mmss(mark.at_s):>7} ", DIM), (f"{glyph} ", style), untrusted(label, style, limit=300))
        yield Row(text.truncate(width, ellipsis=True), f"mark:{mark.at_s:.0f}:{mark.seq}:{mark.sort}:{label[:20]}")


def _what_if(number: int, one: WhatIf, width: int) -> Iterator[Row]:
    lines = ", ".join(f"#{seq}" for seq in one.seqs)
    text = line((f"{number} ", KEY), (f"{mmss(one.at_s)} ", DIM), one.text, (f"  {lines}" if lines else "", DIM))
    yield from paragraph(text, width, hang=2, key=f"what:{number}")


def picture(debrief: Debrief, width: int) -> Iterator[Row]:
    """Plot harm over time, with a vertical line at every pull."""
    yours, nothing = debrief.yours, debrief.nothing
    span = max(yours.bin_s * len(yours.values), 1.0)
    marks = tuple(
        place
        for mark in debrief.timeline
        if mark.sort == "lever" and 0 <= (place := (mark.at_s - yours.start_s) / span) <= 1
    )
    ends = (mmss(yours.start_s), mmss(yours.start_s + span))
    curves = [
        ChartSeries(list(nothing.values), "nothing", "$foreground-muted"),
        ChartSeries(list(yours.values), "yours", "ansi_cyan"),
    ]
    for one in draw(curves, max(24, min(width, 110)), PICTURE_HEIGHT, Frame(marks=marks, span=ends)).split("\n"):
        yield Row(one)
