"""Traces of a drill as detectors and groups see them: by what came out, as in a live incident."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cockpit.domain.calls import CallTrace, Chunk, Message, ToolUse
from cockpit.domain.traces import failing, judged
from cockpit.session.look import NEWEST, Look, Rows, look_at, newest

if TYPE_CHECKING:
    from cockpit.detect.clusters.cases import Case
    from cockpit.world.port import TraceDetail, TraceRow

MOST_OPENED = 5_000
"""Failing traces that are opened for their answers, the newest; the others go by what was asked."""
PORTION = 100
"""So many are opened at once: what the drill does besides waits that long."""

Open = Callable[[Sequence[int]], Sequence["TraceDetail | None"]]


def call_of(detail: TraceDetail) -> CallTrace:
    """Return an opened trace as detectors read it: the answer apart from the conversation before it."""
    row, said = detail.row, list(detail.messages)
    answered = said.pop()[1] if said and said[-1][0] == "assistant" else ""
    asked = next((text for role, text in reversed(said) if role == "user"), row.text)
    return CallTrace(
        str(row.id), "", row.at, row.at + timedelta(milliseconds=row.total_ms), spans=detail.spans,
        tenant=row.tenant, route=row.route, prompt=row.prompt, model=row.model, asked=asked, answered=answered,
        messages=tuple(Message(role, text) for role, text in said),
        chunks=tuple(Chunk(name, text, None if math.isnan(score) else score) for name, score, text in detail.chunks),
        tools=tuple(ToolUse(*call) for call in detail.tool_calls),
    )  # fmt: skip


def with_signs(detail: TraceDetail, tenants: Collection[str]) -> TraceDetail:
    """Return an opened trace with what detectors find in its answer."""
    from cockpit.detect.answer.signs import Known, signs_of
    from cockpit.detect.answer.tenant import Directory

    return replace(detail, signs=signs_of(call_of(detail), Known(Directory({name: () for name in tenants}))))


def look_at_answers(store: Rows, opened: Open, at: datetime) -> Look:
    """Look at the newest traces of a drill; failing ones are grouped by their answers."""
    rows = list(newest(store, NEWEST + 1))
    return look_at(_cases(rows[:NEWEST], opened), at, newest_only=len(rows) > NEWEST)


def _cases(rows: Sequence[TraceRow], opened: Open) -> Iterator[Case]:
    from cockpit.detect.clusters.cases import case_of_row

    answers = _answers([row.id for row in rows if judged(row.verdict) and failing(row.verdict)][:MOST_OPENED], opened)
    for row in rows:
        case = case_of_row(row)
        answer = answers.get(row.id)
        yield replace(case, text=answer) if answer else case


def _answers(wanted: Sequence[int], opened: Open) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(wanted), PORTION):
        for detail in opened(wanted[start : start + PORTION]):
            if detail is not None:
                found[detail.row.id] = call_of(detail).answered
    return found
