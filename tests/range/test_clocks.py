"""What real systems date by the wall's clock, on the drill's."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from cockpit.range.clocks import Clocks
from cockpit.range.world import RangeWorld
from tests.live.conftest import until
from tests.live.toys import load
from tests.range.conftest import Field

WALL, DRILL = datetime(2026, 11, 21, 6, 0, tzinfo=UTC), datetime(2026, 6, 12, 2, 14, tzinfo=UTC)


def clocks(steps: list[tuple[float, float]]) -> tuple[Clocks, list[datetime]]:
    """Run both clocks on by steps of (real seconds, speed); return the moments at which they were marked."""
    now = [WALL, DRILL]
    made, moments = Clocks(lambda: now[0], lambda: now[1]), [WALL]
    for seconds, speed in steps:
        now[:] = now[0] + timedelta(seconds=seconds), now[1] + timedelta(seconds=seconds * speed)
        made.mark()
        moments.append(now[0])
    return made, moments


def test_what_was_before_the_drill_was_as_long_before_it() -> None:
    made, _ = clocks([(10, 20)])
    assert made.onto_the_drill(WALL - timedelta(minutes=12)) == DRILL - timedelta(minutes=12)


def test_between_two_marks_it_is_in_between_at_any_speed() -> None:
    made, _ = clocks([(10, 1), (10, 20)])
    assert made.onto_the_drill(WALL + timedelta(seconds=5)) == DRILL + timedelta(seconds=5)
    assert made.onto_the_drill(WALL + timedelta(seconds=15)) == DRILL + timedelta(seconds=110)


def test_what_is_later_than_both_clocks_is_shown_as_now() -> None:
    made, _ = clocks([(10, 2)])
    assert made.onto_the_drill(WALL + timedelta(hours=1)) == DRILL + timedelta(seconds=20)


@given(some.lists(some.tuples(some.floats(0.1, 100), some.floats(0, 60)), max_size=20))
def test_order_is_kept_whatever_the_speed(steps: list[tuple[float, float]]) -> None:
    made, moments = clocks(steps)
    shown = [made.onto_the_drill(one) for one in moments]
    assert shown == sorted(shown)


def test_the_board_dates_what_somebody_moved_by_the_drill_s_clock(field: Field) -> None:
    runner = field.begin()
    world, clock = runner.session.world, runner.session.clock
    assert isinstance(world, RangeWorld)
    began = clock.now()
    world.news.look()
    content = load(field.file)
    content["values"]["prompt:support"] = "v1"
    content["version"] += 1
    field.file.write_text(json.dumps(content), "utf-8")
    world.news.look()
    moved = [one for one in world.changes(clock.now()) if one.kind == "revert_prompt"]
    assert [(one.before, one.after) for one in moved] == [("v3", "v1")]
    assert began - timedelta(seconds=60) <= moved[0].at <= until(clock.now, 1)
