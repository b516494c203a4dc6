"""Rows of the tables of a postmortem for a narrow column: the timeline, the action items, any other."""

from __future__ import annotations

import re
from collections.abc import Sequence

from textual.content import Content

from cockpit.tui.panes.words import DIM, GOOD, WARN
from cockpit.tui.postmortem.markup import styled
from cockpit.tui.text import line

CELL = re.compile(r"(?<!\\)\|")
RULE = re.compile(r"\|(?:\s*:?-+:?\s*\|)+\s*")
TIMELINE = ["happened", "known", "who", "what", "ids"]
ITEMS = ["id", "what", "owner", "due", "state"]
_NOTHING = ("–", "-", "")
CLOCK = len("2026-06-12 ")


def cells_of(text: str) -> list[str]:
    """Return the cells of a row."""
    inside = text.strip().removeprefix("|")
    return [cell.strip() for cell in CELL.split(inside.removesuffix("|"))]


def day_of(head: Sequence[str], cells: Sequence[str]) -> str:
    """Return the day of a row of the timeline, an empty text for any other."""
    return cells[0][: CLOCK - 1] if list(head) == TIMELINE and len(cells) == len(TIMELINE) else ""


def row_of(head: Sequence[str], cells: Sequence[str]) -> tuple[Content, int]:
    """Draw a row; return it, and by how much its further lines are indented."""
    if list(head) == TIMELINE and len(cells) == len(TIMELINE):
        return _moment(cells)
    if list(head) == ITEMS and len(cells) == len(ITEMS):
        return _item(cells)
    return Content("  ").join([styled(cell) for cell in cells]), 2


def _moment(cells: Sequence[str]) -> tuple[Content, int]:
    happened, known, who, what, ids = cells
    parts = [line((happened[CLOCK:] or happened, DIM), "  "), styled(who, "bold"), line(" "), styled(what)]
    if known != "at once":
        parts.append(line(("  known ", DIM), (known[CLOCK:] or known, DIM)))
    if ids not in _NOTHING:
        parts += [line("  "), styled(ids, DIM)]
    return Content("").join(parts), len("02:14:20  ")


def _item(cells: Sequence[str]) -> tuple[Content, int]:
    name, what, owner, due, state = cells
    sign = ("✔ ", GOOD) if state == "done" else ("○ ", WARN)
    parts = [line(sign), styled(name, "bold"), line("  "), styled(what)]
    return Content("").join([*parts, line(("  ", DIM)), styled(owner, DIM), line(", "), styled(due, DIM)]), 2
