"""Requests that are too many to be sent: each fares as it would have, had it been sent at its moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import numpy as np

from cockpit.simulator.config import KILLED, Config
from cockpit.simulator.engine import Ground, Run, outcomes
from cockpit.simulator.vocabulary import OUTCOMES, STATIC

if TYPE_CHECKING:
    from numpy.typing import NDArray

Sees = Callable[[Config], Config]
"""Turns the configuration that stands where a request says nothing into the one it carries."""

Stands = Callable[["NDArray[np.int64]"], Iterable[tuple[Config, "NDArray[np.int64]"]]]
"""Sorts requests by the configuration that stands where they say nothing."""


class Unsent:
    """Knows what the latest requests met on the wire; whoever calls holds the lock of the columns."""

    def __init__(self, ground: Ground, run: Run, stands: Stands) -> None:
        self._ground = ground
        self._columns = run.columns
        self._stands = stands
        self._share = 100.0
        self._latest = -1
        self._sees: Sees | None = lambda standing: standing
        self._ends = np.arange(len(OUTCOMES), dtype=np.uint8)

    def let_in(self, share: float) -> None:
        """Take note of the share of users, in percent, that is let in to the AI."""
        self._share = share

    def came_to(self, place: int, sees: Sees | None) -> None:
        """Take note of what the latest request carried that was let in; None for one that came to no provider."""
        if place >= self._latest:
            self._latest, self._sees = place, sees

    def ended(self, made: int, outcome: int) -> None:
        """Take note of what reached the user when the provider had made something of a request."""
        self._ends[made] = outcome

    def fill(self, places: NDArray[np.int64]) -> None:
        """Say what became of requests that were not sent."""
        inside = self._inside(places) if self._sees else np.zeros(len(places), dtype=bool)
        if len(outside := places[~inside]):
            for standing, _ in self._stands(outside[-1:]):
                self._columns.table[outside] = self._ground.behaviour.number(standing.having(mode=KILLED))
            self._columns.outcome[outside] = STATIC
            self._columns.cost[outside], self._columns.quick[outside] = 0.0, True
        for standing, alike in self._stands(places[inside]):
            self._toss(alike, standing)

    def _inside(self, places: NDArray[np.int64]) -> NDArray[np.bool_]:
        requests = self._ground.requests
        queue = requests.canary_draw[requests.user[places]] * 100.0
        return np.asarray((queue < self._share) | (self._share >= 100.0), dtype=bool)

    def _toss(self, places: NDArray[np.int64], standing: Config) -> None:
        """Toss the coins of requests that one configuration stands for."""
        assert self._sees is not None
        columns, behaviour = self._columns, self._ground.behaviour
        table = behaviour.number(self._sees(standing))
        start, stop = int(places[0]), int(places[-1]) + 1
        rows = (table * behaviour.slots.count + self._ground.slot[start:stop]).astype(np.int32)
        tossed = outcomes(self._ground.requests, behaviour, rows, start, stop)[places - start]
        columns.table[places], columns.outcome[places] = table, self._ends[tossed]
        columns.quick[places], columns.canary[places] = False, 0.0 < self._share < 100.0
