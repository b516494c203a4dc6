"""What one look at a source of traces came to, as lines for people and for machines."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from cockpit.cli.output import complain
from cockpit.domain.events import iso

if TYPE_CHECKING:
    from cockpit.live.trace_pull.pulling import Pulled

SHOWN_PROBLEMS = 5


class Complaints:
    """Tells of each source's trouble once, until it is over or another one."""

    def __init__(self) -> None:
        self._told: dict[str, str] = {}
        self._lock = threading.Lock()

    def tell(self, one: Pulled) -> None:
        """Tell of what is new in how a look ended."""
        told = one.problem or "; ".join(map(str, one.counts.problems[:SHOWN_PROBLEMS]))
        with self._lock:
            before = self._told.get(one.source, "")
            self._told[one.source] = told
        if told and told != before:
            complain_of(one)


def complain_of(one: Pulled) -> None:
    """Tell why a look ended early, and what it could not read."""
    if one.problem:
        complain(f"cockpit: {one.source}: {one.problem}", one.hint)
    for problem in one.counts.problems[:SHOWN_PROBLEMS]:
        complain(f"  {problem}")
    if (more := one.counts.unreadable - SHOWN_PROBLEMS) > 0:
        complain(f"  … and {more} more that could not be read.")


def line(one: Pulled) -> str:
    """Write it in one line."""
    if one.busy:
        return f"{one.source}: another cockpit brings its traces in."
    counts = one.counts
    told = [f"{counts.new} new", f"{counts.grown} grown", f"{counts.known} already there"]
    told += [f"{counts.waiting} not over yet"] if counts.waiting else []
    told += [f"{counts.unreadable} unreadable"] if counts.unreadable else []
    return f"{one.source}: {', '.join(told)}."


def as_json(one: Pulled) -> dict[str, Any]:
    """Write it as plain values."""
    counts = one.counts
    return {
        "source": one.source, "new": counts.new, "grown": counts.grown, "already_there": counts.known,
        "waiting": counts.waiting, "spans": counts.spans, "pages": counts.pages, "unreadable": counts.unreadable,
        "problems": [{"place": problem.place, "reason": problem.reason} for problem in counts.problems],
        "upto": iso(one.upto) if one.upto else None, "busy": one.busy, "problem": one.problem, "hint": one.hint,
    }  # fmt: skip
