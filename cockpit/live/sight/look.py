"""One look at all traces of a live incident together, from whole traces: tools, retrieval, configuration and all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from cockpit.domain.traces import judged
from cockpit.session.look import Look, Rows, look_at, newest

if TYPE_CHECKING:
    from cockpit.archive.store import Archive
    from cockpit.detect.clusters.cases import Case
    from cockpit.world.port import TraceRow

NEWEST = 20_000
"""Traces that are looked at, the newest; whole ones take some ten times as long as rows."""
PORTION = 500


def look_at_whole(store: Rows, archive: Archive, at: datetime) -> Look:
    """Look at the newest traces of an incident; their verdicts are those that the list shows."""
    rows = list(newest(store, NEWEST + 1))
    return look_at(_cases(rows[:NEWEST], archive), at, newest_only=len(rows) > NEWEST)


def _cases(rows: Sequence[TraceRow], archive: Archive) -> Iterator[Case]:
    from cockpit.detect.clusters.cases import case_of, case_of_row

    for start in range(0, len(rows), PORTION):
        part = rows[start : start + PORTION]
        whole = {one.row.id: one.trace for one in archive.several([row.id for row in part])}
        for row in part:
            if trace := whole.get(row.id):
                verdict = row.verdict if judged(row.verdict) else ""
                # Groups are found again in the list by its own ids.
                yield replace(case_of(trace, verdict), id=str(row.id))
            else:
                yield case_of_row(row)
