"""Earlier incidents and eval cases that this one looks like, why, and what they left behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cockpit.domain.similar import CLUES, Likeness
from cockpit.session.snapshot import Controller, Snapshot
from cockpit.tui.panes.rows import Row, paragraph, row
from cockpit.tui.panes.words import DIM, GOOD, WARN
from cockpit.tui.screens.sheet import Sheet
from cockpit.tui.text import line, untrusted

if TYPE_CHECKING:
    from cockpit.golden.memory import Found

NONE_YET = "Earlier incidents are being looked through."
LEGEND = "a likeness is no cause: it says where to look first"


class SimilarScreen(Sheet):
    """One block for each, the likest first; it is drawn anew when more is known."""

    HEADING = "Looks like"

    def __init__(self, snapshot: Snapshot, controller: Controller, found: Found | None) -> None:
        super().__init__(snapshot, controller)
        self._found = found

    def tell(self, found: Found) -> None:
        """Show what was found since."""
        self._found = found
        if self.is_mounted:
            self.redraw()

    def rows_of(self, snapshot: Snapshot, width: int) -> Sequence[Row]:
        """Write one block for each."""
        found = self._found
        if found is None:
            before = "It is looked for once somebody is paged." if snapshot.state.page_at is None else NONE_YET
            return [row((before, DIM))]
        rows = [row((LEGEND, DIM)), row("")]
        if not found.likes:
            rows = list(paragraph(untrusted(found.nothing_alike), width))
        return [*rows, *(one for like in found.likes for one in _block(like, width)), *_foot(found, width)]


def _block(like: Likeness, width: int) -> Iterator[Row]:
    other = like.other
    first = line(
        (f"{like.score:.2f} ", "bold"), untrusted(f"{other.id} ", "bold", limit=90),
        (f"{_kind(like)} ", WARN if other.kind == "incident" and not other.live else DIM),
        untrusted(other.title, limit=200),
    )  # fmt: skip
    yield from paragraph(first, width, hang=5, key=other.id)
    for clue in sorted(like.clues, key=lambda one: (not one.same, -one.worth)):
        sign = ("+ ", GOOD) if clue.same else ("− ", WARN)
        yield from paragraph(line(sign, untrusted(clue.words, limit=300)), width, indent=5, hang=2)
    left = [f"rests on {like.known} of {CLUES} clues"]
    left += [f"cases {', '.join(other.cases)}"] if other.cases else []
    left += [f"its postmortem is {other.postmortem}"] if other.postmortem else []
    yield from paragraph(untrusted(" · ".join(left), DIM, limit=400), width, indent=5)


def _foot(found: Found, width: int) -> Iterator[Row]:
    if found.untold:
        words = f"{found.untold} plays of the same scenario are left out: they would give the answer away."
        yield from paragraph(line((words, DIM)), width)
    for problem in found.unread:
        yield from paragraph(untrusted(f"not read: {problem}", WARN, limit=300), width)


def _kind(like: Likeness) -> str:
    return "case" if like.other.kind == "case" else like.other.mode


def headline(like: Likeness) -> str:
    """Say in a few words what the likest is; its own words are drawn as they are."""
    kind = "an eval case" if like.other.kind == "case" else f"a {like.other.mode} incident"
    return f"This looks like {like.other.id}, {kind} ({like.score:.2f})"
