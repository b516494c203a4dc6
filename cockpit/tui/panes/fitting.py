"""One-line bars: what stands in them by importance, so that a narrow terminal loses the least."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textual.content import Content


class Piece(NamedTuple):
    """A piece of a bar; the higher its `rank`, the sooner it is left out. An elastic one is cut before any goes."""

    content: Content
    rank: int
    elastic: bool = False


ELASTIC_MIN = 12
"""Cells below which an elastic piece is left out rather than cut."""


def fit_pieces(pieces: Sequence[Piece], width: int, gap: str = "   ") -> Content:
    """Join the pieces that fit into `width` cells, in their order."""
    kept = [piece for piece in pieces if piece.content.cell_length]
    while kept and _room(kept, width, len(gap)) < sum(_least(piece) for piece in kept if piece.elastic):
        kept.remove(max(kept, key=lambda piece: piece.rank))
    wanted = [piece.content.cell_length for piece in kept if piece.elastic]
    rooms = iter(_shares(wanted, _room(kept, width, len(gap))))
    return Content(gap).join(_cut(piece, next(rooms)) if piece.elastic else piece.content for piece in kept)


def _room(pieces: Sequence[Piece], width: int, gap: int) -> int:
    """Return the cells that are left to elastic pieces."""
    return width - sum(piece.content.cell_length for piece in pieces if not piece.elastic) - gap * (len(pieces) - 1)


def _least(piece: Piece) -> int:
    return min(ELASTIC_MIN, piece.content.cell_length)


def _shares(wanted: Sequence[int], room: int) -> list[int]:
    """Deal out room: who wants little gets it, and the others share the rest."""
    given = [0] * len(wanted)
    for place, index in enumerate(sorted(range(len(wanted)), key=wanted.__getitem__)):
        given[index] = min(wanted[index], room // (len(wanted) - place))
        room -= given[index]
    return given


def _cut(piece: Piece, room: int) -> Content:
    return piece.content.truncate(room, ellipsis=True)


def bar(left: Content, right: Content, width: int) -> Content:
    """Put two pieces at the ends of a line; the left one is cut when there is no room for both."""
    room = width - right.cell_length - 1
    if left.cell_length > room:
        left = left.truncate(max(0, room), ellipsis=True)
    return Content.assemble(left, " " * max(1, width - left.cell_length - right.cell_length), right)
