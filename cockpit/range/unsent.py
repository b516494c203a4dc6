"""Requests that are too many to be sent: each fares as it would have, had it been sent at its moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from cockpit.simulator.config import KILLED, Config
from cockpit.simulator.engine import Ground, Run, outcomes
from cockpit.simulator.vocabulary import STATIC

if TYPE_CHECKING:
    from numpy.typing import NDArray

Sees = Callable[[Config], Config]
"""Turns the configuration that stands where a request says nothing into the one it carries."""


class Unsent:
    """Knows what the latest requests met on the wire; whoever calls holds the lock of the columns."""

    def __init__(self, ground: Ground, run: Run, stands: Callable[[int], Config]) -> None:
        self._ground = ground
        self._columns = run.columns
        self._stands = stands
        self._share = 100.0
        self._latest = -1
        self._sees: Sees | None = lambda standing: standing
        self._ends: dict[int, int] = {}

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
            killed = self._stands(int(outside[-1])).having(mode=KILLED)
            self._columns.table[outside] = self._ground.behaviour.number(killed)
            self._columns.outcome[outside] = STATIC
            self._columns.cost[outside], self._columns.quick[outside] = 0.0, True
        for place in places[inside].tolist():
            self._toss(place)

    def _inside(self, places: NDArray[np.int64]) -> NDArray[np.bool_]:
        requests = self._ground.requests
        queue = requests.canary_draw[requests.user[places]] * 100.0
        return np.asarray((queue < self._share) | (self._share >= 100.0), dtype=bool)

    def _toss(self, place: int) -> None:
        assert self._sees is not None
        columns, behaviour = self._columns, self._ground.behaviour
        table = behaviour.number(self._sees(self._stands(place)))
        row = np.asarray([table * behaviour.slots.count + int(self._ground.slot[place])], dtype=np.int32)
        tossed = int(outcomes(self._ground.requests, behaviour, row, place, place + 1)[0])
        columns.table[place], columns.outcome[place] = table, self._ends.get(tossed, tossed)
        columns.quick[place], columns.canary[place] = False, 0.0 < self._share < 100.0
