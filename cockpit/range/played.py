"""What was really played: the scenario's own requests, what became of each on the wire, and what can be seen of it.

Requests, their chances of going wrong and what responders see of them are the simulator's; whether an answer was
asked for, under which configuration, and whether it reached the user is what the real systems did. Requests above
the rate that is really sent are taken to fare as one sent at that moment would: let in by the share that is in force,
under what the last one on the wire carried, and with the same end for an answer of the same kind. Those of other
routes are the simulator's alone.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cockpit.domain.levers import LeverOrder
from cockpit.range.unsent import Sees, Unsent
from cockpit.simulator.config import KILLED, PRIMARY, Config
from cockpit.simulator.engine import Ground, Run, costs
from cockpit.simulator.registry import settled
from cockpit.simulator.schema.scenario import Scenario
from cockpit.simulator.texts import Texts
from cockpit.simulator.truth import HARM_BIN_S, Weigher, contained_after, harm_rate, outcome
from cockpit.simulator.vocabulary import BLOCKED, FAILURES, OUTCOMES, STATIC
from cockpit.simulator.world import View

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNDER_WAY_S = 1.0
"""An answer that has not come yet is taken to take at least so much longer, in seconds."""


TURNED_AWAY_S = 0.05
"""How long the plain page takes, in seconds."""


@dataclass(frozen=True, slots=True)
class Made:
    """What the provider made of one request: the true outcome, the configuration it met, and how long it takes."""

    place: int
    outcome: int
    table: int
    text: str
    ttft_s: float
    total_s: float
    cost: float


@dataclass(frozen=True, slots=True)
class Measured:
    """What a range did to people from the page on, as counted on the wire; see `cockpit.simulator.truth.Outcome`."""

    j: float
    harm: float
    lost: float
    excess_cost: float
    users: int
    counts: Mapping[str, int]
    contained_s: float | None
    requests: int


class Played:
    """One scenario's requests on one seed, and what became of those that were sent."""

    def __init__(self, scenario: Scenario, seed: int, route: str = "") -> None:
        self.scenario = scenario
        self.ground = Ground(scenario, seed)
        self.texts = Texts(scenario, seed)
        names = [one.name for one in scenario.routes]
        self.route = names.index(route) if route else 0
        self._base = Run(self.ground, self.ground.timeline(()))
        self._timeline = self._base.timeline
        self._run = Run(self.ground, self._timeline, parent=self._base, since=scenario.horizon_s + 1.0)
        self._lock = threading.Lock()
        self._done = np.zeros(self.ground.requests.count, dtype=bool)
        self._sent: set[int] = set()
        self._unsent = Unsent(self.ground, self._run, self._sorted)
        self.since = 0

    def begin(self, now_s: float) -> None:
        """From a moment on (seconds after the scenario's start) only the wire counts."""
        self.since = int(np.searchsorted(self.ground.requests.at, now_s))
        self._run.loops = self._base.loops.before(self.since)

    def places(self) -> list[int]:
        """Return the requests of the played route that are still to come, in order of arrival."""
        mine = np.flatnonzero(self.ground.requests.route[self.since :] == self.route) + self.since
        return [int(place) for place in mine]

    def at(self, place: int) -> float:
        """Return when a request arrives, in seconds after the scenario's start."""
        return float(self.ground.requests.at[place])

    def ask(self, place: int) -> str:
        """Return what a request says."""
        return self.texts.ask(self.scenario.kind_names[self.ground.requests.kind[place]], place)

    def user(self, place: int) -> int:
        """Return who asks."""
        return int(self.ground.requests.user[place])

    def queue(self, place: int) -> float:
        """Return the user's fixed place in the canary's queue, 0 to 100."""
        return float(self.ground.requests.canary_draw[self.ground.requests.user[place]]) * 100.0

    def shipped(self, orders: Sequence[LeverOrder]) -> None:
        """Let the fixes ship that follow from what was really pulled."""
        timeline = self.ground.timeline(in_scenario(self.ground, orders))
        with self._lock:
            self._timeline = timeline

    def standing(self, place: int) -> Config:
        """Return the configuration in force where the real systems have no say: index, tools' versions, fixes."""
        with self._lock:
            return next(standing for standing, _ in self._sorted(np.asarray([place])))

    def _sorted(self, places: NDArray[np.int64]) -> Iterator[tuple[Config, NDArray[np.int64]]]:
        """Yield each configuration that stands for some of the requests, with those requests."""
        requests, timeline = self.ground.requests, self._timeline
        states = timeline.state_of[timeline.find(requests.worker[places], requests.at[places])]
        for state in np.unique(states).tolist():
            found = timeline.states[state].primary[self.route]
            warned = tuple((name, "warn") for name, _ in found.serving.guardrails)
            yield found.having(mode=PRIMARY, guardrails=warned), places[states == state]

    def make(self, place: int, see: Sees) -> Made:
        """Toss a request's own coins, as the simulator would, under the configuration that it carries.

        Args:
            see: turns the configuration that stands where the request says nothing into the one it carries.
        """
        behaviour, requests = self.ground.behaviour, self.ground.requests
        config = see(self.standing(place))
        with self._lock:
            table = behaviour.number(config)
            self._unsent.came_to(place, see)
        row = table * behaviour.slots.count + int(self.ground.slot[place])
        became = next((name for name in FAILURES if self._drawn(name, place) < behaviour.coins[name][row]), "good")
        number = OUTCOMES.index(became)
        if self._drawn("stop", place) < behaviour.stop[row, number]:
            number = BLOCKED
        kind = self.scenario.kind_names[requests.kind[place]]
        noise = float(requests.normal("speed", place, place + 1)[0])
        factor = behaviour.factors
        written = float(requests.tokens_out[place]) * float(factor["length"][row])
        ttft = float(factor["ttft"][row]) * float(np.exp(0.45 * noise))
        pace = max(float(factor["token"][row]) * (1.0 + 0.1 * noise), 0.001)
        rows = np.asarray([row], dtype=np.int32)
        cost = float(costs(requests, behaviour, rows, slice(place, place + 1))[0])
        text = self.texts.answer(kind, OUTCOMES[number], place)
        return Made(place, number, table, text, ttft, ttft + written * pace, cost)

    def tokens(self, made: Made) -> tuple[int, int]:
        """Return how many tokens were read and written."""
        requests = self.ground.requests
        return int(requests.tokens_in[made.place]), max(1, int(requests.tokens_out[made.place]))

    def let_in(self, share: float) -> None:
        """Take note of the share of users, in percent, that the application lets in to the AI."""
        with self._lock:
            self._unsent.let_in(share)

    def asked(self, place: int) -> None:
        """Take note that a request was really sent."""
        with self._lock:
            self._sent.add(place)

    def delivered(
        self, place: int, outcome: int, table: int, total_s: float, cost: float, *, canary: bool, made: int = STATIC
    ) -> None:
        """Take note of what reached the user, and of what the provider had made of it."""
        columns = self._run.columns
        with self._lock:
            columns.outcome[place], columns.table[place] = outcome, table
            columns.total[place], columns.cost[place] = total_s, cost
            columns.canary[place], columns.old[place] = canary, False
            columns.quick[place] = outcome == STATIC
            self._done[place] = True
            self._unsent.ended(made, outcome)

    def turned_away(self, place: int, *, stopped: bool = False) -> None:
        """Take note that a user got no answer of a model: the plain page, or the notice that it was stopped."""
        config = self.standing(place).having(mode=KILLED)
        with self._lock:
            table = self.ground.behaviour.number(config)
            if place in self._sent and not stopped:
                self._unsent.came_to(place, None)
        self.delivered(place, BLOCKED if stopped else STATIC, table, TURNED_AWAY_S, 0.0, canary=False)

    def view(self, now_s: float) -> View:
        """Return everything that can be seen at a moment, in seconds after the scenario's start."""
        with self._lock:
            self._fill(now_s)
            run = Run(self.ground, self._timeline, parent=self._run, since=self.scenario.horizon_s + 1.0)
        return View(run, self.texts)

    def measured(self) -> Measured:
        """Count what was done to users between the page and the scenario's end.

        What would have come after an early end is taken to fare as the last request did: leaving early stops no harm.
        """
        ends_s = self.scenario.horizon_s
        run = self.view(ends_s).run
        weigher = Weigher(self.ground)
        found = outcome(weigher, run, ends_s)
        contained = contained_after(self.scenario, harm_rate(weigher, run, HARM_BIN_S), HARM_BIN_S)
        return Measured(
            found.j, found.harm, found.lost, found.excess_cost, found.users_harmed, dict(found.counts),
            contained, len(self._sent),
        )  # fmt: skip

    def _drawn(self, name: str, place: int) -> float:
        return float(self.ground.requests.uniform(name, place, place + 1)[0])

    def _fill(self, now_s: float) -> None:
        """Let what is under way be unfinished, and what was not sent fare as the last that was."""
        requests, columns = self.ground.requests, self._run.columns
        stop = int(np.searchsorted(requests.at, now_s))
        places = np.arange(self.since, stop)
        places = places[(requests.route[places] == self.route) & ~self._done[places]]
        if not len(places):
            return
        sent = np.asarray([int(place) in self._sent for place in places])
        waiting = places[sent]
        columns.total[waiting] = (now_s - requests.at[waiting] + UNDER_WAY_S).astype(np.float32)
        self._unsent.fill(places[~sent])
        self._done[places[~sent]] = True


def in_scenario(ground: Ground, orders: Sequence[LeverOrder]) -> list[LeverOrder]:
    """Return the orders whose levers the scenario knows, with its own targets: fixes follow from them."""
    found: list[LeverOrder] = []
    for one in orders:
        if one.lever in ground.scenario.levers and not one.undoes:
            found.append(settled(ground, found, LeverOrder(one.op, one.lever, "", {}, one.at)))
    return found
