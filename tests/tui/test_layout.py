"""Where panes stand at every size, and what the bars keep when room is short."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from textual._compositor import ChopsUpdate, Compositor
from textual.content import Content
from textual.geometry import Region

from cockpit.domain.events import iso
from cockpit.tui.actions import BY_ID, Keys
from cockpit.tui.app import CockpitApp
from cockpit.tui.arrange import PANES, arrange, columns
from cockpit.tui.panes.fitting import Piece, bar, fit_pieces
from cockpit.tui.panes.keybar import choose
from cockpit.tui.panes.stations import stations
from cockpit.tui.panes.status import status
from tests.tui import driving
from tests.tui.driving import cockpit, opened, screen_text, until
from tests.tui.fake_world import PAGE
from tests.tui.fakes import FakeController

SIZES = st.tuples(st.integers(1, 400), st.integers(1, 120))
SNAPSHOT = FakeController(at=PAGE).renew()
RECENT = st.lists(st.sampled_from(PANES), unique=True)


@given(SIZES, RECENT)
def test_panes_never_overlap_and_fill_the_room(size: tuple[int, int], recent: list[int]) -> None:
    width, height = size
    regions = arrange(width, height, recent)
    assert regions
    whole = Region(0, 0, width, height)
    assert all(whole.contains_region(region) for region in regions.values())
    assert sum(region.area for region in regions.values()) == whole.area
    placed = list(regions.values())
    assert not any(one.overlaps(other) for place, one in enumerate(placed) for other in placed[place + 1 :])


@given(SIZES, RECENT)
def test_the_pane_looked_at_last_is_always_shown(size: tuple[int, int], recent: list[int]) -> None:
    regions = arrange(*size, recent)
    if recent:
        assert recent[0] in regions


@pytest.mark.parametrize(("width", "height", "shown"), [(160, 40, 6), (100, 25, 4), (80, 18, 2), (60, 15, 1)])
def test_how_many_panes_are_shown(width: int, height: int, shown: int) -> None:
    assert len(arrange(width, height, [])) == shown
    assert len(columns(width)) == (3 if width >= 120 else 2 if width >= 76 else 1)


def test_two_columns_show_a_decision_beside_its_evidence() -> None:
    regions = arrange(80, 18, [5, 4])
    assert set(regions) == {5, 4}
    assert regions[5].x < regions[4].x


@given(st.integers(1, 200))
def test_the_bars_never_outgrow_the_terminal(width: int) -> None:
    assert status(SNAPSHOT, width).cell_length <= max(width, status(SNAPSHOT, 1).cell_length)
    assert stations(SNAPSHOT, width).cell_length <= max(width, stations(SNAPSHOT, 1).cell_length)
    assert choose(Keys(), width, SNAPSHOT)


def test_a_narrow_status_bar_keeps_what_matters_most() -> None:
    text = status(SNAPSHOT, 60).plain
    assert "SEV?" in text
    assert "T+00:00" in text
    assert "DRILL" in text
    assert "support assistant" not in text
    assert "support assistant shows another tenant's orders" in status(SNAPSHOT, 160).plain


@pytest.mark.parametrize(("left", "said"), [(61, ""), (9, "ends in 09:00"), (0, ""), (-1, "")])
def test_a_drill_says_that_its_end_comes_near(left: int, said: str) -> None:
    end = SNAPSHOT.now + timedelta(minutes=left)
    first = replace(SNAPSHOT.log[0], payload={**SNAPSHOT.log[0].payload, "end": iso(end)})
    text = status(replace(SNAPSHOT, log=(first, *SNAPSHOT.log[1:])), 160).plain
    assert said in text
    assert ("ends in" in text) == bool(said)


def test_an_overdue_update_is_said_in_words() -> None:
    late = replace(SNAPSHOT, next_due=PAGE, now=PAGE.replace(minute=20))
    assert "update overdue 06:00" in stations(late, 160).plain
    assert "next update in" in stations(replace(late, next_due=PAGE.replace(minute=30)), 160).plain


def test_the_key_bar_drops_what_can_not_run_before_what_can() -> None:
    kept = choose(Keys(), 110, SNAPSHOT)
    assert BY_ID["kill"] in kept
    assert BY_ID["help"] in kept
    assert BY_ID["acknowledge"] in kept
    assert BY_ID["undo"] not in kept
    assert len(choose(Keys(), 10, SNAPSHOT)) >= 1


@example([("00000000000", 0, True), ("00000000000000", 0, True)], 27)
@given(st.lists(st.tuples(st.text(max_size=30), st.integers(0, 5), st.booleans()), max_size=8), st.integers(0, 80))
def test_pieces_fit_into_any_width(pieces: list[tuple[str, int, bool]], width: int) -> None:
    fitted = fit_pieces([Piece(Content(text), rank, elastic) for text, rank, elastic in pieces], width)
    assert fitted.cell_length <= width or len(pieces) == 0


def test_a_bar_has_its_ends_where_they_belong() -> None:
    assert bar(Content("left"), Content("right"), 12).plain == "left   right"
    assert bar(Content("a long left end"), Content("right"), 12).plain == "a lon… right"


async def test_every_pane_can_be_reached_at_every_size() -> None:
    titles = {1: "1 Severity", 2: "2 Decision tree", 3: "3 Signals", 4: "4 Traces", 5: "5 Levers", 6: "6 Comms log"}
    async with opened(size="medium") as (app, pilot, _):
        board = cockpit(app).board
        for size in ("medium", "small", "narrow"):
            await pilot.resize_terminal(*driving.SIZES[size])
            for number, title in titles.items():
                await pilot.press(str(number))
                await until(pilot, partial(_shows, app, f"─ {title}"))
                assert number in board.shown
                assert board.slot(number).region.area > 0


def _shows(app: CockpitApp, words: str) -> bool:
    return words in screen_text(app)


async def test_the_essentials_stand_on_eighty_by_twenty_four() -> None:
    async with opened(size="small") as (app, _, _controller):
        lines = screen_text(app).split("\n")
    assert len(lines) == 24
    assert "SEV?" in lines[0]
    assert "DRILL" in lines[0]
    assert "Next ▸ press a" in lines[2]
    assert "k KILL" in lines[-1]
    assert "? Help" in lines[-1]


async def test_growing_and_shrinking_keeps_the_pane_with_the_cursor() -> None:
    async with opened() as (app, pilot, _):
        await pilot.press("6")
        for size in ((60, 20), (200, 60), (20, 5), (3, 3), (100, 30), (160, 45)):
            await pilot.resize_terminal(*size)
            await pilot.pause(0.1)
            assert cockpit(app).board.current == 6
        assert "─ 6 Comms log" in screen_text(app)


async def test_going_to_another_pane_draws_the_two_panes_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[set[Region]] = []

    def painted(compositor: Compositor) -> ChopsUpdate | None:
        drawn.append(set(compositor._dirty_regions))
        return paint(compositor)

    async with opened() as (app, pilot, _):
        paint = Compositor.render_partial_update
        monkeypatch.setattr(Compositor, "render_partial_update", painted)
        monkeypatch.setattr(Compositor, "render_full_update", lambda compositor: pytest.fail("all of it was drawn"))
        await pilot.press("6")
        await pilot.pause()
        regions = set().union(*drawn)
        assert cockpit(app).board.slot(6).region in regions
        assert cockpit(app).board.slot(5).region not in regions
