"""Which traces are marked for a comparison, and what to set beside what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cockpit.tui.traces.kin import unlike
from cockpit.tui.traces.verdicts import fails, passes
from cockpit.world.port import TraceRow


class Pair(NamedTuple):
    """The ids of a passing and a failing trace."""

    passing: int
    failing: int


class Marks:
    """At most one passing and one failing trace, by id."""

    def __init__(self) -> None:
        self._failing: dict[int, bool] = {}

    def __contains__(self, trace: int) -> bool:
        return trace in self._failing

    def toggle(self, row: TraceRow) -> None:
        """Mark or unmark a row; it takes the place of an earlier mark of its kind."""
        if row.id in self._failing:
            del self._failing[row.id]
            return
        failing = fails(row.verdict)
        self._failing = {trace: other for trace, other in self._failing.items() if other != failing}
        self._failing[row.id] = failing

    def pair(self, row: TraceRow, rows: Sequence[TraceRow]) -> Pair | str:
        """Complete the marks to a pair from the rows at hand, or name the kind that is missing.

        The row under the cursor comes before its neighbours; then the same route, tenant and prompt count.
        """
        chosen = {failing: trace for trace, failing in self._failing.items()}
        for failing in (True, False):
            if failing not in chosen and (near := _nearest(row, rows, failing)):
                chosen[failing] = near.id
        if len(chosen) == 2:
            return Pair(passing=chosen[False], failing=chosen[True])
        return "passing" if True in chosen else "failing"


def _nearest(row: TraceRow, rows: Sequence[TraceRow], failing: bool) -> TraceRow | None:
    suits = fails if failing else passes
    fitting = [other for other in rows if suits(other.verdict)]
    return min(fitting, key=lambda other: (unlike(row, other), abs(other.id - row.id)), default=None)
