"""A postmortem as Markdown in sections, each between two marks that a person's editor leaves alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_BEGIN = re.compile(r"<!-- cockpit:section ([a-z-]+) -->")
_END = re.compile(r"<!-- cockpit:end ([a-z-]+) -->")


@dataclass(frozen=True, slots=True)
class Section:
    """One section; `id` is empty for a person's own text between sections. Its heading is among its `lines`."""

    id: str
    lines: tuple[str, ...]


def section(name: str, title: str, lines: Iterable[str]) -> Section:
    """Make a section with its heading."""
    return Section(name, (f"## {title}", "", *lines))


def render(sections: Iterable[Section]) -> str:
    """Write sections with their marks."""
    return "".join(f"{line}\n" for one in sections for line in _marked(one))


def plain(text: str) -> str:
    """Return a document without its marks, as it leaves."""
    kept = [
        line for line in text.splitlines() if not _BEGIN.fullmatch(line.strip()) and not _END.fullmatch(line.strip())
    ]
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


def find(sections: Sequence[Section], name: str) -> Section | None:
    """Find a section by its id."""
    return next((one for one in sections if one.id == name), None)


def _keep(found: list[Section], name: str, lines: Sequence[str]) -> None:
    if name or any(line.strip() for line in lines):
        found.append(Section(name, _trimmed(lines)))


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
