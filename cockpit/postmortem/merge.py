"""Bringing a new draft into a document that people have written in: nothing that a person wrote is ever lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from cockpit.postmortem.document import Section, find, parse, render

CONFLICT = "> **The new draft differs here; what you wrote is kept above. It says:**"


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of it; `conflicts` names the sections in which both had changed the same lines."""

    text: str
    conflicts: tuple[str, ...]


def merge(base: str, new: str, mine: str) -> Merged:
    """Merge, section by section.

    Args:
        base: the draft that the person's document was made from.
        new: the draft as it is now.
        mine: the person's document.
    """
    before, after, kept = parse(base), parse(new), parse(mine)
    found: list[Section] = []
    conflicts: list[str] = []
    for one in kept:
        merged, clash = _section(one, find(before, one.id), find(after, one.id)) if one.id else (one, False)
        found.append(merged)
        conflicts += [one.id] if clash else []
    # A section that the person took out stays out; one that no earlier draft had comes to the end.
    found += [one for one in after if find(kept, one.id) is None and find(before, one.id) is None]
    return Merged(render(found), tuple(conflicts))


def merge_lines(base: Sequence[str], new: Sequence[str], mine: Sequence[str]) -> tuple[list[str], bool]:
    """Merge lines; where both changed the same ones, the person's stand and the draft's are quoted below."""
    found: list[str] = []
    clash = False
    for was, now, own in _chunks(base, new, mine):
        if own in (was, now):
            found += now
        elif now == was:
            found += own
        else:
            clash = True
            found += [*own, "", CONFLICT, *(f"> {line}" for line in now), ""]
    return found, clash


def _section(mine: Section, base: Section | None, new: Section | None) -> tuple[Section, bool]:
    if new is None:
        return mine, False
    lines, clash = merge_lines(base.lines if base else (), new.lines, mine.lines)
    return Section(mine.id, tuple(lines)), clash


def _chunks(
    base: Sequence[str], new: Sequence[str], mine: Sequence[str]
) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """Cut all three where all agree; what lies between is handed out side by side."""
    in_new, in_mine = _matches(base, new), _matches(base, mine)
    was = now = own = 0
    for place in sorted(in_new.keys() & in_mine.keys()):
        yield list(base[was:place]), list(new[now : in_new[place]]), list(mine[own : in_mine[place]])
        yield [base[place]], [base[place]], [base[place]]
        was, now, own = place + 1, in_new[place] + 1, in_mine[place] + 1
    yield list(base[was:]), list(new[now:]), list(mine[own:])


def _matches(base: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    blocks = SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks()
    return {block.a + step: block.b + step for block in blocks for step in range(block.size)}
