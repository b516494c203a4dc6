"""Two opened traces word by word: what stands on one side only is marked, without a screen."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING

from textual.content import Content

from cockpit.domain.calls import CallTrace, Chunk, Message, ToolUse
from cockpit.tui.text import line, untrusted
from cockpit.tui.traces.detail import MOST_PIECES, ROLE_STYLES, history, rest, scored
from cockpit.world.port import TraceDetail

if TYPE_CHECKING:
    from cockpit.detect.contrast import ChunkContrast, Contrast, TextContrast, ToolContrast

PASSING, FAILING = "passing", "failing"
MARKS = {PASSING: "bold underline $text-success", FAILING: "bold underline $text-error"}
"""How a word looks that stands on one side only; without colour it is still underlined."""
ONLY = {PASSING: ("only here ", "bold $text-success"), FAILING: ("only here ", "bold $text-error")}
ALIKE = 0.3
"""Words are marked when both sides have at least this share in common."""
SAME_CHARS = 160
"""Characters shown of a text that is the same on both sides."""

Sections = list[tuple[str, list[Content]]]


def contrast_of(passing: TraceDetail, failing: TraceDetail, tenants: Collection[str] = ()) -> Contrast:
    """Hold two opened traces against each other; takes long for long texts, so call it off the screen."""
    from cockpit.detect.contrast import contrast

    return contrast(call_of(failing), call_of(passing), {*tenants, passing.row.tenant, failing.row.tenant})


def call_of(detail: TraceDetail) -> CallTrace:
    """Return an opened trace as what is compared: the conversation, and the answer apart from it."""
    row = detail.row
    asked, answered = history(detail)
    return CallTrace(
        str(row.id), "", row.at, row.at,
        tenant=row.tenant, route=row.route, prompt=row.prompt, model=row.model,
        messages=tuple(Message(role, text) for role, text in asked), answered=answered,
        chunks=tuple(
            Chunk(source, text, None if math.isnan(score) else score) for source, score, text in detail.chunks
        ),
        tools=tuple(ToolUse(*call) for call in detail.tool_calls), parameters=detail.parameters,
    )  # fmt: skip


def sections(found: Contrast, side: str) -> Sections:
    """Write one side: first the answer, then what was asked, retrieved and called; differences before the rest."""
    *asked, answer = found.texts
    return [
        ("Answer", list(_texts([answer], side))),
        ("Asked", _bounded(_texts(sorted(asked, key=_is_same), side))),
        ("Retrieved", _bounded(_each(_chunk, found.chunks, side))),
        ("Tool calls", _bounded(_each(_tool, found.tools, side))),
    ]


def _texts(texts: list[TextContrast], side: str) -> Iterator[Content]:
    for one in texts:
        raw = "".join(getattr(mark, side) for mark in one.marks)
        name = (one.about, ROLE_STYLES.get(one.about, "bold"))
        if not one.differs:
            more = f" … {len(raw):,} characters" if len(raw) > SAME_CHARS else ""
            yield line(name, ("  the same on both sides\n", "dim")) + untrusted(raw[:SAME_CHARS] + more, "dim")
        elif raw and _is_another(one):
            yield line(name, ("  another text\n", "dim")) + untrusted(raw, multiline=True)
        elif raw:
            cut = Content.styled("\nonly the beginning was compared", "dim") if one.cut else Content("")
            yield line(name, "\n") + marked(one, side) + cut
        else:
            yield line(name, ("  not on this side", "dim"))


def marked(text: TextContrast, side: str) -> Content:
    """Write one side of a text, with the words marked that the other side does not have there."""
    parts = [
        untrusted(getattr(one, side), MARKS[side] if one.how != "same" else "", multiline=True)
        for one in text.marks
        if getattr(one, side)
    ]
    return Content("").join(parts)


def _is_another(text: TextContrast) -> bool:
    """Tell whether both sides say so different things that marking words would only be noise."""
    sides = [sum(len(getattr(one, side).strip()) for one in text.marks) for side in (PASSING, FAILING)]
    same = sum(len(one.failing.strip()) for one in text.marks if one.how == "same")
    return same < ALIKE * min(sides)


def _is_same(text: TextContrast) -> bool:
    return not text.differs


def _each(
    write: Callable[..., Content | None], found: tuple[ChunkContrast, ...] | tuple[ToolContrast, ...], side: str
) -> Iterator[Content]:
    ordered = sorted(found, key=lambda one: one.how == "same")
    return (piece for one in ordered if (piece := write(one, side)) is not None)


def _chunk(one: ChunkContrast, side: str) -> Content | None:
    chunk: Chunk | None = getattr(one, side)
    if chunk is None:
        return None
    other = one.passing if side == FAILING else one.failing
    head = line(
        ONLY[side] if other is None else "",
        (scored(chunk.score), "bold"),
        (f" ({one.moved:+.2f})" if one.moved and side == FAILING else "", "$text-warning"),
        " ", (chunk.source, "$accent"),
        (f"  ▲ names {one.tenant}" if one.tenant else "", "bold $text-error"), "\n",
    )  # fmt: skip
    return head + untrusted(chunk.text, "dim" if one.how == "same" else "", multiline=True)


def _tool(one: ToolContrast, side: str) -> Content | None:
    use: ToolUse | None = getattr(one, side)
    if use is None:
        return None
    other: ToolUse | None = one.passing if side == FAILING else one.failing
    there = (other.arguments, other.result) if other else (None, None)
    style = "dim" if one.how == "same" else ""
    head = line(ONLY[side] if other is None else "", (use.name, "bold $warning"), "(")
    return (
        head
        + untrusted(use.arguments, _changed(side, use.arguments, there[0]) or style, multiline=True)
        + line(")\n", ("→ ", "dim"))
        + untrusted(use.result, _changed(side, use.result, there[1]) or style, multiline=True)
    )


def _changed(side: str, here: str, there: str | None) -> str:
    return MARKS[side] if there is not None and here != there else ""


def _bounded(pieces: Iterator[Content]) -> list[Content]:
    found = list(pieces)
    return found[:MOST_PIECES] + rest(len(found))
