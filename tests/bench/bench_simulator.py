"""Measure the simulator: 45 minutes at 50 requests a second, the same on SimPy, a grid of counterfactuals.

Run: .venv/bin/python tests/bench/bench_simulator.py
The yardstick in the same run is the same model written one request at a time on SimPy: the same arrivals, the same
coins, the same configuration in force, the same costs.
"""

from __future__ import annotations

import random
import time
from collections.abc import Generator
from datetime import timedelta
from typing import Any

import simpy

from cockpit.domain.levers import LeverOrder
from cockpit.simulator.counterfactual import Truth
from cockpit.simulator.engine import Ground, Run
from cockpit.simulator.loader import load_scenario
from cockpit.simulator.schema.scenario import Scenario
from cockpit.simulator.seen import Seen
from cockpit.simulator.timeline import Timeline
from cockpit.simulator.vocabulary import FAILURES, OUTCOMES
from cockpit.simulator.world import SimWorld

RUN_LIMIT_S, FACTOR_LIMIT, GRID_LIMIT_S = 0.15, 30.0, 10.0
SEED = 7
REPEATS = 5


def at_rate(scenario: Scenario, rate: float, minutes: float) -> Scenario:
    """Return a scenario with another rate and another length."""
    total = sum(route.rate for route in scenario.routes)
    routes = [route.model_copy(update={"rate": route.rate * rate / total}) for route in scenario.routes]
    end = scenario.start + timedelta(minutes=minutes)
    return scenario.model_copy(update={"routes": routes, "end": end}).bound(scenario.text, scenario.file)


def kill(scenario: Scenario) -> list[LeverOrder]:
    """Return one pull, four minutes after the page."""
    return [LeverOrder("L1", "kill_switch", "", {}, scenario.page + timedelta(minutes=4))]


def columns(scenario: Scenario) -> tuple[float, int]:
    """Make requests and play them; return seconds (best of a few) and the number of requests."""
    best, count = 1e9, 0
    for _ in range(REPEATS):
        began = time.perf_counter()
        ground = Ground(scenario, SEED)
        run = Run(ground, Timeline(scenario, SEED, kill(scenario), ground.folder))
        Seen(run)
        best, count = min(best, time.perf_counter() - began), ground.requests.count
    return best, count


class OneByOne:
    """The same model, one request at a time: arrivals, configuration, coins, speed, judge, cost."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.ground = Ground(scenario, SEED)
        self.timeline = Timeline(scenario, SEED, kill(scenario), self.ground.folder)
        self.draw = random.Random(SEED)
        self.env = simpy.Environment()
        self.results: list[tuple[int, float, float, int]] = []
        self.current: list[list[Any]] = []

    def play(self) -> float:
        """Play all requests and return the seconds it took."""
        for worker in range(self.scenario.workers):
            edges, states = self.timeline.starts(worker)
            self.current.append([self.timeline.states[int(states[0])]])
            self.env.process(self.picking_up(worker, list(zip(edges.tolist(), states.tolist(), strict=True))))
        for route in self.scenario.routes:
            self.env.process(self.arriving(route.name))
        began = time.perf_counter()
        self.env.run(until=self.scenario.horizon_s)
        return time.perf_counter() - began

    def picking_up(self, worker: int, moves: list[tuple[float, int]]) -> Generator[simpy.Event, Any, None]:
        """Let one worker pick up each configuration at its moment."""
        for at, state in moves:
            if at > self.env.now:
                yield self.env.timeout(at - self.env.now)
            self.current[worker][0] = self.timeline.states[state]

    def arriving(self, name: str) -> Generator[simpy.Event, Any, None]:
        """Let the requests of one route arrive."""
        place = [route.name for route in self.scenario.routes].index(name)
        route = self.scenario.routes[place]
        while True:
            yield self.env.timeout(self.draw.gammavariate(route.gamma_shape, 1 / route.gamma_shape) / route.rate)
            self.env.process(self.answering(place))

    def answering(self, place: int) -> Generator[simpy.Event, Any, None]:
        """Answer one request."""
        draw, behaviour = self.draw, self.ground.behaviour
        route = self.scenario.routes[place]
        worker = draw.randrange(self.scenario.workers)
        config = self.current[worker][0].primary[place]
        slot = draw.randrange(behaviour.slots.count)
        row = behaviour.number(config) * behaviour.slots.count + slot
        outcome = next((name for name in FAILURES if draw.random() < behaviour.coins[name][row]), "good")
        number = OUTCOMES.index(outcome)
        if draw.random() < behaviour.turned_away[row]:
            number = OUTCOMES.index("static")
        read = draw.lognormvariate(route.tokens_in.mu, route.tokens_in.sigma)
        written = draw.lognormvariate(route.tokens_out.mu, route.tokens_out.sigma)
        cost = read * behaviour.factors["usd_in"][row] + written * behaviour.factors["usd_out"][row]
        first = behaviour.factors["ttft"][row] * draw.lognormvariate(0, 0.45)
        total = first + written * behaviour.factors["token"][row]
        yield self.env.timeout(total)
        verdict = 0
        if draw.random() < self.scenario.judge.share:
            yield self.env.timeout(self.scenario.judge.delay * draw.lognormvariate(0, 0.5))
            verdict = sum(draw.gauss(4.5, 0.45) >= 3.0 for _ in range(4))
        self.results.append((number, float(total), float(cost), verdict))


def grid(scenario: Scenario) -> tuple[float, int]:
    """Try every lever at sixteen moments; return seconds and the number of runs."""
    truth = Truth(scenario, SEED)
    world = SimWorld(scenario, SEED, ground=truth.ground)
    levers = {view.name: view.choices[0] for view in world.levers(scenario.page) if view.choices and not view.ready}
    minutes = [1.0 + 2.5 * step for step in range(17)]
    truth.j()
    began = time.perf_counter()
    truth.grid(levers, minutes)
    return time.perf_counter() - began, len(levers) * len(minutes)


def reads(scenario: Scenario) -> tuple[float, float, float]:
    """Return ms for a look at the signals, ms for the first one after a pull, and trace rows a second."""
    world = SimWorld(scenario, SEED)
    at = scenario.page + timedelta(minutes=3)
    world.signals(at, 1200, 120)
    began = time.perf_counter()
    for _ in range(20):
        world.signals(at, 1200, 120)
    look = (time.perf_counter() - began) / 20
    world.traces(scenario.start, scenario.start + timedelta(minutes=1))
    began = time.perf_counter()
    rows = len(world.traces(scenario.start, at))
    rate = rows / (time.perf_counter() - began)
    began = time.perf_counter()
    world.pull(LeverOrder("L1", "kill_switch", "", {}, at))
    world.signals(at + timedelta(seconds=5), 1200, 120)
    return look * 1e3, (time.perf_counter() - began) * 1e3, rate


def verdict(good: bool) -> str:
    """Return the word that ends a line with a limit."""
    return "pass" if good else "MISS"


def main() -> int:
    """Print every figure and return 1 when a limit is missed."""
    drill = at_rate(load_scenario("injection-leak"), 50.0, 45)
    took, count = columns(drill)
    good = [took <= RUN_LIMIT_S]
    print(f"columns: {count:,} requests in {took:.3f} s, limit {RUN_LIMIT_S} s: {verdict(good[-1])}")
    slow = OneByOne(drill)
    slow_took = slow.play() * count / max(1, len(slow.results))
    factor = slow_took / took
    good.append(factor >= FACTOR_LIMIT)
    least = f"at least {FACTOR_LIMIT:.0f}"
    print(f"SimPy: the same number in {slow_took:.2f} s, {factor:.0f} × as long, {least}: {verdict(good[-1])}")
    took, runs = grid(drill)
    good.append(took <= GRID_LIMIT_S)
    print(f"grid: {runs} counterfactual runs in {took:.2f} s, limit {GRID_LIMIT_S} s: {verdict(good[-1])}")
    look, first, rate = reads(drill)
    print(f"signals: {look:.1f} ms a look, {first:.0f} ms for a pull and the first look after it")
    print(f"traces: {rate:,.0f} rows/s")
    return int(not all(good))


if __name__ == "__main__":
    raise SystemExit(main())
