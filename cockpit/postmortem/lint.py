"""What a postmortem still lacks or says wrongly: each finding with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cockpit.domain.blame import blame
from cockpit.postmortem.draft import ACTION_HEAD, REQUIRED
from cockpit.postmortem.merge import CONFLICT
from cockpit.postmortem.timeline import TIMELINE_HEAD

TITLES = {
    "summary": "Summary", "impact": "Impact", "timeline": "Timeline", "root-cause": "Root cause",
    "detection": "Detection gap", "went-well": "What went well", "went-poorly": "What went poorly",
    "five-questions": "Five questions", "eval-gate": "Eval-gate review", "lever-debt": "Lever debt",
    "actions": "Action items",
}  # fmt: skip
"""The heading of each required section, by which it is found in a file that has no marks."""

_HEADING = re.compile(r"#{2,6} (.+?)\s*#*")
_CELL = re.compile(r"(?<!\\)\|")
_NOBODY = re.compile(r"\W*(nobody yet|no date|tbd|unassigned|none|\?+|–|-)?\W*", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}(:\d{2})?")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at; `kind` is blame, missing, open, action, timeline or conflict."""

    line: int
    kind: str
    words: str


def lint(text: str) -> list[Finding]:
    """Read a postmortem, with or without its marks."""
    lines = text.splitlines()
    found = [*_missing(lines), *_open(lines), *_timeline(lines), *_actions(lines), *_blame(lines)]
    return sorted(found, key=lambda one: (one.line, one.kind))


def sections_of(lines: Sequence[str]) -> dict[str, tuple[int, list[str]]]:
    """Return the required sections that are there: the number of the heading's line, and what stands under it."""
    names = {title.casefold(): name for name, title in TITLES.items()}
    found: dict[str, tuple[int, list[str]]] = {}
    under: list[str] = []
    for number, line in enumerate(lines, 1):
        heading = _HEADING.fullmatch(line.strip())
        if heading:
            under = []
            if name := names.get(heading[1].casefold()):
                under = found.setdefault(name, (number, under))[1]
        elif line.strip() and not line.lstrip().startswith("<!--"):
            under.append(line)
    return found


def action_cells(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Return the rows of the action items with their line numbers, each as its cells."""
    return _rows(lines, "actions", ACTION_HEAD)


def _rows(lines: Sequence[str], section: str, head: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    inside = False
    for number, line in enumerate(lines, 1):
        if heading := _HEADING.fullmatch(line.strip()):
            inside = heading[1].casefold() == TITLES[section].casefold()
        elif inside and line.strip().startswith("|") and line.strip() not in head:
            yield number, [cell.strip() for cell in _CELL.split(line.strip().strip("|"))]


def assigned(cells: Sequence[str]) -> bool:
    """Tell whether an action item has an owner and a date."""
    return len(cells) >= 4 and not _NOBODY.fullmatch(cells[2]) and bool(_DATE.search(cells[3]))


def _missing(lines: Sequence[str]) -> Iterator[Finding]:
    there = sections_of(lines)
    for name in REQUIRED:
        if name not in there:
            yield Finding(1, "missing", f"the section “{TITLES[name]}” is missing")
        elif not there[name][1]:
            yield Finding(there[name][0], "missing", f"the section “{TITLES[name]}” is empty")


def _open(lines: Sequence[str]) -> Iterator[Finding]:
    for number, line in enumerate(lines, 1):
        if "**Open:**" in line:
            yield Finding(number, "open", "this is still open: " + line.partition("**Open:**")[2].strip()[:120])
        if line.strip() == CONFLICT:
            yield Finding(number, "conflict", "the new draft differs from what you wrote: keep one of the two")


def _actions(lines: Sequence[str]) -> Iterator[Finding]:
    for number, cells in action_cells(lines):
        if not assigned(cells):
            yield Finding(number, "action", "this action item needs an owner and a date")


def _timeline(lines: Sequence[str]) -> Iterator[Finding]:
    """Find entries that nobody can place: without a moment, out of order, or known before they happened."""
    last = ""
    for number, cells in _rows(lines, "timeline", TIMELINE_HEAD):
        happened, known = cells[0], cells[1] if len(cells) > 1 else ""
        if not _MOMENT.fullmatch(happened):
            yield Finding(number, "timeline", "this entry needs a moment, such as 2026-06-12 02:14:00")
            continue
        if happened < last:
            yield Finding(number, "timeline", "this entry is dated before the one above it")
        if _MOMENT.fullmatch(known) and known < happened:
            yield Finding(number, "timeline", "this entry was known before it happened")
        last = max(last, happened)


def _blame(lines: Sequence[str]) -> Iterator[Finding]:
    timeline = sections_of(lines).get("timeline")
    quoted = set(timeline[1]) if timeline else set()
    for number, line in enumerate(lines, 1):
        # The timeline quotes what people said at the time; that is evidence, and stays as it was said.
        if line not in quoted and not line.lstrip().startswith("<!--"):
            yield from (Finding(number, "blame", f"“{one.words}”: {one.advice}") for one in blame(line))
