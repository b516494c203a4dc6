"""Toys for tests of pulling: a source of traces in memory that can fail, a clock that is set, and an archive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cockpit.archive.store import NAME, Archive
from cockpit.domain.clock import ManualClock
from cockpit.live.trace_pull.pulling import Puller
from cockpit.world.contract import Deadline, Finding, TracePage
from cockpit.world.fleet import Fleet, Member
from cockpit.world.options import SystemOptions, TracesOptions

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    """Return a moment by the minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def span(trace: str, start: datetime, *, name: str = "", parent: str = "", seconds: float | None = 1.0) -> Any:
    """Return a span as OpenInference writes one; without `seconds` it is still running."""
    end = None if seconds is None else (start + timedelta(seconds=seconds)).isoformat()
    return {
        "name": name or "answer", "context": {"trace_id": trace, "span_id": f"{trace}-{name or 'root'}"},
        "parent_id": parent and f"{trace}-{parent}", "start_time": start.isoformat(), "end_time": end,
        "attributes": {"input.value": f"question {trace}", "output.value": f"answer {trace}"},
    }  # fmt: skip


class ToySource:
    """Keeps spans and hands them out in pages.

    Attributes:
        asked: the windows that were asked for.
        errors: what is raised instead of the next answers, one after the other; None answers.
        scores: what was said of traces, by trace.
        tells_late: whether it says of itself that late judgements need no second reading.
        beside: whether that is handed out with their spans only, and not at any time.
    """

    def __init__(self, spans: Sequence[Any] = (), page: int = 100) -> None:
        self.spans = list(spans)
        self.page = page
        self.asked: list[tuple[datetime, datetime]] = []
        self.errors: list[Exception | None] = []
        self.scores: Mapping[str, float] = {}
        self.beside = False
        self.tells_late = False
        self.format = "phoenix"
        self.further: str | None = None

    def traces(self, since: datetime, until: datetime, cursor: str, deadline: Deadline) -> TracePage:
        """Return a page."""
        if not cursor:
            self.asked.append((since, until))
        if self.errors and (error := self.errors.pop(0)):
            raise error
        rows = [one for one in self.spans if since <= datetime.fromisoformat(one["start_time"]) < until]
        first = int(cursor or 0)
        annotations = [
            {"trace_id": trace, "name": "grounding", "result": {"score": score}}
            for trace, score in self.scores.items()
            if not self.beside or any(row["context"]["trace_id"] == trace for row in rows)
        ]
        document = {"spans": {"data": rows[first : first + self.page]}, "trace_annotations": {"data": annotations}}
        after = first + self.page
        return TracePage(self.format, (document,), self.further or (str(after) if rows[after:] else ""))

    def check(self, deadline: Deadline) -> Sequence[Finding]:
        """Find nothing."""
        return ()

    def close(self) -> None:
        """Have nothing to let go of."""


class Yard:
    """An archive in a folder, sources, a clock, and a puller over them."""

    def __init__(self, folder: Path, **sources: Any) -> None:
        self.folder = folder
        self.clock = ManualClock(NOON)
        self.archive = Archive.open(folder / NAME)
        options = SystemOptions(adapter="toy")
        self.fleet = Fleet({name: Member(name, None, options, one) for name, one in sources.items()})
        self.options = TracesOptions(sources=list(sources), poll_s=10, lookback_min=10, first_min=60)
        self.puller = self.another()

    def another(self, **changed: Any) -> Puller:
        """Return a puller of another process."""
        options = self.options.model_copy(update=changed)
        return Puller(self.fleet, options, self.archive, self.folder, self.clock.now)

    def kept(self) -> list[str]:
        """Return the ids of the archived traces, in the order they came in."""
        return [found.trace.id for found in self.archive.walk()]

    def trace(self, name: str) -> Any:
        """Return one archived trace."""
        [found] = self.archive.find(name)
        return found.trace
