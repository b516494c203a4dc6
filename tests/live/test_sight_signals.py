"""What is usual on recorded traces, where there are none, or where one bears a date of long ago."""

from __future__ import annotations

from datetime import UTC, datetime

from cockpit.live.sight.cells import Cell, Cells, Seen
from cockpit.live.sight.signals import FARTHEST, Lines, Signals

OPENED = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


class Counting(Cells):
    """Cells that count how many places were summed."""

    def __init__(self) -> None:
        super().__init__()
        self.summed = 0

    def between(self, arm: str, first: int, last: int) -> Cell:
        """Count, and sum."""
        self.summed += last - first + 1
        assert self.summed < 100 * FARTHEST, "this goes on for ever"
        return super().between(arm, first, last)


def test_without_any_trace_nothing_is_looked_for() -> None:
    cells = Counting()
    assert Signals(cells, Lines()).series(OPENED, 60, 6, "", OPENED) == ()
    assert cells.summed == 0


def test_a_trace_from_the_beginning_of_time_costs_no_more_than_one_of_yesterday() -> None:
    cells = Counting()
    for at in (20.0, OPENED.timestamp() - 30):
        for _ in range(20):
            cells.add(Seen(at))
    found = {one.name: one.baseline for one in Signals(cells, Lines()).series(OPENED, 60, 6, "", OPENED)}
    assert found["error_pct"] == 0.0


def test_what_a_small_canary_costs_and_leaks_is_told_as_if_everybody_were_on_it() -> None:
    cells = Cells()
    for second in range(1200):
        early = second % 20 == 0
        at = OPENED.timestamp() - 1200 + second
        cells.add(Seen(at, "canary" if early else "", cost=0.1 if early else 0.01, leak=early and second > 1140))
    read = Signals(cells, Lines())
    canary, everybody = ({one.name: one for one in read.series(OPENED, 60, 6, arm, OPENED)} for arm in ("canary", ""))
    assert abs(canary["cost_per_min"].latest - 60 * 0.1) < 0.2
    assert abs(everybody["cost_per_min"].latest - 60 * (0.95 * 0.01 + 0.05 * 0.1)) < 0.02
    assert abs(canary["leaks_per_min"].latest - 20 * everybody["leaks_per_min"].latest) < 0.1
    assert canary["failing_pct"].latest == everybody["failing_pct"].latest == 0.0
