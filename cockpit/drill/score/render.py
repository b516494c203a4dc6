"""A debrief as plain text and as Markdown; every word from outside goes through the neutralising door."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from cockpit.domain.clock import mmss
from cockpit.domain.text import clean, markdown
from cockpit.drill.score.retell import Debrief, Line, PartView
from cockpit.drill.score.truth import Curve

_BARS = " ▁▂▃▄▅▆▇█"
_LETTERS = {"milestone": "◆", "lever": "L", "canary": "c", "inject": "·", "update": "u"}
_STEPS_S = (300.0, 600.0, 1200.0, 1800.0, 3600.0, 7200.0)
_LONGEST = 110
"""Characters of one line of evidence."""


def to_text(debrief: Debrief, width: int = 100) -> str:
    """Return the debrief for a terminal or a pipe, without any markup."""
    lines = [clean(debrief.title, multiline=False), debrief.headline, ""]
    lines += [f"CAPPED at 49: {clean(why, multiline=False)}" for why in debrief.gates]
    for part in debrief.parts:
        lines += [_part_head(part), *(f"      {_evidence(line, clean)}" for line in part.evidence)]
    lines += ["", "What would have been better"]
    lines += [f"  {one}" for one in _better(debrief, clean)]
    lines += ["", *picture(debrief, width), ""]
    lines += [
        f"  {mmss(mark.at_s):>7}  {_LETTERS[mark.sort]} {_words(mark.label, clean)}" for mark in debrief.timeline
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def to_markdown(debrief: Debrief) -> str:
    """Return the debrief as a Markdown document."""
    score = debrief.score
    lines = [f"# Debrief: {markdown(debrief.title)}", "", f"**{debrief.headline}**", ""]
    lines += [
        f"{score.incident}, scenario {markdown(score.scenario)}, seed {score.seed}, profile {score.profile}",
        "",
    ]
    lines += [f"> Capped at 49: {markdown(why)}\n" for why in debrief.gates]
    lines += ["| part | weight | score | | why |", "|---|---|---|---|---|"]
    lines += [
        f"| {part.name} | {part.weight} | {_value(part)} | {part.word} | {_cell(part.sentence)} |"
        for part in debrief.parts
    ]
    lines += ["", "## What would have been better", ""]
    lines += _better(debrief, markdown)
    lines += [
        "",
        "## Time line",
        "",
        "```",
        *picture(debrief, 100),
        "```",
        "",
        "| after the page | what |",
        "|---|---|",
    ]
    lines += [f"| {mmss(mark.at_s)} | {_LETTERS[mark.sort]} {_cell(mark.label)} |" for mark in debrief.timeline]
    lines += ["", "## Evidence", ""]
    for part in debrief.parts:
        if part.evidence:
            lines += [f"### {part.name}", "", *(f"- {_evidence(line, markdown)}" for line in part.evidence), ""]
    return "\n".join(lines) + "\n"


def picture(debrief: Debrief, width: int = 100) -> list[str]:
    """Draw harm per minute, yours over what doing nothing would have done, and what happened on the same axis."""
    room = max(20, width - 12)
    top = max(max(debrief.yours.values, default=0.0), max(debrief.nothing.values, default=0.0))
    yours, nothing = _shrunk(debrief.yours, room), _shrunk(debrief.nothing, room)
    return [
        f"harm a minute, 0 to {top:.1f}",
        f"{'nothing':>9} |{_bars(nothing, top)}",
        f"{'yours':>9} |{_bars(yours, top)}",
        *(
            f"{sort:>9} |{_marks(debrief, sort, room)}"
            for sort in ("milestone", "lever", "canary", "update", "inject")
        ),
        f"{'':>9} |{_axis(debrief.yours, room)}",
    ]


def _shrunk(curve: Curve, room: int) -> list[float]:
    """Average a curve into as many columns as there is room for."""
    count = len(curve.values)
    edges = [round(column * count / room) for column in range(room + 1)]
    parts = [curve.values[first : max(last, first + 1)] for first, last in pairwise(edges)]
    return [sum(part) / len(part) if part else 0.0 for part in parts]


def _bars(values: list[float], top: float) -> str:
    if top <= 0:
        return ""
    return "".join(_BARS[0 if value <= 0 else max(1, round(value / top * 8))] for value in values)


def _column(curve: Curve, at_s: float, room: int) -> int:
    span = max(curve.bin_s * len(curve.values), 1.0)
    return min(room - 1, max(0, int((at_s - curve.start_s) / span * room)))


def _marks(debrief: Debrief, sort: str, room: int) -> str:
    row = [" "] * room
    for mark in debrief.timeline:
        if mark.sort == sort:
            row[_column(debrief.yours, mark.at_s, room)] = _LETTERS[sort]
    return "".join(row).rstrip()


def _axis(curve: Curve, room: int) -> str:
    """Write minutes after the page under the picture, as many as can be told apart."""
    row = ""
    last = curve.start_s + curve.bin_s * len(curve.values)
    step = next((step for step in _STEPS_S if (last - curve.start_s) / step * 6 <= room), _STEPS_S[-1])
    moment = -(-curve.start_s // step) * step
    while moment < last:
        label = f"{moment / 60:+.0f}" if moment else "page"
        place = _column(curve, moment, room)
        if (not row or len(row) < place) and place + len(label) <= room:
            row = row.ljust(place) + label
        moment += step
    return row


def _part_head(part: PartView) -> str:
    return f"  {part.name:<10} {_value(part):>5} {part.word}  {_words(part.sentence, clean)}"


def _value(part: PartView) -> str:
    return "–" if part.value is None else f"{part.value:.2f}"


def _evidence(line: Line, door: Callable[..., str]) -> str:
    return f"#{line.seq} {line.clock} {door(line.who, multiline=False, limit=40)}: {_words(line.text, door)}"


def _words(text: str, door: Callable[..., str]) -> str:
    return door(text, multiline=False, limit=_LONGEST * 3)


def _cell(text: str) -> str:
    return markdown(text, limit=_LONGEST * 3).replace("\n", " ")


def _better(debrief: Debrief, door: Callable[..., str]) -> list[str]:
    found = [f"{number}. {_words(one.text, door)}" for number, one in enumerate(debrief.what_ifs, 1)]
    return found or ["Nothing that could have been done differently would have spared much."]
