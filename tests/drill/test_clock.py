"""The drill's clock: as fast as asked, stopped when asked, never going back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cockpit.drill.clock import DrillClock

START = datetime(2026, 6, 12, 2, 14, tzinfo=UTC)


class Wall:
    """A monotonic clock that is moved by hand."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def seconds(clock: DrillClock) -> float:
    return (clock.now() - START).total_seconds()


def test_runs_at_the_speed_asked_for_and_stops() -> None:
    wall = Wall()
    clock = DrillClock(START, 4.0, monotonic=wall)
    wall.seconds += 10
    clock.tick()
    assert seconds(clock) == 40
    clock.set(paused=True)
    wall.seconds += 1000
    clock.tick()
    assert seconds(clock) == 40
    clock.set(paused=False, speed=0.5)
    wall.seconds += 10
    clock.tick()
    assert seconds(clock) == 45


def test_work_done_on_the_way_costs_no_time() -> None:
    wall = Wall()
    clock = DrillClock(START, 2.0, monotonic=wall)
    wall.seconds += 5
    clock.move_to(clock.due())
    wall.seconds += 5
    clock.tick()
    assert seconds(clock) == 20


def test_never_beyond_the_end_and_never_back() -> None:
    wall = Wall()
    clock = DrillClock(START, 60.0, monotonic=wall)
    wall.seconds += 100
    clock.tick(START + timedelta(seconds=30))
    assert seconds(clock) == 30
    clock.move_to(START)
    assert seconds(clock) == 30


@given(st.lists(st.tuples(st.floats(0, 50), st.floats(0.5, 60), st.booleans()), max_size=30))
def test_time_only_goes_forward(moves: list[tuple[float, float, bool]]) -> None:
    wall = Wall()
    clock = DrillClock(START, 1.0, monotonic=wall)
    last = clock.now()
    for passed, speed, paused in moves:
        wall.seconds += passed
        clock.set(speed=speed, paused=paused)
        clock.tick()
        assert clock.now() >= last
        last = clock.now()
