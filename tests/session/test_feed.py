"""The trace feed: everything arrives, in portions that no beat has to wait for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from cockpit.session.feed import PORTION, TraceFeed
from cockpit.simulator.loader import load_scenario
from cockpit.simulator.world import SimWorld
from cockpit.world.port import TraceRow


class Shelf:
    """A store that counts."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.verdicts: dict[int, str] = {}
        self.closed = False

    def add(self, rows: Sequence[TraceRow]) -> None:
        self.batches.append([row.id for row in rows])
        self.verdicts.update((row.id, row.verdict) for row in rows)

    def judge(self, updates: Sequence[tuple[int, str, tuple[float | None, ...]]]) -> None:
        self.verdicts.update((trace, verdict) for trace, verdict, _ in updates)

    def checkpoint(self) -> str | None:
        return None

    def set_checkpoint(self, value: str) -> None:
        return None

    def failing_share(self, last: int) -> float:
        return 0.0

    def close(self) -> None:
        self.closed = True


def test_all_traces_arrive_once_in_small_portions_and_end_up_as_judged() -> None:
    scenario = load_scenario("injection-leak")
    routes = [route.model_copy(update={"rate": route.rate * 10}) for route in scenario.routes]
    busy = scenario.model_copy(update={"routes": routes}).bound(scenario.text, scenario.file)
    world, shelf = SimWorld(busy, 3), Shelf()
    until = busy.page + timedelta(minutes=2)
    TraceFeed(world, shelf, busy.start).catch_up(until)
    whole = world.traces(busy.start - timedelta(seconds=1), until)
    assert sorted(trace for batch in shelf.batches for trace in batch) == [row.id for row in whole]
    assert max(map(len, shelf.batches)) < 3 * PORTION
    assert shelf.verdicts == {row.id: row.verdict for row in whole}


def test_one_portion_at_a_time_leaves_the_rest_for_the_next() -> None:
    scenario = load_scenario("injection-leak")
    world, shelf = SimWorld(scenario, 3), Shelf()
    feed = TraceFeed(world, shelf, scenario.start)
    feed.carry_on(scenario.page)
    assert sum(map(len, shelf.batches)) < len(world.traces(scenario.start, scenario.page))
