"""One look at one source of traces: what it recorded in a stretch of time goes into the archive, whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from cockpit.archive.store import Archived
from cockpit.archive.writer import Added
from cockpit.domain.calls import CallTrace
from cockpit.errors import Unsure
from cockpit.intake.fetched import Fetched
from cockpit.intake.judgements import Judged
from cockpit.intake.keys import Keys, Limits
from cockpit.intake.raw import Problem
from cockpit.world.contract import Deadline, TracePage, TraceSource
from cockpit.world.intime import in_time

SKEW = timedelta(minutes=2)
"""Clocks of other machines may be so far ahead: what they date in our future is read all the same. Traces at the
end of a stretch get so long to end within what is read."""

MOST_PAGES = 5_000
SHOWN_PROBLEMS = 100
LOOSE = 5_000
"""Judgements of earlier traces that are looked up in one stretch."""


class Keeps(Protocol):
    """Where traces are kept: the archive."""

    def add(self, traces: list[CallTrace]) -> Added:
        """Store traces; one that is there gains what is new in it."""
        ...

    def find(self, trace: str) -> list[Archived]:
        """Return the traces of an id."""
        ...


@dataclass(slots=True)
class Counts:
    """What was read so far; `unreadable` counts documents, spans and judgements, `problems` names the first."""

    pages: int = 0
    spans: int = 0
    new: int = 0
    grown: int = 0
    known: int = 0
    waiting: int = 0
    unreadable: int = 0
    problems: list[Problem] = field(default_factory=list)
    waits_from: datetime | None = None

    def keep(self, added: Added) -> None:
        """Count what became of traces."""
        self.new += added.new
        self.grown += added.grown
        self.known += added.known

    def wait_for(self, waiting: Sequence[CallTrace]) -> None:
        """Count traces that are not over, and note when the oldest of them began."""
        self.waiting = len(waiting)
        self.waits_from = min((trace.started for trace in waiting), default=None)

    def read(self, fetched: Fetched, pages: int) -> None:
        """Count what one stretch held."""
        self.pages += pages
        self.spans += fetched.reading.spans
        self.unreadable += fetched.reading.unreadable
        self.problems += fetched.reading.problems[: SHOWN_PROBLEMS - len(self.problems)]


@dataclass(frozen=True, slots=True)
class SourceReader:
    """Reads one source into the archive.

    Attributes:
        name: of the system in cockpit.toml, which becomes the traces' source.
        deadline_s: how long one page may take.
        patience: how long a trace is waited for that is not over.
    """

    name: str
    source: TraceSource
    archive: Keeps
    now: Callable[[], datetime]
    deadline_s: float
    patience: timedelta
    keys: Keys | None = None
    limits: Limits | None = None

    def stretch(self, since: datetime, until: datetime, counts: Counts, *, last: bool) -> None:
        """Read what began in [since, until); all of it is stored, or nothing when a page could not be had.

        Raises:
            WorldError: the source did not answer, or not as it should.
            JournalError: the archive can't be written.
        """
        fetched = Fetched(self.name, self.keys, self.limits)
        pages = 0
        for page in self._pages(since, until + SKEW):
            pages += 1
            fetched.take(page, f"{self.name}, page {pages}")
        traces, waiting = fetched.whole(self.now(), self.patience)
        counts.wait_for(waiting if last else [])
        # What began after the stretch comes whole with the next one.
        traces = [trace for trace in traces if last or trace.started < until]
        counts.keep(self.archive.add(traces))
        counts.keep(self.archive.add(list(self._late(fetched.loose()))))
        counts.read(fetched, pages)

    def _pages(self, since: datetime, until: datetime) -> Iterator[TracePage]:
        cursor, seen = "", set[str]()
        while True:
            page = self._page(since, until, cursor)
            yield page
            cursor = page.cursor
            if not cursor:
                return
            if cursor in seen or len(seen) >= MOST_PAGES:
                raise Unsure(f"{self.name} hands out pages without end")
            seen.add(cursor)

    def _page(self, since: datetime, until: datetime, cursor: str) -> TracePage:
        deadline = Deadline(self.deadline_s)
        return in_time(
            lambda: self.source.traces(since, until, cursor, deadline), self.deadline_s + 1, f"reading {self.name}"
        )

    def _late(self, loose: Mapping[str, Judged]) -> Iterator[CallTrace]:
        """Yield archived traces, without their spans, with what was said of them since."""
        for trace, judged in list(loose.items())[:LOOSE]:
            for found in self.archive.find(trace):
                if (found.row.trace, found.row.source) == (trace, self.name):
                    yield replace(found.trace, spans=(), scores=judged.scores, labels=judged.labels)
