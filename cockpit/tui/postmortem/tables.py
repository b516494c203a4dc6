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


def row_of(head: Sequence[str], cells: Sequence[str]) -> tuple[Content, Content]:
    """Draw a row: what stands in front of its first line, and what is wrapped beside that."""
    if list(head) == TIMELINE and len(cells) == len(TIMELINE):
        return _moment(cells)
    if list(head) == ITEMS and len(cells) == len(ITEMS):
        return _item(cells)
    return Content("  "), Content("  ").join([styled(cell) for cell in cells])


def _moment(cells: Sequence[str]) -> tuple[Content, Content]:
    happened, known, who, what, ids = cells
    parts = [styled(who, "bold"), Content(" "), styled(what)]
    if known != "at once":
        parts.append(line(("  known ", DIM), (known[CLOCK:] or known, DIM)))
    if ids not in _NOTHING:
        parts += [Content("  "), styled(ids, DIM)]
    return line((happened[CLOCK:] or happened, DIM), "  "), Content("").join(parts)


def _item(cells: Sequence[str]) -> tuple[Content, Content]:
    name, what, owner, due, state = cells
    sign = ("✔ ", GOOD) if state == "done" else ("○ ", WARN)
    parts = [styled(name, "bold"), Content("  "), styled(what), Content("  "), styled(owner, DIM), Content(", ")]
    return line(sign), Content("").join([*parts, styled(due, DIM)])
