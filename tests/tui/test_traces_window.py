"""The window over the trace store: paging, following, and a selection that stays by id."""

from __future__ import annotations

import random

import pytest

from cockpit.domain.traces import TraceFilter
from cockpit.tui.traces.window import KEPT, PAGE, TraceWindow, look
from tests.tui.trace_fakes import FakeTraces, row


def opened(count: int, height: int = 10) -> tuple[FakeTraces, TraceWindow]:
    source = FakeTraces([row(trace) for trace in range(1, count + 1)])
    window = TraceWindow(source, TraceFilter())
    window.resize(height)
    news(window)
    return source, window


def news(window: TraceWindow) -> bool:
    visible = [one.id for one in window.visible()]
    return window.apply(look(window.source, window.query, window.anchor, visible))


def shown(window: TraceWindow) -> list[int]:
    return [one.id for one in window.visible()]


def test_following_shows_the_newest() -> None:
    source, window = opened(500)
    assert shown(window) == list(range(500, 490, -1))
    source.add(*(row(trace) for trace in range(501, 511)))
    assert news(window)
    assert shown(window) == list(range(510, 500, -1))
    assert window.cursor is None


def test_arrivals_never_move_what_is_held() -> None:
    source, window = opened(500)
    window.move(1)
    window.move(1)
    before = shown(window), window.cursor
    source.add(*(row(trace) for trace in range(501, 901)))
    news(window)
    assert (shown(window), window.cursor) == before
    assert window.newer == 400
    assert window.position == 400


def test_moving_up_past_the_held_rows_reaches_the_new_ones() -> None:
    source, window = opened(500)
    window.move(1)
    source.add(*(row(trace) for trace in range(501, 901)))
    news(window)
    for _ in range(400):
        window.move(-1)
    assert window.cursor == 900
    assert window.newer == 0


def test_home_follows_again() -> None:
    source, window = opened(500)
    window.move(50)
    source.add(row(501))
    window.follow()
    assert window.following
    assert shown(window)[0] == 501


def test_paging_walks_the_whole_list_and_holds_little() -> None:
    _, window = opened(3_000, height=20)
    seen = set()
    for _ in range(400):
        seen.update(shown(window))
        window.move(19)
        assert len(window.rows) <= KEPT
    assert seen == set(range(1, 3_001))
    assert window.cursor == 1
    for _ in range(400):
        window.move(-19)
    assert window.cursor == 3_000


def test_the_oldest_and_a_jump() -> None:
    _, window = opened(10_000)
    window.oldest()
    assert window.cursor == 1
    assert shown(window)[-1] == 1
    window.jump(0.5)
    assert abs(shown(window)[0] - 5_000) <= 1
    assert abs(window.position - 5_000) <= 1
    window.jump(0)
    assert window.following


def test_wheel_leaves_the_cursor_and_returns_to_following() -> None:
    _, window = opened(500)
    window.scroll(3)
    assert not window.following
    assert window.cursor is None
    assert shown(window)[0] == 497
    window.scroll(-3)
    assert window.following


def test_a_late_verdict_changes_the_row_in_place() -> None:
    source, window = opened(500)
    window.move(1)
    held = window.selected()
    assert held is not None
    source.judge(held.id, "leak")
    assert news(window)
    again = window.selected()
    assert again is not None
    assert (again.id, again.verdict) == (held.id, "leak")


def test_a_look_from_before_the_last_key_is_dropped() -> None:
    source, window = opened(500)
    stale = look(source, window.query, None, ())
    window.move(1)
    source.add(row(501))
    assert not window.apply(stale)


def test_nothing_to_show() -> None:
    _, window = opened(0)
    window.move(1)
    window.scroll(3)
    window.oldest()
    window.jump(0.5)
    assert window.selected() is None
    assert not news(window)


@pytest.mark.parametrize("seed", range(5))
def test_random_walks_keep_the_window_sound(seed: int) -> None:
    draw = random.Random(seed)
    source, window = opened(700, height=12)
    newest = 700
    for _ in range(400):
        step = draw.choice(["move", "scroll", "arrive", "news", "page", "jump", "home", "end", "resize"])
        if step == "move":
            window.move(draw.randint(-15, 15))
        elif step == "scroll":
            window.scroll(draw.randint(-9, 9))
        elif step == "arrive":
            source.add(*(row(newest + extra) for extra in range(1, 40)))
            newest += 39
        elif step == "news":
            held = window.cursor, None if window.following else shown(window)
            news(window)
            assert held == (window.cursor, None if window.following else shown(window))
        elif step == "page":
            window.move(11 * draw.choice([-1, 1]))
        elif step == "jump":
            window.jump(draw.random())
        elif step == "resize":
            window.resize(draw.randint(1, 30))
        else:
            (window.follow if step == "home" else window.oldest)()
        ids = [one.id for one in window.rows]
        assert ids == list(range(ids[0], ids[0] - len(ids), -1))
        assert len(ids) <= KEPT + PAGE
        assert 0 <= window.top < len(ids)
        assert window.following == (window.cursor is None and window.top == 0 and window.newer == 0) or (
            not window.following
        )
