"""Reading an incident's traces out of the archive: what is new, and what has grown or was judged since."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.domain.traces import TraceFilter

if TYPE_CHECKING:
    from cockpit.archive.store import Archive, Archived

PORTION = 200
"""Traces read at once: some hundredths of a second of work."""
BEFORE, AFTER = 10_000, 20_000
"""Traces from before the opening, and those since, that are read when a terminal comes: the newest of each."""
RECENT = 1_000
"""Rows looked at again each time for what has become of them; of the older ones as many, in turn."""
NAMED = 20
"""Other services that are counted."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which traces are an incident's.

    Attributes:
        services: what the application is called in its traces.
        unnamed: whether traces that name no service are its too.
        before: how long before the opening they begin.
    """

    services: Collection[str]
    unnamed: bool = True
    before: timedelta = timedelta(hours=2)

    def has(self, service: str) -> bool:
        """Tell whether traces of a service are wanted."""
        return service in self.services if service else self.unnamed


class Reader:
    """Follows one archive for one incident; used by one thread, except for `archive`."""

    def __init__(self, path: Path, wanted: Wanted, opened: datetime) -> None:
        self._path = path
        self._wanted = wanted
        self._opened = opened
        self._archive: Archive | None = None
        self._place = 0
        self._gap = (0, 0)
        self._base = 0
        self._prints = array("q")
        self._turn = 0
        self.others: Counter[str] = Counter()
        """How many traces there were of services that are not the incident's."""
        self.behind = True
        """Whether there is more than was read."""
        self.skipped = 0
        """How many rows were left out because they came faster than they could be looked at."""

    @property
    def archive(self) -> Archive | None:
        """The archive, once there is one."""
        if self._archive is None and self._path.exists():
            from cockpit.archive.store import Archive

            self._archive = Archive.open(self._path, read_only=True)
        return self._archive

    def fresh(self) -> tuple[list[Archived], int]:
        """Return the next traces of the incident, oldest first, and how many rows were read for them."""
        archive = self.archive
        if archive is None or not (self._base or self._begin(archive)):
            self.behind = False
            return [], 0
        upto = self._until(archive)
        prints = archive.prints(self._place + 1, upto)
        self.behind = bool(prints) and prints[-1][0] < archive.last_row()
        if not prints:
            return [], 0
        found = [one for one in archive.newer(self._place, limit=len(prints)) if self._is_wanted(one)]
        mine = {one.row.id for one in found}
        self._prints.extend(number if row in mine else 0 for row, number in prints)
        self._place = prints[-1][0]
        return found, len(prints)

    def changed(self) -> list[Archived]:
        """Return the traces that have grown or were judged since they were read, of those looked at this time."""
        archive = self.archive
        if archive is None or not self._prints:
            return []
        low = max(self._base, self._place - RECENT + 1)
        rows = self._differing(archive, low, self._place)
        if low > self._base:
            first = self._base + self._turn % (low - self._base)
            self._turn += RECENT
            rows += self._differing(archive, first, min(low, first + RECENT) - 1)
        return archive.several(rows[:PORTION])

    def rows_of(self, traces: Sequence[str]) -> tuple[int, ...]:
        """Return the rows of recorders' own ids, those that can be found."""
        if self.archive is None:
            return ()
        found = (self._row_of(self.archive, trace) for trace in traces)
        return tuple(dict.fromkeys(row for row in found if row))

    def close(self) -> None:
        """Let go of the archive."""
        if self._archive is not None:
            self._archive.close()

    def _begin(self, archive: Archive) -> bool:
        """Find where to begin; not before there is anything."""
        last = archive.last_row()
        if not last:
            return False
        first = _first_since(archive, self._opened - self._wanted.before) or last + 1
        opened = _first_since(archive, self._opened) or last + 1
        place = max(first, opened - BEFORE) - 1
        self._gap = (opened - 1, max(opened, last - AFTER + 1) - 1)
        self._base, self._place = place + 1, place
        return True

    def _until(self, archive: Archive) -> int:
        """Return the last row of the next portion, after leaving out what is not to be read."""
        begins, ends = self._gap
        if self._place < begins:
            return min(begins, self._place + PORTION)
        if self._place < ends:
            self._leave_out(ends)
        elif (last := archive.last_row()) - self._place > 2 * AFTER:
            self.skipped += last - AFTER - self._place
            self._leave_out(last - AFTER)
        return self._place + PORTION

    def _leave_out(self, upto: int) -> None:
        self._prints.extend([0] * (upto - self._place))
        self._place = upto

    def _differing(self, archive: Archive, low: int, high: int) -> list[int]:
        rows: list[int] = []
        for row, number in archive.prints(low, high):
            known = self._prints[row - self._base]
            if known and known != number and len(rows) < PORTION:
                self._prints[row - self._base] = number
                rows.append(row)
        return rows

    def _is_wanted(self, one: Archived) -> bool:
        service = one.trace.service
        if self._wanted.has(service):
            return one.trace.ended >= self._opened - self._wanted.before
        if service in self.others or len(self.others) < NAMED:
            self.others[service] += 1
        return False

    def _row_of(self, archive: Archive, trace: str) -> int:
        found = (one.row.id for one in archive.find(trace) if self._wanted.has(one.trace.service))
        return next(found, 0)


def _first_since(archive: Archive, since: datetime) -> int:
    """Return the first row that began at or after a moment; 0 where there is none."""
    found = archive.page(TraceFilter(since=since), after=0, limit=1)
    return found[0].id if found else 0
