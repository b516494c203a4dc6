"""The part of the trace list that is held in memory, without a screen.

Rows are held as one run of neighbours, newest first, and found again by id: what arrives on top changes counts,
never what stands under the reader's cursor. Older and newer neighbours are fetched by key, never by offset.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from cockpit.domain.traces import TraceFilter
from cockpit.tui.traces.source import TraceSource
from cockpit.world.port import TraceRow

PAGE = 128
KEPT = 6 * PAGE
"""Rows held at most; the far end is dropped and fetched again when somebody goes back."""
SHARE_OF = 500
"""The failing share is taken over this many judged rows."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one look at the store found: `rows` is None when the reader has left the top, `note` what they are."""

    query: TraceFilter
    rows: Sequence[TraceRow] | None
    count: int
    newer: int
    failing: float
    fresh: Mapping[int, TraceRow] = field(default_factory=dict)
    note: str = ""


def look(source: TraceSource, query: TraceFilter, anchor: int | None, visible: Sequence[int]) -> Snapshot:
    """Ask the store for news; may be slow, so call it off the UI loop.

    `anchor` is the newest held id of a reader who has left the top (None when following); `visible` are the
    ids whose late verdicts are wanted.
    """
    if anchor is None:
        rows = source.page(query, limit=PAGE)
        return Snapshot(query, rows, source.count(query), 0, source.failing_share(SHARE_OF))
    fresh = {trace: row for trace in visible if (row := source.row(trace)) is not None}
    return Snapshot(
        query, None, source.count(query), source.rank(anchor, query), source.failing_share(SHARE_OF), fresh
    )


class TraceWindow:
    """A cursor and a view over a run of rows.

    `following` means that the newest row is on top and nothing is selected; any move ends it. `newer` counts the
    matching rows above the held run, as of the last look.
    """

    def __init__(self, source: TraceSource, query: TraceFilter) -> None:
        self.source = source
        self.query = query
        self.rows: list[TraceRow] = []
        self.top = 0
        self.newer = 0
        self.count = 0
        self.failing = 0.0
        self.note = ""
        self.height = 1
        self.cursor: int | None = None
        self.following = True

    @property
    def anchor(self) -> int | None:
        """The newest held id, or None while following."""
        return None if self.following or not self.rows else self.rows[0].id

    @property
    def position(self) -> int:
        """How many matching rows are above the first visible one."""
        return self.newer + self.top

    def visible(self) -> list[TraceRow]:
        """Return the rows in view."""
        return self.rows[self.top : self.top + self.height]

    def selected(self) -> TraceRow | None:
        """Return the row under the cursor, or the first in view while nothing is selected."""
        if self.cursor is None:
            return self.rows[self.top] if self.top < len(self.rows) else None
        return self.rows[self._index(self.cursor)] if self.rows else None

    def look(self) -> Callable[[], Snapshot]:
        """Return a look at the store as it has to be now; the look itself may be slow, so call it off the UI loop."""
        visible = () if self.following else tuple(row.id for row in self.visible())
        return partial(look, self.source, self.query, self.anchor, visible)

    def apply(self, snapshot: Snapshot) -> bool:
        """Take over what a look found; returns whether anything changed. A stale look is dropped."""
        if snapshot.query != self.query or (snapshot.rows is not None) != self.following:
            return False
        told = (snapshot.count, snapshot.newer, snapshot.failing, snapshot.note)
        changed = told != (self.count, self.newer, self.failing, self.note)
        self.count, self.newer, self.failing, self.note = told
        if snapshot.rows is not None:
            changed = changed or self.rows != list(snapshot.rows)
            self.rows, self.top = list(snapshot.rows), 0
        elif snapshot.fresh:
            renewed = [snapshot.fresh.get(row.id, row) for row in self.rows]
            changed = changed or renewed != self.rows
            self.rows = renewed
        return changed

    def ask(self, query: TraceFilter) -> None:
        """Put another filter in force; rows come with the next look."""
        self.query, self.rows, self.count = query, [], 0
        self.follow()

    def follow(self) -> None:
        """Go back to the newest and stay there."""
        self.following, self.cursor, self.top, self.newer = True, None, 0, 0
        if self.rows:
            self.rows = list(self.source.page(self.query, limit=PAGE))

    def resize(self, height: int) -> None:
        """Take note of how many rows are in view."""
        self.height = max(1, height)
        self._bound_top()

    def select(self, line: int) -> None:
        """Put the cursor on a line of the view, counted from 0."""
        visible = self.visible()
        if 0 <= line < len(visible):
            self.following, self.cursor = False, visible[line].id

    def move(self, delta: int) -> None:
        """Move the cursor by rows (down is positive); the first move only takes hold of the first row."""
        if not self.rows:
            return
        if self.cursor is None:
            self.select(0)
            delta -= 1 if delta > 0 else 0
        index = self._reach(self._index(self.cursor or 0) + delta)
        self.cursor = self.rows[index].id
        self.top = min(max(self.top, index - self.height + 1), index)
        self._bound_top()

    def scroll(self, delta: int) -> None:
        """Move the view by rows and leave the cursor; back at the very top without a cursor it follows again."""
        if not self.rows or (delta < 0 and self.position == 0):
            return
        self.following = False
        last = self._reach(self.top + delta + (self.height - 1 if delta > 0 else 0))
        self.top = last - self.height + 1 if delta > 0 else last
        self._bound_top()
        if self.cursor is None and self.position == 0:
            self.following = True

    def oldest(self) -> None:
        """Put the cursor on the oldest row."""
        self._jump_before(None)
        if self.rows:
            self.cursor, self.top = self.rows[-1].id, len(self.rows)
            self._bound_top()

    def jump(self, share: float) -> None:
        """Show the rows about a share (0 newest … 1 oldest) of the way down, without counting through them."""
        newest = self.source.page(self.query, limit=1)
        if share <= 0 or not newest:
            self.follow()
        elif share >= 1:
            self.oldest()
        else:
            self._jump_before(max(2, round(newest[0].id * (1 - share))))

    def _jump_before(self, trace: int | None) -> None:
        rows = self.source.page(self.query, after=0, limit=PAGE) if trace is None else ()
        rows = rows or self.source.page(self.query, before=trace, limit=PAGE)
        if rows:
            self.following, self.cursor, self.rows, self.top = False, rows[0].id, list(rows), 0
            self.newer = self.source.rank(rows[0].id, self.query)

    def _index(self, trace: int) -> int:
        """Find a row by id, or the nearest older one that is held."""
        low, high = 0, len(self.rows)
        while low < high:
            middle = (low + high) // 2
            if self.rows[middle].id > trace:
                low = middle + 1
            else:
                high = middle
        return min(low, len(self.rows) - 1)

    def _reach(self, index: int) -> int:
        """Fetch neighbours until an index is held; returns where that row now stands, or the nearest end."""
        while index < 0 and (more := self.source.page(self.query, after=self.rows[0].id, limit=PAGE)):
            self.rows[:0] = more
            index, self.top = index + len(more), self.top + len(more)
            self.newer = max(0, self.newer - len(more))
        while index >= len(self.rows):
            older = self.source.page(self.query, before=self.rows[-1].id, limit=PAGE)
            if not older:
                break
            self.rows.extend(older)
        return self._trim(min(max(0, index), len(self.rows) - 1))

    def _trim(self, index: int) -> int:
        spare = len(self.rows) - KEPT
        if spare <= 0:
            return index
        if index < KEPT // 2:
            del self.rows[KEPT:]
            return index
        del self.rows[:spare]
        self.newer += spare
        self.top = max(0, self.top - spare)
        return index - spare

    def _bound_top(self) -> None:
        self.top = max(0, min(self.top, len(self.rows) - self.height))
