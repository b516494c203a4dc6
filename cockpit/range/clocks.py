"""Two clocks: real systems date their changes by the wall's, and a drill shows everything by its own."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from cockpit.world.contract import Reading
from cockpit.world.news import News
from cockpit.world.port import Change

MARK = timedelta(seconds=1)
"""So much later by the wall's clock than the last mark, another one is made."""


class Clocks:
    """Knows what the drill's clock showed at a moment of the wall's, whatever its speed was, paused or not."""

    def __init__(self, wall: Callable[[], datetime], drill: Callable[[], datetime]) -> None:
        self._wall = wall
        self._drill = drill
        self._marks = [(wall(), drill())]

    def mark(self) -> None:
        """Keep what both clocks show now."""
        now = self._wall()
        if now - self._marks[-1][0] >= MARK:
            self._marks.append((now, self._drill()))

    def onto_the_drill(self, at: datetime) -> datetime:
        """Return what the drill's clock showed; what was before the drill was as long before its beginning."""
        place = bisect_right(self._marks, at, key=lambda mark: mark[0])
        if place == 0:
            wall, drill = self._marks[0]
            return drill - (wall - at)
        (wall, drill), *later = self._marks[place - 1 : place + 1]
        if not later:
            return drill
        share = (at - wall) / (later[0][0] - wall)
        return drill + (later[0][1] - drill) * share


class DrillNews(News):
    """News of real systems, dated by the drill's clock."""

    def __init__(self, clocks: Clocks, *given: Any) -> None:
        super().__init__(*given)
        self._clocks = clocks

    def changes(self) -> tuple[Change, ...]:
        """Return everything that changed, newest first."""
        self._clocks.mark()
        return tuple(replace(one, at=self._clocks.onto_the_drill(one.at)) for one in super().changes())

    def looked_at(self, system: str, address: str) -> datetime | None:
        """Return when the last look that was answered began, by the drill's clock."""
        found = super().looked_at(system, address)
        return self._clocks.onto_the_drill(found) if found else None

    def reading(self, system: str, address: str) -> Reading | None:
        """Return the value as it was at the last look."""
        found = super().reading(system, address)
        if found is None or found.at is None:
            return found
        return replace(found, at=self._clocks.onto_the_drill(found.at))
