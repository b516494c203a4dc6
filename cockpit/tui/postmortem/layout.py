"""A postmortem as rows to read: every line under its number, tables narrow, what is to be looked at marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from textual.content import Content

from cockpit.postmortem.document import Place, is_mark
from cockpit.postmortem.lint import Finding
from cockpit.postmortem.merge import CONFLICT
from cockpit.tui.panes.rows import MIN_WRAP, Row, paragraph, row
from cockpit.tui.panes.words import DIM, GOOD, WARN
from cockpit.tui.postmortem.markup import styled, unescaped
from cockpit.tui.postmortem.tables import RULE, cells_of, day_of, row_of
from cockpit.tui.text import fit, line

GO = "go:"
"""Before the number of a line that a finding leads to."""

MOST_FINDINGS = 8
"""Findings that are listed on top; `n` goes through all of them."""

PLACE = 14
STILL_OPEN = "this is still open: "
"""What the lint says before such a gap; its kind stands beside it already."""

_HEADING = re.compile(r"(#{1,6}) (.*?)\s*#*")
_BULLET = re.compile(r"(?:[-*]|\d+\.) ")


def line_of(key: str) -> int:
    """Return the number of the line that a row stands for, 0 for none."""
    number = key.removeprefix(GO)
    return int(number) if number.isdecimal() else 0


def finding_rows(findings: Sequence[Finding], found_in: Sequence[Place], width: int) -> Iterator[Row]:
    """List what the lint has to say; enter goes there."""
    if not findings:
        yield row(("✔ nothing to find fault with", GOOD))
        return
    yield row((f"▲ {len(findings)} to look at", f"bold {WARN}"), ("   n next · enter goes there", DIM))
    for one in findings[:MOST_FINDINGS]:
        place = next((place.title for place in found_in if place.holds(one.line)), "")
        told = unescaped(one.words.removeprefix(STILL_OPEN))
        words = line((one.kind.ljust(9), WARN), fit(place, PLACE), "  ", told)
        yield Row(words.truncate(width, ellipsis=True), f"{GO}{one.line}")
    if len(findings) > MOST_FINDINGS:
        yield row((f"… and {len(findings) - MOST_FINDINGS} more", DIM))


def page_rows(text: str, found_in: Sequence[Place], findings: Sequence[Finding], width: int) -> list[Row]:
    """Draw the whole document for a width in cells."""
    lines = text.splitlines()
    said: dict[int, list[Finding]] = {}
    for one in findings:
        said.setdefault(one.line, []).append(one)
    return [*finding_rows(findings, found_in, width), *_lines(lines, said, width)]


def _lines(lines: Sequence[str], said: Mapping[int, list[Finding]], width: int) -> Iterator[Row]:
    head: list[str] = []
    day = ""
    for number, text in enumerate(lines, 1):
        if is_mark(text) or RULE.fullmatch(text.strip()) or not text.strip():
            continue
        if not text.strip().startswith("|"):
            head, day = [], ""
            yield from _plain(text, number, width)
        elif not head:
            head = cells_of(text)
        else:
            cells = cells_of(text)
            if (new := day_of(head, cells)) != day:
                day = new
                yield row((day, f"bold {DIM}"))
            yield from hung(*row_of(head, cells), width, str(number))
        yield from _remarks(said.get(number, ()), width)


def _plain(text: str, number: int, width: int) -> Iterator[Row]:
    key, bare = str(number), text.strip()
    if heading := _HEADING.fullmatch(bare):
        yield row("")
        title = styled(heading[2], "bold $text-accent")
        yield from hung(Content(""), title, width, key)
    elif bare == CONFLICT:
        yield from paragraph(line(("▲ the new draft says here:", f"bold {WARN}")), width, key=key)
    elif bare.startswith(">"):
        yield from hung(line(("│ ", DIM)), styled(bare[1:].strip(), DIM), width, key)
    elif bullet := _BULLET.match(bare):
        sign = "• " if bullet[0] in ("- ", "* ") else bullet[0]
        yield from hung(Content(sign), styled(bare[bullet.end() :]), width, key)
    else:
        yield from hung(Content(""), styled(bare), width, key)


def _remarks(findings: Sequence[Finding], width: int) -> Iterator[Row]:
    for one in findings:
        if one.kind != "open":  # it stands there in so many words
            yield from paragraph(line((f"▲ {one.kind}: {unescaped(one.words)}", WARN)), width, indent=2, hang=4)


def hung(front: Content, text: Content, width: int, key: str) -> Iterator[Row]:
    """Wrap a text beside what stands in front of it; only the first row carries the key."""
    room = max(MIN_WRAP, width - front.cell_length)
    first, *rest = [text] if text.cell_length <= room else text.wrap(room)
    yield Row(front + first, key)
    yield from (Row(one.pad_left(front.cell_length)) for one in rest)


def section_rows(places: Sequence[Place], findings: Sequence[Finding], width: int) -> list[Row]:
    """List the parts, each with how much there is to look at in it."""
    rows = []
    for one in places:
        count = sum(one.holds(found.line) for found in findings)
        mark = f"▲{count}" if count else ""
        title = fit(unescaped(one.title) or "…", max(4, width - len(mark) - 1))
        rows.append(row(title, (f" {mark}", WARN), key=str(one.first)))
    return rows


def place_of(places: Sequence[Place], number: int) -> Place | None:
    """Find the part that a line is in, else the one before it."""
    before = [one for one in places if one.first <= number]
    return before[-1] if before else next(iter(places), None)
