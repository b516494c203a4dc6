"""The trace feed: carries traces from the world into the store that screens read, and keeps the clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from cockpit.domain.events import from_iso, iso
from cockpit.domain.traces import TraceFilter
from cockpit.world.port import TraceRow, World

LONGEST = timedelta(minutes=2)
PORTION = 2_000
"""How much of the world's time, and about how many traces, are carried over at once: a few hundredths of a second."""
GROWTH = 2.0
"""A portion is at most so many times as long as the one before: the first ones are no measure."""


class Store(Protocol):
    """What the feed needs of a trace store."""

    def add(self, rows: Sequence[TraceRow]) -> None:
        """Keep traces; a trace that is there already stays as it is."""
        ...

    def judge(self, updates: Sequence[tuple[int, str, tuple[float | None, ...]]]) -> None:
        """Put verdicts and scores on traces."""
        ...

    def checkpoint(self) -> str | None:
        """Return what was kept last."""
        ...

    def set_checkpoint(self, value: str) -> None:
        """Keep a short text."""
        ...

    def failing_share(self, last: int) -> float:
        """Return the failing share of the newest traces (0…1)."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


class CountedStore(Store, Protocol):
    """A store that says how much it holds."""

    def last_id(self) -> int:
        """Return the newest id; 0 when there is none."""
        ...

    def count(self, query: TraceFilter, /) -> int:
        """Return how many traces match."""
        ...


class Feed(Protocol):
    """What carries traces to where the screens read them."""

    @property
    def count(self) -> int:
        """How many traces were carried over."""
        ...

    @property
    def failing_share(self) -> float:
        """The failing share of the newest traces (0…1)."""
        ...

    def carry_on(self, until: datetime) -> None:
        """Carry over a portion of what has come."""
        ...

    def close(self, now: datetime) -> None:
        """Let go of the store."""
        ...


class TraceFeed:
    """Feeds one store from one world."""

    def __init__(self, world: World, store: Store, since: datetime) -> None:
        self._world = world
        self._store = store
        kept = kept_moments(store)
        self._fed = kept[1] if kept else since
        self._span = timedelta(seconds=1)
        self.count = 0

    @property
    def failing_share(self) -> float:
        """The failing share of the newest traces (0…1)."""
        return self._store.failing_share(1000)

    def catch_up(self, until: datetime) -> None:
        """Carry over all that arrived and was judged since the last time."""
        while self._fed < until:
            self.carry_on(until)

    def carry_on(self, until: datetime) -> None:
        """Carry over what arrived and was judged since the last time, one portion at most."""
        end = min(until, self._fed + self._span)
        rows = self._world.traces(self._fed, end)
        if rows:
            self._store.add(rows)
            self.count = rows[-1].id + 1
        verdicts = self._world.verdicts(self._fed, end)
        if verdicts:
            self._store.judge(verdicts)
        if end < until or len(rows) > PORTION:
            self._span = min(LONGEST, (end - self._fed) * min(GROWTH, PORTION / max(1, len(rows))))
        self._fed = end

    def checkpoint(self, now: datetime) -> None:
        """Keep where the clock stands, so that a killed drill goes on there."""
        self._store.set_checkpoint(f"{iso(now)} {iso(self._fed)}")

    def close(self, now: datetime) -> None:
        """Keep the clock and let go of the store."""
        self.checkpoint(now)
        self._store.close()


class ArrivalFeed:
    """Feeds one store from a world that tells of traces as they arrive, whenever they were."""

    def __init__(self, world: World, store: CountedStore) -> None:
        self._world = world
        self._store = store
        self._newest = store.last_id()
        self.count = store.count(TraceFilter())

    @property
    def failing_share(self) -> float:
        """The failing share of the newest traces (0…1)."""
        return self._store.failing_share(1000)

    def carry_on(self, until: datetime) -> None:
        """Carry over what has come since the last time."""
        rows = self._world.traces(until, until)
        if rows:
            self._store.add(rows)
            self.count += sum(row.id > self._newest for row in rows)
            self._newest = max(self._newest, *(row.id for row in rows))
        if verdicts := self._world.verdicts(until, until):
            self._store.judge(verdicts)

    def close(self, now: datetime) -> None:
        """Let go of the store."""
        self._store.close()


def kept_moments(store: Store) -> tuple[datetime, datetime] | None:
    """Return where the clock stood and how far traces were fed, at the last checkpoint; None without one."""
    try:
        clock, fed = (store.checkpoint() or "").split()
        return from_iso(clock), from_iso(fed)
    except ValueError:
        return None
