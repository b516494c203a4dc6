"""A postmortem as Markdown in sections, each between two marks that a person's editor leaves alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_BEGIN = re.compile(r"<!-- cockpit:section ([a-z-]+) -->")
_END = re.compile(r"<!-- cockpit:end ([a-z-]+) -->")
_HEADING = re.compile(r"#{1,2} (.+?)\s*#*")


@dataclass(frozen=True, slots=True)
class Section:
    """One section; `id` is empty for a person's own text between sections. Its heading is among its `lines`."""

    id: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part of a document stands: its heading, which may be empty, and its first and last line, from 1."""

    title: str
    first: int
    last: int

    def holds(self, line: int) -> bool:
        """Tell whether a line is in it."""
        return self.first <= line <= self.last


def section(name: str, title: str, lines: Iterable[str]) -> Section:
    """Make a section with its heading."""
    return Section(name, (f"## {title}", "", *lines))


def render(sections: Iterable[Section]) -> str:
    """Write sections with their marks."""
    return "".join(f"{line}\n" for one in sections for line in _marked(one))


def plain(text: str) -> str:
    """Return a document without its marks, as it leaves."""
    kept = [line for line in text.splitlines() if not is_mark(line)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip() + "\n"


def parse(text: str) -> list[Section]:
    """Read a document back. No line is lost, whatever became of the marks: what is not marked is a person's text."""
    found: list[Section] = []
    name, lines = "", list[str]()
    seen = set[str]()
    for line in text.splitlines():
        begin, end = _BEGIN.fullmatch(line.strip()), _END.fullmatch(line.strip())
        if begin or end:
            _keep(found, name, lines)
            name, lines = "", []
        if begin and begin[1] not in seen:
            name = begin[1]
            seen.add(name)
        elif not begin and not end:
            lines.append(line)
    _keep(found, name, lines)
    return found


def places(text: str) -> list[Place]:
    """Cut a document where marks stand or a heading of the first two levels begins; marks are in no part."""
    lines, found, first = text.splitlines(), list[Place](), 1
    for number, line in enumerate([*lines, ""], 1):
        mark = number > len(lines) or is_mark(line)
        if mark or _HEADING.fullmatch(line.strip()):
            found += _part(lines, first, number - 1)
            first = number + 1 if mark else number
    return found


def body_of(text: str, place: Place) -> str:
    """Return what stands in a part below its heading."""
    lines = text.splitlines()[place.first - 1 : place.last]
    return "\n".join(_trimmed(lines[1:] if place.title else lines))


def with_body(text: str, place: Place, body: str) -> str:
    """Return the document with something else in a part; its heading stays."""
    lines = text.splitlines()
    head = [lines[place.first - 1], ""] if place.title else []
    new = [*head, *_trimmed(body.splitlines())]
    return "".join(f"{line}\n" for line in (*lines[: place.first - 1], *new, *lines[place.last :]))


def is_mark(line: str) -> bool:
    """Tell whether a line is one of the marks between sections."""
    return bool(_BEGIN.fullmatch(line.strip()) or _END.fullmatch(line.strip()))


def find(sections: Sequence[Section], name: str) -> Section | None:
    """Find a section by its id."""
    return next((one for one in sections if one.id == name), None)


def _keep(found: list[Section], name: str, lines: Sequence[str]) -> None:
    if name or any(line.strip() for line in lines):
        found.append(Section(name, _trimmed(lines)))


def _part(lines: Sequence[str], first: int, last: int) -> Iterator[Place]:
    """Yield the part between two lines without the empty lines around it; nothing where all are empty."""
    full = [number for number in range(first, last + 1) if lines[number - 1].strip()]
    if full:
        heading = _HEADING.fullmatch(lines[full[0] - 1].strip())
        yield Place(heading[1] if heading else "", full[0], full[-1])


def _trimmed(lines: Sequence[str]) -> tuple[str, ...]:
    """Drop empty lines at both ends: they are put back when it is written."""
    full = [place for place, line in enumerate(lines) if line.strip()]
    return tuple(lines[full[0] : full[-1] + 1]) if full else ()


def _marked(one: Section) -> Iterator[str]:
    if one.id:
        yield f"<!-- cockpit:section {one.id} -->"
    yield from one.lines
    if one.id:
        yield f"<!-- cockpit:end {one.id} -->"
    yield ""
